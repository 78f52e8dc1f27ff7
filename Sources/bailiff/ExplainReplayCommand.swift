import KeeperCommands
import KeeperFeeds
import KeeperModel
import KeeperRuntime

/// `explain ACCOUNT --replay FILE`: where any account stood at any time of a recording, whether
/// it was ever a candidate or not. The recording is handled anew up to there.
struct ExplainReplayCommand {
    private let parsed: ParsedCommand
    private let path: String
    private let environment: [String: String]

    /// Nil where no recording is named.
    init?(_ parsed: ParsedCommand, _ environment: [String: String]) {
        guard let path = parsed.value("replay") else { return nil }
        self.parsed = parsed
        self.path = path
        self.environment = environment
    }

    func run(_ account: AccountID) throws -> ExitCode {
        let reader = try RecordingFileOpening.open(path)
        if parsed.has("at-height"), reader.header.domains.count > 1 {
            throw UsageError(
                "--at-height: \(path) is of several venues, each with heights of its own; use --at")
        }
        // A recording that pins no strategy is explained by those of the configuration.
        let workplace =
            reader.header.strategies.isEmpty
            ? try Workplace(parsed, environment)
            : try Workplace(pinnedIn: reader.header, path: path)
        let prefix = Workplace.keyPrefix(pinnedIn: reader.header) ?? "e"
        let replayed = try ReplayedEngine(
            reader, path: path, settings: workplace.settings(keyPrefix: prefix),
            until: try end())
        let report = StandingReport(
            replayed.explain(account), account: account, unit: workplace.config.unitOfAccount)
        if parsed.has("json") {
            StandardStream.output.line(report.jsonText)
        } else {
            for line in report.lines { StandardStream.output.line(line) }
        }
        return .done
    }

    private func end() throws(UsageError) -> ReplayedEngine.End {
        if let instant = try parsed.instant("at") {
            guard !parsed.has("at-height") else {
                throw UsageError("--at and --at-height both say when; give one of them")
            }
            return .instant(instant)
        }
        guard let text = parsed.value("at-height") else { return .whole }
        guard let height = UInt64(text) else {
            throw UsageError("--at-height \(text): expected a whole number of heights")
        }
        return .height(height)
    }
}
