package import KeeperModel
package import WideMath

/// How far all eligible prices together can have moved, as the sum of what each moved each time:
/// it only grows. A health is a ratio of sums of prices, so from one drift to a later one it
/// changes by no larger a factor than e to their difference.
package struct PriceDrift: Sendable {
    private var prices: [AssetID: UInt256] = [:]
    package private(set) var ppm: UInt64 = 0

    /// More than anything that a health below its line leaves: after it nothing is known.
    private static let breakPpm: UInt64 = 2_000_000
    private static let million = UInt256(1_000_000)

    package init() {}

    package mutating func note(_ update: PriceUpdate) {
        let old = prices.updateValue(update.price, forKey: update.asset) ?? .zero
        let (low, high) = old < update.price ? (old, update.price) : (update.price, old)
        guard !low.isZero,
            // What does not fit is more than any drift that counts.
            let move = try? mulDiv(high - low, Self.million, dividingBy: low, rounding: .up)
        else { return breakOff() }
        ppm += min(move.asUInt64 ?? .max, Self.breakPpm)
    }

    /// Something other than prices changed what accounts are worth.
    package mutating func breakOff() { ppm += Self.breakPpm }

    /// How far prices may drift before an account of this health can be above its line; nothing for
    /// one that is. A hundred millionths are left for what rules round.
    package static func roomPpm(healthWad: UInt256) -> UInt64 {
        let one = UInt256(1_000_000_000_000_000_000)
        guard healthWad < one else { return 0 }
        // -ln h is at least 1 - h.
        let missing = ((one - healthWad) / UInt256(1_000_000_000_000)).asUInt64 ?? 0
        return missing > 100 ? missing - 100 : 0
    }
}
