import Foundation
import KeeperBacktest
import KeeperCodec
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import VenueSimulator

/// Two venues, north and south, in one recording or in one each, and configurations of both and of
/// either alone.
final class SeveralVenuesBench {
    static let (north, south) = (DomainID("north"), DomainID("south"))
    static let strategy = EvidenceBench.strategy
    static let rivals = RivalModel(mode: .firstCome, counts: [0, 1, 3], seed: 5)
    let bench: EvidenceBench

    init() throws {
        bench = try EvidenceBench()
    }

    /// A crash at each: south's is slower, of fewer borrowers, and begins half a second later.
    func story(at domain: DomainID, tickCount: Int = 60) throws -> [Event] {
        let isNorth = domain == Self.north
        let start = isNorth ? EvidenceBench.start : EvidenceBench.start + .milliseconds(500)
        return CrashStory(
            ReferenceVenue(scenario: try EvidenceBench.drill(), openedAt: start), domain: domain,
            start: start, spacing: isNorth ? .seconds(1) : .milliseconds(1_700),
            tickCount: tickCount, borrowerCount: isNorth ? 8 : 5
        ).events
    }

    /// With so few ticks everybody crosses within two, so that more closes are open at once than
    /// may be.
    func crowd(
        at domain: DomainID, borrowerCount: Int = 8, tickCount: Int = 3
    ) throws -> [Event] {
        CrashStory(
            ReferenceVenue(scenario: try EvidenceBench.drill(), openedAt: EvidenceBench.start),
            domain: domain, start: EvidenceBench.start, spacing: .seconds(1),
            tickCount: tickCount, borrowerCount: borrowerCount
        ).events
    }

    /// By their time; what is of the same instant stays in the order of the stories.
    static func woven(_ stories: [Event]...) -> [Event] {
        stories.flatMap { $0 }.enumerated()
            .sorted { ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset) }
            .enumerated().map { number, entry in
                Event(
                    sequence: UInt64(number) + 1, domain: entry.element.domain,
                    receivedAt: entry.element.receivedAt, height: entry.element.height,
                    body: entry.element.body)
            }
    }

    func workplace(
        of domains: [DomainID], replacing old: String = "", with new: String = ""
    ) throws -> Workplace {
        let shipped = try String(
            contentsOf: EvidenceBench.root.appending(path: "config.json"), encoding: .utf8)
        let places = domains.enumerated().map { number, domain in
            #"{"domain": "\#(domain)", "url": "http://127.0.0.1:\#(number + 1)", "#
                + #""latency": "\#(domain == Self.north ? 150 : 250) ms"}"#
        }.joined(separator: ", ")
        let lines = shipped.split(separator: "\n").map { line in
            line.contains("\"venue\":") ? "\"venues\": [\(places)]," : String(line)
        }
        let text = lines.joined(separator: "\n").replacing(
            #""folder": "strategies""#,
            with: #""folder": "\#(EvidenceBench.root.path)/strategies""#)
        precondition(old.isEmpty || text.contains(old), "What is replaced is there")
        let path = bench.path("config-\(UUID().uuidString).json")
        try Data((old.isEmpty ? text : text.replacing(old, with: new)).utf8)
            .write(to: URL(filePath: path))
        return try Workplace(configPath: path, environment: [:])
    }

    func record(_ events: [Event], of domains: [DomainID], to name: String) throws -> String {
        try record(events, header: Self.header(of: domains), to: name)
    }

    /// Of a run where there is a prefix of client ids.
    static func header(of domains: [DomainID], keyPrefix: String? = nil) -> RecordingHeader {
        RecordingHeader(
            createdAt: EvidenceBench.start, build: "test", domains: domains,
            config: PinnedText(name: "config.json", text: "{}"), strategies: [],
            protocolParameters: keyPrefix.map {
                [PinnedText(name: RecordingHeader.keyPrefixName, text: $0)]
            } ?? [])
    }

    func record(_ events: [Event], header: RecordingHeader, to name: String) throws -> String {
        let writer = try RecordingWriter(path: bench.path(name), header: header)
        for event in events {
            try writer.append(RecordingRow(event, eventAt: event.receivedAt))
        }
        try writer.close()
        return bench.path(name)
    }

    func both() throws -> String {
        try record(
            Self.woven(try story(at: Self.north), try story(at: Self.south)),
            of: [Self.north, Self.south], to: "both-\(UUID().uuidString)")
    }

    func alone(_ domain: DomainID) throws -> String {
        try record(
            try story(at: domain), of: [domain], to: "alone-\(domain)-\(UUID().uuidString)")
    }

    struct Outcome {
        let bands: [BacktestBand]
        /// By number of rivals.
        let decisions: [Int: [Decision]]
    }

    func pass(
        _ paths: [String], _ workplace: Workplace, rivals: RivalModel = rivals
    ) throws -> Outcome {
        let opening = try HistoryOpening(
            try paths.map { ($0, try RecordingReader(path: $0)) }, stages: [], rivals: rivals,
            workplace: workplace)
        var lists: [Int: DecisionList] = [:]
        let bands = try BacktestPass(workplace, rivals: rivals).run(
            [[Self.strategy]], from: opening.source,
            decisions: { _, count in
                let list = DecisionList()
                lists[count] = list
                return list
            })
        return Outcome(bands: bands, decisions: lists.mapValues(\.decisions))
    }
}

extension Sequence<Decision> {
    /// Each as its bytes, without the number of its event, which counts those of all venues; client
    /// ids are made of it, and are named by their order instead.
    func lines(at domain: DomainID) -> [String] {
        var names: [String: String] = [:]
        return filter { $0.target.domain == domain }.map { decision in
            var line = String(decoding: decision.jsonBytes, as: UTF8.self)
                .replacing("{\"sequence\":\(decision.sequence),", with: "{")
            if let id = decision.verdict.clientID?.text {
                names[id] = names[id] ?? "close-\(names.count + 1)"
                line = line.replacing("\"\(id)\"", with: "\"\(names[id] ?? id)\"")
            }
            return line
        }
    }
}

extension Verdict {
    fileprivate var clientID: ClientID? {
        switch self {
        case .proposed(let clientID): clientID
        case .ended(let clientID, _): clientID
        default: nil
        }
    }
}
