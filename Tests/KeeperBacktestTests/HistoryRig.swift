import Foundation
import KeeperBacktest
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import Testing
import VenueSimulator

/// A crash of two hours in two assets, imported, at the shipped stage with fewer accounts.
struct HistoryRig {
    let fixture: ImportFixture
    let workplace: Workplace
    let stage: Scenario

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// So many hours of prices that stand still.
    init(hours: Int) throws {
        try self.init(span: .seconds(3_600)) { price in
            Array(repeating: "\(price / 100).00", count: hours)
        }
    }

    init(minutes: Int = 120) throws {
        try self.init(span: .seconds(60)) { Self.closes(from: $0, minutes: minutes) }
    }

    private init(span: TimeSpan, closes: (Int) -> [String]) throws {
        fixture = try ImportFixture()
        workplace = try Workplace(
            configPath: Self.root.path + "/scenarios/history.config.json",
            environment: ["BAILIFF__STRATEGIES__FOLDER": Self.root.path + "/strategies"])
        let text = try String(
            contentsOf: Self.root.appending(path: "scenarios/history.json"), encoding: .utf8)
        stage = try ScenarioFile.read(
            Array(
                text.replacing("\"accounts\": 700,", with: "\"accounts\": 120,")
                    .replacing(/"accounts": (125|100|75),/, with: "\"accounts\": 40,").utf8))
        for (asset, price) in [("ETH", 20_000), ("WBTC", 800_000)] {
            try write(closes(price), of: asset, span: span)
        }
    }

    /// In hundredths: 1 % down every two minutes for an hour, then flat; a bounce of 3 % at 30.
    private static func closes(from hundredths: Int, minutes: Int) -> [String] {
        (0..<minutes).map { minute in
            let fallen = min(minute, 60) / 2
            let bounce = (30..<34).contains(minute) ? 3 : 0
            let price = hundredths * (100 - fallen + bounce) / 100
            return "\(price / 100).\(price % 100 / 10)\(price % 10)"
        }
    }

    private func write(_ closes: [String], of asset: String, span: TimeSpan) throws {
        let file = try fixture.write(
            ImportFixture.klines(closes, every: span), to: asset + ".csv")
        var wish = ImportWish()
        wish.span = span
        wish.asset = AssetID(asset)
        let layout = try #require(ImportKind.klines.layout(wish))
        _ = try Importer(kind: .klines, layout: layout).run(
            [file], to: fixture.path(asset + ".bailiff"))
    }

    func opening(
        _ rivals: RivalModel, with more: [String] = [], customers: CustomerHazard? = nil,
        depth: DepthWish = DepthWish()
    ) throws -> HistoryOpening {
        let recordings = try (["ETH.bailiff", "WBTC.bailiff"] + more).map { name in
            let path = fixture.path(name)
            return (path: path, reader: try RecordingReader(path: path))
        }
        return try HistoryOpening(
            recordings, stage: stage, oracle: .standard, rivals: rivals, customers: customers,
            depth: depth, workplace: workplace)
    }

    /// Bands of the strategies, and the decisions of each run as they were made.
    func run(
        _ names: [String], _ rivals: RivalModel, with more: [String] = [],
        customers: CustomerHazard? = nil
    ) throws -> (bands: [BacktestBand], decisions: [String: [Decision]]) {
        var sinks: [String: DecisionList] = [:]
        let bands = try BacktestPass(workplace, rivals: rivals).run(
            names.map { [StrategyName($0)] },
            from: try opening(rivals, with: more, customers: customers).source,
            decisions: { names, count in
                let list = DecisionList()
                sinks["\(names[0]) \(count)"] = list
                return list
            })
        return (bands, sinks.mapValues(\.decisions))
    }
}

final class DecisionList: DecisionSink {
    private(set) var decisions: [Decision] = []

    func append(_ decision: Decision) throws(KeeperStop) {
        decisions.append(decision)
    }
}

extension HistoryRig {
    func reader(_ name: String) throws -> RecordingReader {
        try RecordingReader(path: fixture.path(name))
    }
}
