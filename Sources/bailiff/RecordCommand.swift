import KeeperCommands
import KeeperRuntime

/// `record FILE`: what the feeds say, and no decision.
struct RecordCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let workplace = try Workplace(parsed, environment)
        let session = try FeedRecording(parsed, workplace)
        let count = try session.run()
        StandardStream.output.line("recorded \(count) events in \(parsed.arguments[0])")
        return .done
    }
}
