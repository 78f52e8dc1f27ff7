import KeeperModel
package import KeeperTransport

/// Says when a supervisor may be told that the keeper lives: only while each of its three loops
/// got somewhere lately. A timer that always says so would hide exactly the hang it is for.
package struct Watchdog: Sendable {
    /// What there is to see of each loop from outside; larger is later.
    package struct Marks: Hashable, Sendable {
        /// Replies of the venue, and failures to get one.
        package let feedCount: UInt64
        package let eventCount: UInt64
        /// Nothing waits for the engine.
        package let hasDecidedAll: Bool
        /// Answers to what was sent, and timers.
        package let outcomeCount: UInt64
        /// Nothing is open that an answer could come to.
        package let hasNothingOpen: Bool

        package init(
            feedCount: UInt64, eventCount: UInt64, hasDecidedAll: Bool, outcomeCount: UInt64,
            hasNothingOpen: Bool
        ) {
            self.feedCount = feedCount
            self.eventCount = eventCount
            self.hasDecidedAll = hasDecidedAll
            self.outcomeCount = outcomeCount
            self.hasNothingOpen = hasNothingOpen
        }
    }

    private let pause: TimeSpan
    private let patience: TimeSpan
    private var last: Marks?
    private var feedAt: MonotonicTime
    private var decisionAt: MonotonicTime
    private var submitAt: MonotonicTime
    private var toldAt: MonotonicTime?

    /// Nil where the environment asks for none, or asks another process.
    package init?(_ environment: [String: String], process: Int32, now: MonotonicTime) {
        guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text),
            (1...1_000_000_000_000).contains(microseconds),
            environment["WATCHDOG_PID"].map({ $0 == "\(process)" }) ?? true
        else { return nil }
        pause = TimeSpan(nanoseconds: microseconds * 1_000 / 3)
        // A word that is held back for so long leaves a third of the interval for the next.
        patience = TimeSpan(nanoseconds: microseconds * 1_000 / 3 * 2)
        (feedAt, decisionAt, submitAt) = (now, now, now)
    }

    /// Whether to say now that it lives.
    package mutating func look(_ marks: Marks, now: MonotonicTime) -> Bool {
        if marks.feedCount != last?.feedCount { feedAt = now }
        if marks.hasDecidedAll || marks.eventCount != last?.eventCount { decisionAt = now }
        if marks.hasNothingOpen || marks.outcomeCount != last?.outcomeCount { submitAt = now }
        last = marks
        guard now - min(feedAt, decisionAt, submitAt) <= patience else { return false }
        if let toldAt, now - toldAt < pause { return false }
        toldAt = now
        return true
    }
}
