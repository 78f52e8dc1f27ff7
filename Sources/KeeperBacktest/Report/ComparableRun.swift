import FoundationEssentials
import KeeperCodec
import KeeperCommands
import KeeperEngine
package import KeeperFeeds
package import KeeperModel
import KeeperRuntime
package import WideMath

/// A run as far as it can be held against another: its figures by name, and its decisions. It comes
/// from the JSON that a backtest wrote, or from the recording of a run, which is played again.
package struct ComparableRun {
    package struct Figure: Hashable, Sendable {
        package let name: String
        package let value: Int256
    }

    package let name: String
    /// Of which of several venues; nil for a whole run.
    package let venue: DomainID?
    package let figures: [Figure]
    /// Nil where they were not kept.
    package let decisions: [Decision]?

    package init(
        name: String, venue: DomainID? = nil, figures: [Figure], decisions: [Decision]?
    ) {
        self.name = name
        self.venue = venue
        self.figures = figures
        self.decisions = decisions
    }

    /// `full-close at north`
    package var title: String { name + (venue.map { " at \($0)" } ?? "") }

    package func value(_ name: String) -> Int256? {
        figures.first { $0.name == name }?.value
    }
}

// MARK: From a result

extension ComparableRun {
    /// All runs of a result, in its order; behind each the part of every venue, where there are
    /// several.
    package static func runs(inResult path: String) throws -> [ComparableRun] {
        guard path.hasSuffix(".json") else {
            throw UsageError("\(path): a result's name ends in .json")
        }
        let document = try parsed(path)
        guard document["kind"] == .string("backtest") else {
            throw StartProblem(.badInput, "\(path): is no result of 'backtest --report'")
        }
        var object = try JSONReader(document).object()
        let files = try ReportFiles(page: path.dropLast(5) + ".html")
        return try object.required("results").array().flatMap { result in
            var object = try result.object()
            let name = try object.required("strategy").freeText
            let decisions = try decisions(files.decisions(of: name))
            let parts = try object.optional("venues")?.array() ?? []
            return try ([result] + parts).map { try run($0, name, decisions) }
        }
    }

    private static func run(
        _ json: JSONReader, _ name: String, _ decisions: [Decision]?
    ) throws -> ComparableRun {
        var object = try json.object()
        // The whole of one venue has an object of this name: what that suffered.
        let venue = try object.optional("suffered").map { _ in
            try object.required("venue").identifier(as: DomainID.self)
        }
        var figures = try amounts(&object)
        for step in try object.required("funnel").array() {
            var step = try step.object()
            let stage = try step.required("stage").freeText
            figures.append(
                Figure(name: "count " + stage, value: Int256(try step.required("count").uint64)))
        }
        return ComparableRun(
            name: name, venue: venue, figures: figures,
            decisions: venue == nil
                ? decisions : decisions?.filter { $0.target.domain == venue })
    }

    /// None where venues count in different units: then only their parts have any.
    private static func amounts(_ object: inout ObjectReader) throws -> [Figure] {
        guard let net = object.optional("net") else { return [] }
        var figures = [Figure(name: "net", value: try net.int256)]
        for key in ["drawdown", "capitalUsed", "gasWon", "gasLost"] {
            figures.append(Figure(name: key, value: try object.required(key).int256))
        }
        var revenue = try object.required("revenue").object()
        for cause in ["bonus", "incentives", "exit", "flashPremiums", "venueFees"] {
            figures.append(Figure(name: cause, value: try revenue.required(cause).int256))
        }
        return figures
    }

    private static func parsed(_ path: String) throws -> JSONValue {
        let bytes: [UInt8]
        do {
            bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        } catch {
            throw StartProblem(.inputMissing, "\(path): cannot be read; is it there?")
        }
        do {
            return try JSONValue.parse(bytes)
        } catch {
            throw StartProblem(.badInput, "\(path): \(error)")
        }
    }

    /// Nil where the file is not beside the result: figures can be compared without it.
    private static func decisions(_ path: String) throws -> [Decision]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        do {
            return try bytes.split(separator: UInt8(ascii: "\n")).map {
                try Decision(jsonBytes: Array($0))
            }
        } catch {
            throw StartProblem(.badInput, "\(path): \(error)")
        }
    }
}

// MARK: From a recording

extension ComparableRun {
    /// The recorded run, played again with what its recording pins.
    package init(recording path: String, _ reader: RecordingReader) throws {
        guard let prefix = Workplace.keyPrefix(pinnedIn: reader.header) else {
            throw StartProblem(
                .badInput, "\(path): holds feeds and no run; 'backtest' makes one of it")
        }
        let workplace = try Workplace(pinnedIn: reader.header, path: path)
        var engine = Engine(settings: workplace.settings(keyPrefix: prefix))
        var source = EventSource(reader, path: path)
        var tally = ReplayTally()
        while let event = try source.next() {
            tally.eventCount += 1
            for effect in engine.handleWhole(event) { tally.take(effect) }
        }
        self.init(
            name: String(path.split(separator: "/").last ?? "run"), figures: tally.figures,
            decisions: tally.decisions)
    }
}

private struct ReplayTally {
    var eventCount: UInt64 = 0
    var decisions: [Decision] = []
    private var wonCount = 0
    private var notWonCount = 0
    private var causes: [MoneyCause: Int256] = [:]

    mutating func take(_ effect: Effect) {
        switch effect {
        case .record(let decision): decisions.append(decision)
        case .conclude(_, let ending):
            if case .won = ending { wonCount += 1 } else { notWonCount += 1 }
            for movement in ending.receipt?.movements ?? [] {
                guard let cause = MoneyCause(movement.cause) else { continue }
                causes[cause, default: .zero] += movement.valueUnits
            }
        default: break
        }
    }

    var figures: [ComparableRun.Figure] {
        let net = MoneyCause.allCases.reduce(Int256.zero) { $0 + (causes[$1] ?? .zero) }
        let counts: KeyValuePairs<String, Int256> = [
            "net": net, "count events": Int256(eventCount), "count won": Int256(wonCount),
            "count notWon": Int256(notWonCount),
        ]
        return counts.map { .init(name: $0, value: $1) }
            + MoneyCause.allCases.map {
                .init(name: $0.rawValue, value: causes[$0] ?? .zero)
            }
    }
}
