import KeeperCommands
import KeeperFeeds
import KeeperRuntime

/// `repair FILE`: what a crash left of a recording, whole again up to its last whole frame.
struct RepairCommand {
    private let path: String

    init(_ parsed: ParsedCommand) {
        path = parsed.arguments[0]
    }

    func run() throws(StartProblem) -> ExitCode {
        let report: RepairReport
        do {
            report = try RecordingRepair.repair(path: path)
        } catch {
            throw StartProblem(error.isAbsence ? .inputMissing : .badInput, "\(path): \(error)")
        }
        StandardStream.output.line(
            "\(path): kept \(report.keptFrameCount) frames, "
                + "took away \(report.removedByteCount) bytes behind them")
        return .done
    }
}
