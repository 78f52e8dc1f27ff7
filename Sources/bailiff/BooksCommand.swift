import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperRuntime
import WideMath

/// `revenue`, `closes`, `lots`, `explain`: what the books say, and nothing that they cannot say.
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
        let (journal, decisions) = try Station.existingBooks(
            in: BooksFolder.path(parsed, workplace))
        switch parsed.command.name {
        case "revenue": return try revenue(journal, unit)
        case "closes":
            let report = try ClosesReport(journal, unit: unit)
            show(report.lines, report.csvLines, report.jsonText)
        case "lots":
            let method = try choice("method", LotMethod.self) ?? .fifo
            let book = LotBook(
                try journal.inventoryMovements(), method: method, unit: unit.asset)
            let report = LotsReport(book, method: method, unit: unit)
            show(report.lines, report.csvLines, report.jsonText)
        default:
            let report = try ExplainReport(decisions, account: account())
            show(report.lines, [], report.jsonText)
        }
        return .done
    }

    private func revenue(_ journal: Journal, _ unit: AssetDescription) throws -> ExitCode {
        if let grouping = try choice("by", RevenueGrouping.self) {
            let table = try RevenueTable(journal, by: grouping, unit: unit)
            show(table.lines, table.csvLines, table.jsonText)
            return .done
        }
        let report = try RevenueReport(journal, unit: unit)
        show(report.lines, report.csvLines, report.jsonText)
        return report.unexplainedUnits.isZero ? .done : .difference
    }

    /// The value of an option that names one of a closed set.
    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ option: String, _ type: Choice.Type
    ) throws(UsageError) -> Choice? where Choice.RawValue == String {
        guard let text = parsed.value(option) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("--\(option) is one of \(known); found '\(text)'")
        }
        return choice
    }

    private func account() throws(UsageError) -> AccountID {
        guard let account = AccountID(checking: parsed.arguments[0]) else {
            throw UsageError(
                "'\(parsed.arguments[0])' is no account: ids are 1 to 64 of A-Za-z0-9._-")
        }
        return account
    }

    private func show(_ lines: [String], _ csvLines: [String], _ jsonText: String) {
        if parsed.has("json") {
            StandardStream.output.line(jsonText)
        } else {
            for line in parsed.has("csv") ? csvLines : lines { StandardStream.output.line(line) }
        }
    }
}

/// Which folder's books are meant.
enum BooksFolder {
    static func path(_ parsed: ParsedCommand, _ workplace: Workplace) -> String {
        let state = parsed.value("state") ?? workplace.config.stateFolder
        return parsed.has("dry-run") ? Station.dryFolder(of: state) : state
    }
}
