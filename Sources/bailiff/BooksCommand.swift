import KeeperCommands
import KeeperConsole
import KeeperJournal
import KeeperModel
import KeeperRuntime

/// `revenue`, `closes`, `lots`, `decisions`, `explain`: what the books say, and nothing that they
/// cannot say.
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
        if parsed.value("at") != nil {
            throw StartProblem(
                .unavailable, "--at needs a running keeper; a recording is asked with --replay")
        }
        let (journal, decisions) = try Station.existingBooks(in: place.folder)
        switch parsed.command.name {
        case "decisions":
            let report = try DecisionsReport(
                decisions, since: try TimeWord.instant(parsed, "since"),
                countMax: try CountWord.count(parsed))
            show(report.lines, [], report.jsonText)
        case "explain":
            let report = try ExplainReport(
                decisions, account: try AccountWord.account(parsed.arguments[0]))
            show(report.lines, [], report.jsonText)
        default: return try answer(from: journal, unit: place.config.unitOfAccount)
        }
        return .done
    }

    private func answer(from journal: Journal, unit: AssetDescription) throws -> ExitCode {
        let answer = try BooksAnswer(to: try BooksWords.question(parsed), from: journal, unit: unit)
        show(answer.lines, answer.csvLines, answer.jsonText)
        return answer.isExplained ? .done : .difference
    }

    private func show(_ lines: [String], _ csvLines: [String], _ jsonText: String) {
        if parsed.has("json") {
            StandardStream.output.line(jsonText)
        } else {
            for line in parsed.has("csv") ? csvLines : lines { StandardStream.output.line(line) }
        }
    }
}

/// Which question to the books the words of a command are.
enum BooksWords {
    static func question(_ parsed: ParsedCommand) throws(UsageError) -> BooksQuestion {
        switch parsed.command.name {
        case "closes": .closes
        case "treasury": .transfers
        case "lots": .lots(try choice(parsed, "method", LotMethod.self) ?? .fifo)
        default: .revenue(by: try choice(parsed, "by", RevenueGrouping.self))
        }
    }

    /// The value of an option that names one of a closed set.
    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ parsed: ParsedCommand, _ option: String, _ type: Choice.Type
    ) throws(UsageError) -> Choice? where Choice.RawValue == String {
        guard let text = parsed.value(option) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("--\(option) is one of \(known); found '\(text)'")
        }
        return choice
    }
}

/// Which folder's books are meant.
enum BooksFolder {
    static func path(_ parsed: ParsedCommand, _ workplace: Workplace) -> String {
        let state = parsed.value("state") ?? workplace.config.stateFolder
        return parsed.has("dry-run") ? Station.dryFolder(of: state) : state
    }
}
