import FoundationEssentials
import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperFeeds
import KeeperModel
import KeeperRuntime

/// `parity FILE`: a recorded run against its replay; feeds alone are run first, and that run is
/// held against a replay of its own events.
struct ParityCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    private struct Verdict {
        let eventCount: UInt64
        let decisionCount: Int
        /// Nil where all is the same.
        let difference: String?
    }

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let path = parsed.arguments[0]
        let reader = try RecordingFileOpening.open(path)
        let verdict =
            if let prefix = Workplace.keyPrefix(pinnedIn: reader.header) {
                try replay(reader, path, prefix)
            } else {
                try backtest(path)
            }
        show(verdict)
        return verdict.difference == nil ? .done : .difference
    }

    private func replay(
        _ reader: RecordingReader, _ path: String, _ prefix: String
    ) throws -> Verdict {
        let workplace = try Workplace(pinnedIn: reader.header, path: path)
        let kept = try parsed.value("decisions").map(Self.lines)
        let report = try ParityCheck(workplace.settings(keyPrefix: prefix))
            .replay(reader, path: path, kept: kept)
        return Verdict(
            eventCount: report.eventCount, decisionCount: report.decisionCount,
            difference: report.difference.map { "event \($0.sequence): \($0.problem)" })
    }

    private func backtest(_ path: String) throws -> Verdict {
        guard !parsed.has("decisions") else {
            throw UsageError(
                "--decisions belongs to a recorded run; \(path) holds feeds and no decisions")
        }
        let workplace = try Workplace(parsed, environment)
        let names = try StrategyChoosing(parsed, workplace).names
        let witness = ParityWitness(
            workplace.settings(keyPrefix: Backtest.keyPrefix, only: names))
        _ = try Backtest(workplace, recording: path).run(
            names, decisions: witness, events: witness)
        witness.finish()
        return Verdict(
            eventCount: witness.eventCount, decisionCount: witness.decisionCount,
            difference: witness.difference.map {
                $0.lines("backtest", "replay").joined(separator: "\n")
            })
    }

    private func show(_ verdict: Verdict) {
        guard parsed.has("json") else {
            StandardStream.output.line(
                verdict.difference
                    ?? "\(verdict.eventCount) events, \(verdict.decisionCount) decisions: "
                    + "the same, byte for byte")
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("events", verdict.eventCount)
        json.member("decisions", UInt64(verdict.decisionCount))
        json.member("isSame", verdict.difference == nil)
        if let difference = verdict.difference { json.member("difference", difference) }
        json.endObject()
        StandardStream.output.line(String(decoding: json.finish(), as: UTF8.self))
    }

    /// Whole lines of a file of decisions.
    private static func lines(_ path: String) throws(StartProblem) -> [[UInt8]] {
        try InputFile.bytes(path).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
}
