import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import WideMath

/// `lookahead-check FILE`: did a strategy, or the data, know what could not be known?
struct LookaheadCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]
    private static let cutsMax = 100

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let path = parsed.arguments[0]
        let workplace = try Workplace(parsed, environment)
        let names = try StrategyChoosing(parsed, workplace).names
        let (cutCount, bar) = (try cutCount(), try bar())
        let copies = try TemporaryCopies(environment)
        let check = LookaheadCheck(path, folder: copies.path) { copy in
            let decisions = DecisionList()
            let result = try Backtest(workplace, recording: copy).run(names, decisions: decisions)
            return LookaheadCheck.Outcome(
                decisions: decisions.decisions, netUnits: try result.netUnits())
        }
        let report = try check.report(cutCount: cutCount, bar: bar)
        let money = MoneyText(workplace.config.unitOfAccount)
        if parsed.has("json") {
            StandardStream.output.line(jsonText(report))
        } else {
            for line in lines(report, money) { StandardStream.output.line(line) }
        }
        return report.isClean ? .done : .difference
    }

    private func cutCount() throws(UsageError) -> Int {
        guard let text = parsed.value("cuts") else { return 4 }
        guard let count = Int(text), (1...Self.cutsMax).contains(count) else {
            throw UsageError("--cuts \(text): expected a number from 1 to \(Self.cutsMax)")
        }
        return count
    }

    private func bar() throws(UsageError) -> TimeSpan {
        guard let text = parsed.value("bar") else { return .seconds(60) }
        guard let seconds = Int64(text), (1...86_400).contains(seconds) else {
            throw UsageError("--bar \(text): expected seconds, from 1 to 86400")
        }
        return .seconds(seconds)
    }

    private func lines(_ report: LookaheadReport, _ money: MoneyText) -> [String] {
        var lines = report.leaks.map { "event \($0.sequence) \($0.problem)" }
        if report.leaks.isEmpty { lines = ["no row was known before it was there"] }
        for cut in report.cuts {
            let name = "cut at \(UTCText.text(cut.at))"
            guard let difference = cut.difference else {
                lines.append("\(name): \(cut.comparedCount) decisions are the same")
                continue
            }
            lines += ["\(name): what came later was known before"]
            lines += difference.lines("whole", "cut")
        }
        let seconds = report.bar.milliseconds / 1_000
        lines.append(
            "prices \(seconds) s later: net \(money.text(report.laterNetUnits)) "
                + "instead of \(money.text(report.netUnits))")
        if report.restsOnLastBar {
            lines.append(
                "more than half of the net rests on the last bar: is it really known then?")
        }
        return lines
    }

    private func jsonText(_ report: LookaheadReport) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("isClean", report.isClean)
        json.key("leaks")
        json.beginArray()
        for leak in report.leaks {
            json.beginObject()
            json.member("event", leak.sequence)
            json.member("problem", leak.problem)
            json.endObject()
        }
        json.endArray()
        json.key("cuts")
        json.beginArray()
        for cut in report.cuts {
            json.beginObject()
            json.member("at", cut.at.nanoseconds)
            json.member("decisions", UInt64(cut.comparedCount))
            json.member("isSame", cut.difference == nil)
            json.endObject()
        }
        json.endArray()
        json.member("net", report.netUnits)
        json.member("netWithLaterPrices", report.laterNetUnits)
        json.member("restsOnLastBar", report.restsOnLastBar)
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
