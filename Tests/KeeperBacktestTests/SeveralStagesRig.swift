import Foundation
import KeeperBacktest
import KeeperCodec
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import VenueSimulator

/// The crash of `HistoryRig` at two venues that hear the same prices: north is the shipped stage,
/// south has other accounts, and an oracle that speaks later.
struct SeveralStagesRig {
    static let (north, south) = (DomainID("north"), DomainID("south"))
    static let both = [north, south]
    static let rivals = RivalModel(mode: .firstCome, counts: [0, 3], seed: 5)
    static let strategy = StrategyName("flash-optimal")
    let rig: HistoryRig

    init() throws {
        rig = try HistoryRig()
    }

    func workplace(of domains: [DomainID]) throws -> Workplace {
        let shipped = try String(
            contentsOf: HistoryRig.root.appending(path: "scenarios/history.config.json"),
            encoding: .utf8)
        let places = domains.enumerated().map { number, domain in
            #"{"domain": "\#(domain)", "url": "http://127.0.0.1:\#(number + 1)"}"#
        }.joined(separator: ", ")
        let lines = shipped.split(separator: "\n").map { line in
            line.contains("\"venue\":") ? "\"venues\": [\(places)]," : String(line)
        }
        let path = rig.fixture.path("config-\(UUID().uuidString).json")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        return try Workplace(
            configPath: path,
            environment: ["BAILIFF__STRATEGIES__FOLDER": HistoryRig.root.path + "/strategies"])
    }

    /// What happens at a venue, counted in another money where one is named.
    func stage(at domain: DomainID, in money: String = "USD") throws -> StageWish {
        let text = try String(
            contentsOf: HistoryRig.root.appending(path: "scenarios/history.json"), encoding: .utf8)
        let isNorth = domain == Self.north
        let own =
            text
            .replacing(/"accounts": (700|125|100|75),/, with: "\"accounts\": \(isNorth ? 80 : 50),")
            .replacing(/"seed": \d+/, with: "\"seed\": \(isNorth ? 7 : 8)")
            .replacing("USD", with: money)
        return StageWish(
            domain: domain, scenario: try ScenarioFile.read(Array(own.utf8)),
            oracle: isNorth
                ? .standard
                : OracleLaw(deviationPpm: 10_000, heartbeat: .seconds(7_200), delay: .seconds(40)))
    }

    struct Outcome {
        let bands: [BacktestBand]
        let parts: [ModelPart]
        let decisions: [Int: [Decision]]
    }

    func opening(
        _ stages: [StageWish], with more: [String] = [], rivals: RivalModel = rivals
    ) throws -> (opening: HistoryOpening, workplace: Workplace) {
        let recordings = try (["ETH.bailiff", "WBTC.bailiff"] + more).map { name in
            (path: rig.fixture.path(name), reader: try rig.reader(name))
        }
        let workplace = try workplace(of: stages.map(\.domain))
        return (
            try HistoryOpening(recordings, stages: stages, rivals: rivals, workplace: workplace),
            workplace
        )
    }

    func run(
        _ stages: [StageWish], with more: [String] = [], rivals: RivalModel = rivals
    ) throws -> Outcome {
        let (opening, workplace) = try opening(stages, with: more, rivals: rivals)
        var lists: [Int: DecisionList] = [:]
        let bands = try BacktestPass(workplace, rivals: rivals).run(
            [[Self.strategy]], from: opening.source,
            decisions: { _, count in
                let list = DecisionList()
                lists[count] = list
                return list
            })
        return Outcome(
            bands: bands, parts: opening.parts, decisions: lists.mapValues(\.decisions))
    }
}

extension Sequence<Decision> {
    /// What was decided at a venue, with neither numbers of events nor names that are made of them.
    func words(at domain: DomainID) -> [String] {
        filter { $0.target.domain == domain }.map { decision in
            ([decision.verdict.label, "\(decision.decidedAt.nanoseconds)", "\(decision.target)"]
                + decision.facts.filter { $0.name != "fill" }.map { "\($0.name)=\($0.value)" })
                .joined(separator: " ")
        }
    }
}
