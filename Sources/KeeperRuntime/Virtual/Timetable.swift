package import KeeperModel

/// What is to be done later, by the clock that the mode has: a real one over the network, the
/// recording's own in a replay, the simulation's in a simulation.
package protocol Timetable: AnyObject {
    var now: Instant { get }
    func at(_ instant: Instant, _ action: @escaping () -> Void)
}

/// Time that moves only when it is told to. Ties go in the order in which they were entered.
package final class VirtualTimetable: Timetable {
    private struct Entry {
        let instant: Instant
        let action: () -> Void
    }

    package private(set) var now: Instant
    /// Latest first, and of one instant the newest first, so that the next one is taken from the
    /// end.
    private var entries: [Entry] = []

    package init(startingAt now: Instant = Instant(nanoseconds: .min)) {
        self.now = now
    }

    package var next: Instant? { entries.last?.instant }

    package func at(_ instant: Instant, _ action: @escaping () -> Void) {
        let entry = Entry(instant: max(instant, now), action: action)
        entries.insert(entry, at: place(of: entry.instant))
    }

    /// Behind whatever is due later, and before what is due then or earlier: found by halves, for
    /// a crowd has as many entries as it has accounts.
    private func place(of instant: Instant) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].instant > instant { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Does what comes first, at its own time. False where nothing is due until then.
    package func runNext(until end: Instant) -> Bool {
        guard let entry = entries.last, entry.instant <= end else { return false }
        entries.removeLast()
        now = entry.instant
        entry.action()
        return true
    }

    package func forgetAll() {
        entries = []
    }

    package func advance(to instant: Instant) {
        precondition(instant >= now, "Time does not go back")
        now = instant
    }
}

/// Timers of the engine on any timetable.
package final class TimetableAlarm: Alarm {
    private let timetable: any Timetable
    private let post: (FeedLetter) -> Void

    package init(_ timetable: any Timetable, post: @escaping (FeedLetter) -> Void) {
        self.timetable = timetable
        self.post = post
    }

    package func set(_ timer: TimerName, at instant: Instant, domain: DomainID) {
        timetable.at(instant) { [timetable, post] in
            post(
                FeedLetter(
                    domain: domain, receivedAt: timetable.now, height: 0, body: .timerFired(timer)))
        }
    }
}
