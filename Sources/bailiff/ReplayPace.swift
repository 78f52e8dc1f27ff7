import Glibc
import KeeperCommands
import KeeperModel
import KeeperTransport

/// `--speed`: events so many times as fast as they came, or as fast as they can be handled.
struct ReplayPace {
    private let factor: Int64
    private var start: (event: Instant, now: MonotonicTime)?
    private static let factorMax = 1_000_000

    /// Nil where nothing waits.
    init?(_ parsed: ParsedCommand) throws(UsageError) {
        guard let text = parsed.value("speed"), text != "max" else { return nil }
        guard let factor = Int64(text), (1...Int64(Self.factorMax)).contains(factor) else {
            throw UsageError(
                "--speed is a number from 1 to \(Self.factorMax), or max; found '\(text)'")
        }
        self.factor = factor
    }

    /// Returns when the event's time has come.
    mutating func wait(for event: Event) {
        guard let start else {
            start = (event.receivedAt, .now())
            return
        }
        let span = TimeSpan(nanoseconds: (event.receivedAt - start.event).nanoseconds / factor)
        let due = start.now + span
        while true {
            let left = (due - MonotonicTime.now()).nanoseconds
            guard left > 0 else { return }
            var pause = timespec(
                tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
            // A signal that ends the program ends it here too; any other is waited out.
            _ = nanosleep(&pause, nil)
        }
    }
}
