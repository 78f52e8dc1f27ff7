import Foundation
import KeeperRuntime
import RoadKit
import Synchronization

/// `bailiff-dev crash`: a real venue, a real keeper, and SIGKILL at every numbered point of a close
/// and of finding out what a life before left behind. One line for each row of the table.
func runCrashCommand(_ arguments: [String]) -> ExitCode {
    var words = arguments
    if words == ["--list"] { return listPoints() }
    let sideBySide: Int
    if let place = words.firstIndex(of: "--side-by-side"), words.indices.contains(place + 1),
        let count = Int(words[place + 1]), (1...8).contains(count)
    {
        sideBySide = count
        words.removeSubrange(place...place + 1)
    } else {
        sideBySide = 2
    }
    let rows =
        words.isEmpty
        ? CrashCase.all
        : CrashCase.all.filter { row in
            words.contains { $0 == row.name || $0 == "\(row.number)" }
        }
    guard !rows.isEmpty, !words.contains(where: { $0.hasPrefix("--") }) else {
        printError(
            "bailiff-dev crash: no row '\(words.joined(separator: " "))'; "
                + "a point's number or a row's whole name, see --list")
        return .usage
    }
    return CrashRun(rows).run(sideBySide: sideBySide)
}

private func listPoints() -> ExitCode {
    for point in CrashPoint.allCases { print("\(point.number) \(point.rawValue)") }
    print("rows of the table:")
    for row in CrashCase.all { print("  \(row.name)") }
    return .success
}

/// Rows wait for processes most of their time, so a few of them are played side by side.
private final class CrashRun: Sendable {
    private struct State {
        var waiting: [CrashCase]
        var failedCount = 0
        var wonCount = 0
    }

    private let state: Mutex<State>
    private let count: Int

    init(_ rows: [CrashCase]) {
        count = rows.count
        state = Mutex(State(waiting: rows.reversed()))
    }

    func run(sideBySide: Int) -> ExitCode {
        let startedAt = ContinuousClock.now
        let players = DispatchGroup()
        for _ in 0..<sideBySide {
            players.enter()
            Task {
                while let row = next() { await play(row) }
                players.leave()
            }
        }
        players.wait()
        let seconds = (ContinuousClock.now - startedAt).components.seconds
        let (failed, won) = state.withLock { ($0.failedCount, $0.wonCount) }
        print(
            "\(count) rows, \(failed) failed, \(CrashPoint.allCases.count) points, "
                + "\(won) closes won and booked, \(seconds) s")
        return failed == 0 ? .success : .mismatch
    }

    private func next() -> CrashCase? { state.withLock { $0.waiting.popLast() } }

    private func play(_ row: CrashCase) async {
        let result: (words: String, wonCount: Int, hasFailed: Bool)
        do {
            let outcome = try await Drill().play(row)
            let open = outcome.openCounts.map(String.init).joined(separator: ", ")
            let verdict =
                outcome.complaints.isEmpty
                ? "one close, one booking" : outcome.complaints.joined(separator: "; ")
            result = (
                "open then \(open); \(outcome.wonCount) won; \(verdict)", outcome.wonCount,
                !outcome.complaints.isEmpty
            )
        } catch {
            result = ("\(error)", 0, true)
        }
        state.withLock { state in
            state.wonCount += result.wonCount
            if result.hasFailed { state.failedCount += 1 }
            let mark = result.hasFailed ? "FAILED" : "ok    "
            printNow("\(mark) \(row.number) \(row.name): \(result.words)")
        }
    }
}
