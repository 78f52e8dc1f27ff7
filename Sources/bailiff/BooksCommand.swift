import KeeperCommands
import KeeperConsole
import KeeperJournal
import KeeperModel
import KeeperRuntime
import WideMath

/// `revenue`, `closes`, `explain`: what the books say, and nothing that they cannot say.
struct BooksCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        if let replayed = ExplainReplayCommand(parsed, environment) {
            return try replayed.run(try AccountWord.account(parsed.arguments[0]))
        }
        let place = try KeeperPlace(parsed, environment)
        // A keeper that runs has its books open and answers from them.
        if let code = try ControlCommand(parsed, environment).ask(place) { return code }
        let unit = place.config.unitOfAccount
        if parsed.value("at") != nil {
            throw StartProblem(
                .unavailable, "--at needs a running keeper; a recording is asked with --replay")
        }
        let (journal, decisions) = try Station.existingBooks(in: place.folder)
        switch parsed.command.name {
        case "revenue":
            let report = try RevenueReport(journal, unit: unit)
            show(report.lines, report.jsonText)
            return report.unexplainedUnits.isZero ? .done : .difference
        case "closes":
            let report = try ClosesReport(journal, unit: unit)
            show(report.lines, report.jsonText)
        case "decisions":
            let report = try DecisionsReport(
                decisions, since: try TimeWord.instant(parsed, "since"),
                countMax: try CountWord.count(parsed))
            show(report.lines, report.jsonText)
        default:
            let report = try ExplainReport(
                decisions, account: try AccountWord.account(parsed.arguments[0]))
            show(report.lines, report.jsonText)
        }
        return .done
    }

    private func show(_ lines: [String], _ jsonText: String) {
        if parsed.has("json") {
            StandardStream.output.line(jsonText)
        } else {
            for line in lines { StandardStream.output.line(line) }
        }
    }
}
