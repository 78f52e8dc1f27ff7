import KeeperModel
import WideMath

/// A price averaged over time: each counts for as long as it stood. A hole is not filled: a price
/// stands until the next one and for no longer than it may be believed.
struct TimeAverage {
    private struct Point {
        let priceE30: UInt256
        let from: Instant
    }

    private let window: TimeSpan
    private let standsAtMost: TimeSpan
    private var points: [Point] = []

    /// Points closer together than a part of the window are one, so there are never more.
    static let pointsMax = 1_024

    init(window: TimeSpan, standsAtMost: TimeSpan) {
        precondition(window > .zero && standsAtMost > .zero, "An average is over some time")
        self.window = window
        self.standsAtMost = standsAtMost
    }

    mutating func add(_ priceE30: UInt256, at now: Instant) {
        if let last = points.last {
            let spacing = TimeSpan(nanoseconds: window.nanoseconds / Int64(Self.pointsMax - 2))
            guard now - last.from > spacing else { return }
        }
        points.append(Point(priceE30: priceE30, from: now))
        // The last one from before the window still stands at its beginning.
        while points.count > 1, now - points[1].from >= window { points.removeFirst() }
    }

    /// Rounded down. Nil until prices stood for at least half of the window.
    func value(at now: Instant) -> UInt256? {
        let beginning = Instant(nanoseconds: now.nanoseconds - window.nanoseconds)
        var sum = UInt256.zero
        var covered: Int64 = 0
        for (index, point) in points.enumerated() {
            let next = index + 1 < points.count ? points[index + 1].from : now
            let end = min(next, point.from + standsAtMost)
            let stood = (end - max(point.from, beginning)).nanoseconds
            guard stood > 0 else { continue }
            // Below 2^160 each and 2^63 in all: the sum fits.
            sum += point.priceE30 * UInt256(UInt64(stood))
            covered += stood
        }
        guard covered >= window.nanoseconds / 2, covered > 0 else { return nil }
        return sum / UInt256(UInt64(covered))
    }
}
