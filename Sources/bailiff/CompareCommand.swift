import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperRuntime
import WideMath

/// `compare A B`: two results, or two recorded runs.
struct CompareCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let (first, second) = (parsed.arguments[0], parsed.arguments[1])
        let pairs = Comparison.pairs(try Self.runs(first), try Self.runs(second))
        guard !pairs.isEmpty else {
            throw StartProblem(.badInput, "\(first) and \(second) have no run of the same name")
        }
        if parsed.has("json") {
            StandardStream.output.line(Self.jsonText(pairs))
        } else {
            let money = MoneyText(try Workplace(parsed, environment).config.unitOfAccount)
            for pair in pairs {
                for line in Self.lines(pair, money) { StandardStream.output.line(line) }
            }
        }
        return pairs.allSatisfy(\.isSame) ? .done : .difference
    }

    private static func runs(_ path: String) throws -> [ComparableRun] {
        if path.hasSuffix(".json") { return try ComparableRun.runs(inResult: path) }
        return [try ComparableRun(recording: path, try RecordingFileOpening.open(path))]
    }

    private static func lines(_ pair: Comparison, _ money: MoneyText) -> [String] {
        let rows = pair.rows.map { row in
            func text(_ value: Int256?) -> String {
                guard let value else { return "-" }
                return row.isCount ? value.description : money.number(value)
            }
            let change = row.first.flatMap { first in row.second.map { $0 - first } }
            return [row.name, text(row.first), text(row.second), text(change)]
        }
        let head = ["", pair.first.name, pair.second.name, "difference"]
        return columns([head] + rows) + decisionLines(pair)
    }

    private static func decisionLines(_ pair: Comparison) -> [String] {
        guard pair.comparesDecisions else {
            return ["decisions were not kept beside both, so they are not compared"]
        }
        return pair.difference?.lines("first", "second") ?? ["every decision is the same"]
    }

    private static func jsonText(_ pairs: [Comparison]) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("comparisons")
        json.beginArray()
        for pair in pairs { pair.write(to: &json) }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
