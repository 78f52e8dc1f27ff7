import KeeperBacktest
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `calibrate FILE`: the simulator's outcomes beside those that were recorded.
struct CalibrateCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let workplace = try Workplace(parsed, environment)
        try workplace.requireOneVenue(for: "'calibrate'")
        let path = parsed.arguments[0]
        let names = try StrategyChoosing(parsed, workplace).names
        try RecordingFileOpening.requireOneVenue(path)
        let calibration = try Calibration(
            workplace, strategies: names,
            againstCount: try parsed.number("against", 0...1_000) ?? 0,
            seed: UInt64(try parsed.number("seed", 0...Int.max) ?? 1)
        ) { () throws(KeeperStop) in
            do {
                return .recorded(
                    RecordedFeed(EventSource(try RecordingFileOpening.open(path), path: path)))
            } catch {
                throw KeeperStop(.recording, "\(error)")
            }
        }
        if parsed.has("json") {
            StandardStream.output.line(calibration.jsonText)
        } else {
            for line in calibration.lines { StandardStream.output.line(line) }
        }
        return calibration.hasDifference ? .difference : .done
    }
}
