package import KeeperModel
package import WideMath

/// What was earned in the course of time, the deepest fall from a peak, and how much of it came on
/// how few days.
package struct EquityMeasures: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package let at: Instant
        package let units: Int256
    }

    /// After each close that ended, in the order of the endings.
    package let points: [Point]
    package let drawdownUnits: Int256
    package let worstCloseUnits: Int256?
    /// What the three best days brought, of all that was earned; nil where nothing was.
    package let topDaysPpm: Int256?

    package static let topDayCount = 3
    private static let million = Int256(1_000_000)

    package init(_ closes: [CloseFigures]) {
        let ended = closes.compactMap { close in close.endedAt.map { (at: $0, close: close) } }
            .sorted { $0.at != $1.at ? $0.at < $1.at : $0.close.clientID < $1.close.clientID }
        var (total, peak, deepest) = (Int256.zero, Int256.zero, Int256.zero)
        var points: [Point] = []
        for (at, close) in ended {
            total += close.netUnits
            peak = max(peak, total)
            deepest = max(deepest, peak - total)
            points.append(Point(at: at, units: total))
        }
        self.points = points
        drawdownUnits = deepest
        worstCloseUnits = ended.map(\.close.netUnits).min()
        topDaysPpm = Self.topDays(of: ended.map { ($0.at, $0.close.netUnits) }, total: total)
    }

    private static func topDays(of closes: [(Instant, Int256)], total: Int256) -> Int256? {
        guard total > .zero else { return nil }
        var days: [Int64: Int256] = [:]
        for (at, units) in closes {
            days[at.nanoseconds / 86_400_000_000_000, default: .zero] += units
        }
        let best = days.values.sorted(by: >).prefix(topDayCount).reduce(.zero, +)
        return (best * million).quotient(dividingBy: total, rounding: .down)
    }
}
