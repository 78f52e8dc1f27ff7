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
        let number: UInt64
        let action: () -> Void
    }

    package private(set) var now: Instant
    /// Latest first, so that the next one is taken from the end.
    private var entries: [Entry] = []
    private var count: UInt64 = 0

    package init(startingAt now: Instant = Instant(nanoseconds: .min)) {
        self.now = now
    }

    package var next: Instant? { entries.last?.instant }

    package func at(_ instant: Instant, _ action: @escaping () -> Void) {
        count += 1
        let entry = Entry(instant: max(instant, now), number: count, action: action)
        let place = entries.firstIndex {
            ($0.instant, $0.number) < (entry.instant, entry.number)
        }
        entries.insert(entry, at: place ?? entries.count)
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
