// Whether an endpoint is worth asking. After a few failures in a row it rests, longer each time it
// fails again; then one request tries it, and a reply ends the rest.

import KeeperModel

struct EndpointBreaker {
    private static let failuresMax = 3
    private static let restFirst = TimeSpan.seconds(1)
    private static let doublingsMax = 6

    private var failuresInARow = 0
    private var restsUntil: MonotonicTime?
    private var isTrying = false

    /// Closed, or its rest is over and nobody tries it yet.
    func mayAsk(at now: MonotonicTime) -> Bool {
        guard let restsUntil else { return true }
        return now >= restsUntil && !isTrying
    }

    var isOpen: Bool { restsUntil != nil }

    /// When it may be asked again; nil where it may be at any time.
    var reopensAt: MonotonicTime? { restsUntil }

    mutating func noteAsked() {
        if restsUntil != nil { isTrying = true }
    }

    mutating func noteReply() { self = EndpointBreaker() }

    /// What was ended by us says nothing of the other side, and is no trial either.
    mutating func noteCancelled() { isTrying = false }

    mutating func noteFailure(at now: MonotonicTime) {
        isTrying = false
        failuresInARow += 1
        guard failuresInARow >= Self.failuresMax else { return }
        let doublings = min(failuresInARow - Self.failuresMax, Self.doublingsMax)
        restsUntil = now + TimeSpan(nanoseconds: Self.restFirst.nanoseconds << doublings)
    }
}
