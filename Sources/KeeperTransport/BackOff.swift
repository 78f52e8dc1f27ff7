// How long to wait after a failure: twice as long each time, up to a bound, and spread, so that
// channels that failed together do not come back together. A success starts over.

package import KeeperModel

package struct BackOff {
    private static let first = TimeSpan.milliseconds(50)
    private static let doublingsMax = 7

    private var failuresInARow = 0

    package init() {}

    /// Between three quarters and all of the span.
    package mutating func next() -> TimeSpan {
        defer { failuresInARow += 1 }
        let doublings = min(failuresInARow, Self.doublingsMax)
        let whole = Self.first.nanoseconds << doublings
        return TimeSpan(nanoseconds: Int64.random(in: (whole - whole / 4)...whole))
    }

    /// What `Retry-After` says in seconds, up to a minute: a venue may be wrong about the rest.
    package static func asked(by reply: Reply) -> TimeSpan? {
        guard let text = reply.header("retry-after"), let seconds = UInt64(text) else { return nil }
        return .seconds(Int64(min(seconds, 60)))
    }

    package mutating func reset() { failuresInARow = 0 }
}
