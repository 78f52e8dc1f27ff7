package import KeeperModel
package import WideMath

/// How sales of seized collateral move the prices of the heights after them.
///
/// Linear: selling as much as one full side of the book holds lowers the price by `strengthPpm`,
/// half as much by half of that; buying raises it. With every height what is left of it shrinks by
/// `decayPpm` of itself. A close that sells so can push the next account over its line.
package struct PriceImpact: Hashable, Sendable {
    package let strengthPpm: UInt64
    package let decayPpm: UInt64
    /// Of assets whose own strength is known.
    private let strengthsPpm: [AssetID: UInt64]
    /// By how much each price stands below its path now.
    private var loweredPpm: [AssetID: Int64] = [:]

    package static let none = PriceImpact(strengthPpm: 0, decayPpm: 1_000_000)
    /// A price is never moved by more than this, however much is sold.
    package static let movedMaxPpm: Int64 = 300_000

    /// Each asset by a strength of its own; what is not named is moved by nobody.
    package init(strengthsPpm: [AssetID: UInt64], decayPpm: UInt64) {
        self.init(strengthPpm: 0, decayPpm: decayPpm, strengthsPpm: strengthsPpm)
    }

    package init(
        strengthPpm: UInt64, decayPpm: UInt64, strengthsPpm: [AssetID: UInt64] = [:]
    ) {
        precondition(
            strengthPpm <= 1_000_000 && decayPpm <= 1_000_000,
            "An impact is a share, and so is what is left of it")
        self.strengthPpm = strengthPpm
        self.decayPpm = decayPpm
        self.strengthsPpm = strengthsPpm
    }

    /// By how much an asset stands below its path now; negative where it stands above.
    package func loweredPpm(of asset: AssetID) -> Int64 { loweredPpm[asset] ?? 0 }

    package mutating func note(sold quantity: UInt256, of asset: AssetID, side whole: UInt256) {
        move(asset, by: step(quantity, whole, of: asset))
    }

    package mutating func note(bought quantity: UInt256, of asset: AssetID, side whole: UInt256) {
        move(asset, by: -step(quantity, whole, of: asset))
    }

    /// One height passes.
    package mutating func decay() {
        guard !loweredPpm.isEmpty else { return }
        loweredPpm = loweredPpm.mapValues { $0 - $0 * Int64(decayPpm) / 1_000_000 }
    }

    /// The price of the path as it stands after all sales; at least one.
    package func price(_ path: UInt64, of asset: AssetID) -> UInt64 {
        guard let lowered = loweredPpm[asset], lowered != 0 else { return path }
        let product = path.multipliedFullWidth(by: UInt64(1_000_000 - lowered))
        return max(1, UInt64(1_000_000).dividingFullWidth(product).quotient)
    }

    private func step(_ quantity: UInt256, _ whole: UInt256, of asset: AssetID) -> Int64 {
        let strength = strengthsPpm[asset] ?? strengthPpm
        guard strength > 0, !whole.isZero else { return 0 }
        return (min(quantity, whole) * UInt256(strength) / whole).asInt64 ?? 0
    }

    private mutating func move(_ asset: AssetID, by ppm: Int64) {
        guard ppm != 0 else { return }
        let moved = loweredPpm[asset, default: 0] + ppm
        loweredPpm[asset] = min(max(moved, -Self.movedMaxPpm), Self.movedMaxPpm)
    }
}
