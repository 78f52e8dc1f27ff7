import Glibc
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `init`, `check`, `show-config`, `schema`: what is done before a keeper runs.
struct SetUpCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        switch parsed.command.name {
        case "init": return try writeConfig()
        case "check": return check()
        case "schema": StandardStream.output.line(ConfigSchema.text)
        default: try showConfig()
        }
        return .done
    }

    // MARK: init

    private func writeConfig() throws -> ExitCode {
        let path = parsed.arguments.first ?? "config.json"
        var template = ConfigTemplate()
        try fill(&template)
        let bytes = Array(template.text.utf8)
        _ = try ConfigFile.read(bytes, file: "what was given")
        // Never over what is there: it may be somebody's only copy.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StartProblem(.cannotCreate, "\(path): cannot be made: \(reason)")
        }
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard close(descriptor) == 0, count == bytes.count else {
            throw StartProblem(.inputOutput, "\(path): could not be written whole")
        }
        StandardStream.output.line(
            "\(path): written; next 'bailiff check', 'bailiff doctor', 'bailiff run'")
        return .done
    }

    private func fill(_ template: inout ConfigTemplate) throws(UsageError) {
        template.venueURL = try answer("venue", "where is the venue", template.venueURL)
        template.domain = try answer("domain", "what is it called", template.domain)
        template.stateFolder = try answer(
            "state", "where are journal and decisions kept", template.stateFolder)
    }

    /// The option's value, or what a person types, or the usual one. Nothing waits for a person
    /// who is not there.
    private func answer(
        _ option: String, _ question: String, _ usual: String
    ) throws(UsageError) -> String {
        if let value = parsed.value(option) { return value }
        if parsed.has("yes") { return usual }
        guard isatty(STDIN_FILENO) == 1 else {
            throw UsageError("'init' asks at a terminal only; add --yes to take what is usual")
        }
        StandardStream.error.write("\(question)? [\(usual)] ")
        let typed = readLine() ?? ""
        return typed.isEmpty ? usual : typed
    }

    // MARK: check

    private func check() -> ExitCode {
        let path = parsed.value("config") ?? "config.json"
        let check = ConfigCheck(path: path, environment: environment)
        if parsed.has("json") {
            StandardStream.output.line(check.jsonText)
        } else {
            let problems = check.configProblems + check.strategyProblems
            for problem in problems { StandardStream.output.line(problem) }
            if problems.isEmpty {
                StandardStream.output.line(
                    "\(path): good, with \(check.strategyNames.joined(separator: ", "))")
            }
        }
        return check.code
    }

    // MARK: show-config

    private func showConfig() throws {
        let origins = try Workplace.origins(parsed, environment)
        if parsed.has("json") {
            StandardStream.output.line(origins.jsonText)
        } else if parsed.has("origin") {
            for line in origins.textLines { StandardStream.output.line(line) }
        } else {
            for line in origins.lines {
                StandardStream.output.line("\(line.key) = \(line.shown)")
            }
        }
    }
}
