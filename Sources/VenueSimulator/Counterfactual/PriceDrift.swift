package import KeeperModel
package import WideMath

/// How far all that a health is made of can have moved together, as the sum of what each price and
/// each index moved each time: it only grows. A health is a ratio of sums of such products, so from
/// one drift to a later one it changes by no larger a factor than e to their difference.
package struct PriceDrift: Sendable {
    private enum Source: Hashable {
        case price(AssetID)
        case figure(FigureName, AssetID?)
    }

    private var known: [Source: UInt256] = [:]
    package private(set) var ppm: UInt64 = 0

    /// More than anything that a health below its line leaves: after it nothing is known.
    private static let breakPpm: UInt64 = 2_000_000
    private static let million = UInt256(1_000_000)

    package init() {}

    package mutating func note(_ update: PriceUpdate) {
        note(update.price, of: .price(update.asset))
    }

    package mutating func note(_ figures: [MarketFigure]) {
        for figure in figures {
            switch figure.name {
            case .liquidityIndexRay, .variableBorrowIndexRay, .borrowAssets, .borrowShares,
                .borrowIndex, .rateRay:
                note(figure.value, of: .figure(figure.name, figure.asset))
            case .accumulatorRay, .vaultAssets, .collateralShares, .debtShares, .systemCollateral,
                .systemDebt, .poolDeposits, .auctioned, .seconds:
                breakOff()
            }
        }
    }

    private mutating func note(_ new: UInt256, of source: Source) {
        let old = known.updateValue(new, forKey: source) ?? .zero
        let (low, high) = old < new ? (old, new) : (new, old)
        guard !low.isZero,
            // What does not fit is more than any drift that counts.
            let move = try? mulDiv(high - low, Self.million, dividingBy: low, rounding: .up)
        else { return breakOff() }
        ppm += min(move.asUInt64 ?? .max, Self.breakPpm)
    }

    /// Something that is no factor changed what accounts are worth.
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
