import KeeperCodec
import KeeperCommands
import KeeperConsole
import KeeperModel
import KeeperRuntime

/// Commands that a running keeper carries out: a request from the words, and its answer shown.
struct ControlCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let place = try KeeperPlace(parsed, environment)
        guard let code = try ask(place) else {
            throw StartProblem(
                .unavailable,
                "\(place.socket): no keeper listens; "
                    + (place.hint ?? "start one with 'bailiff run'"))
        }
        return code
    }

    /// Nil where no keeper runs.
    func ask(_ place: KeeperPlace) throws -> ExitCode? {
        guard let answer = try ControlClient(path: place.socket).ask(try request()) else {
            return nil
        }
        if let problem = answer.problem { throw StartProblem(answer.code, problem) }
        if parsed.has("json") {
            StandardStream.output.line(answer.json ?? "{}")
        } else {
            for line in answer.lines { StandardStream.output.line(line) }
        }
        return answer.code
    }

    private func request() throws(UsageError) -> ControlRequest {
        let name = try TreasuryWords.verb(parsed) ?? parsed.command.name
        guard let verb = ControlVerb(rawValue: name) else {
            preconditionFailure("The table sends only verbs here: \(name)")
        }
        var request = ControlRequest(verb)
        if verb == .transfer { request.plan = parsed.arguments[1] }
        if ["approve", "explain"].contains(parsed.command.name) {
            request.account = try AccountWord.account(parsed.arguments[0])
        }
        request.domain = try DomainWord.domain(parsed)
        request.at = try TimeWord.instant(parsed, "at")
        request.since = try TimeWord.instant(parsed, "since")
        request.isCSV = parsed.has("csv")
        switch try BooksWords.question(parsed) {
        case .revenue(let grouping): request.grouping = grouping
        case .lots(let method): request.lotMethod = method
        case .closes, .transfers: break
        }
        request.isPreview = parsed.has("preview")
        request.token = environment["BAILIFF_TOKEN"]
        request.countMax = try CountWord.count(parsed)
        return request
    }
}

/// `treasury plan`, `treasury apply PLAN` and `treasury list`.
enum TreasuryWords {
    /// Nil where it is another command.
    static func verb(_ parsed: ParsedCommand) throws(UsageError) -> String? {
        guard parsed.command.name == "treasury" else { return nil }
        switch (parsed.arguments[0], parsed.arguments.count) {
        case ("plan", 1): return ControlVerb.treasury.rawValue
        case ("apply", 2): return ControlVerb.transfer.rawValue
        case ("list", 1): return ControlVerb.transfers.rawValue
        case ("apply", 1):
            throw UsageError("'treasury apply' needs the name that 'treasury plan' printed")
        default:
            throw UsageError("'treasury' takes plan, apply PLAN, or list")
        }
    }
}

enum TimeWord {
    /// Nil where the option is not given.
    static func instant(
        _ parsed: ParsedCommand, _ option: String
    ) throws(UsageError) -> Instant? {
        guard let text = parsed.value(option) else { return nil }
        guard let instant = UTCText.instant(text) else {
            throw UsageError("--\(option) is a time such as 2026-12-31T00:00:00Z; found '\(text)'")
        }
        return instant
    }
}

/// Which keeper is meant: where its books are, and where it listens.
struct KeeperPlace {
    let config: Config
    /// Where the journal is.
    let folder: String
    let socket: String
    /// What else may have been meant.
    let hint: String?

    init(_ parsed: ParsedCommand, _ environment: [String: String]) throws {
        config = try Workplace.config(parsed, environment)
        let state = parsed.value("state") ?? config.stateFolder
        let isDry = parsed.has("dry-run")
        folder = isDry ? Station.dryFolder(of: state) : state
        socket = ControlPath.path(
            config.control, mode: isDry ? .dry : .live, folder: folder)
        let dry = Station.dryFolder(of: state) + "/control.sock"
        hint =
            !isDry && ControlClient(path: dry).isAnswered
            ? "a dry run does, which is asked with --dry-run" : nil
    }
}

enum AccountWord {
    static func account(_ text: String) throws(UsageError) -> AccountID {
        guard let account = AccountID(checking: text) else {
            throw UsageError("'\(text)' is no account: ids are 1 to 64 of A-Za-z0-9._-")
        }
        return account
    }
}

enum DomainWord {
    /// Whether there is a venue of that name, the keeper knows.
    static func domain(_ parsed: ParsedCommand) throws(UsageError) -> DomainID? {
        guard let text = parsed.value("domain") else { return nil }
        guard let domain = DomainID(checking: text) else {
            throw UsageError("--domain '\(text)' is no venue: names are 1 to 64 of A-Za-z0-9._-")
        }
        return domain
    }
}

enum CountWord {
    static func count(_ parsed: ParsedCommand) throws(UsageError) -> Int {
        guard let text = parsed.value("limit") else { return ControlRequest.usualCount }
        guard let count = Int(text), (1...ControlRequest.countLimit).contains(count) else {
            throw UsageError(
                "--limit is a whole number from 1 to \(ControlRequest.countLimit); found '\(text)'")
        }
        return count
    }
}
