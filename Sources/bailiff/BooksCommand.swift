import KeeperCommands
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
            return try replayed.run(account())
        }
        let workplace = try Workplace(parsed, environment)
        let unit = workplace.config.unitOfAccount
        let state = parsed.value("state") ?? workplace.config.stateFolder
        let (journal, decisions) = try Station.existingBooks(
            in: parsed.has("dry-run") ? Station.dryFolder(of: state) : state)
        switch parsed.command.name {
        case "revenue":
            let report = try RevenueReport(journal, unit: unit)
            show(report.lines, report.jsonText)
            return report.unexplainedUnits.isZero ? .done : .difference
        case "closes":
            let report = try ClosesReport(journal, unit: unit)
            show(report.lines, report.jsonText)
        default:
            let report = try ExplainReport(decisions, account: account())
            show(report.lines, report.jsonText)
        }
        return .done
    }

    private func account() throws(UsageError) -> AccountID {
        guard let account = AccountID(checking: parsed.arguments[0]) else {
            throw UsageError(
                "'\(parsed.arguments[0])' is no account: ids are 1 to 64 of A-Za-z0-9._-")
        }
        return account
    }

    private func show(_ lines: [String], _ jsonText: String) {
        if parsed.has("json") {
            StandardStream.output.line(jsonText)
        } else {
            for line in lines { StandardStream.output.line(line) }
        }
    }
}
