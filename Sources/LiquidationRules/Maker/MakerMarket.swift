package import KeeperModel
package import WideMath

/// One collateral type of Maker.
package struct MakerTerms: Hashable, Sendable {
    package let market: MarketID
    package let collateral: AssetID
    /// The least ratio of collateral to debt.
    package let liquidationRatioRay: UInt256
    /// What one Dai is meant to be worth.
    package let parRay: UInt256

    package init(
        market: MarketID, collateral: AssetID, liquidationRatioRay: UInt256, parRay: UInt256
    ) {
        self.market = market
        self.collateral = collateral
        self.liquidationRatioRay = liquidationRatioRay
        self.parRay = parRay
    }

    /// The price with its margin of safety, as the spotter pokes it into the vat; nil where it
    /// would revert, or where there is no price.
    func spotRay(priceWad: UInt256) -> UInt128? {
        let toRay: UInt256 = 1_000_000_000
        // Whatever reverts pokes nothing.
        let spot = try? rayDiv(
            rayDiv(priceWad.checkedMultiply(toRay), parRay, rounding: .down), liquidationRatioRay,
            rounding: .down)
        guard let spot, !spot.isZero else { return nil }
        return spot.asUInt128
    }
}

/// One collateral type of Maker with its present spot and rate, which are its two variables
/// (`protocols.md` A7). Both are rays of at most 128 bits, as amounts are, so that a product of two
/// always fits its word.
package struct MakerMarket: MonotoneRules {
    package let terms: MakerTerms
    package private(set) var values: [UInt128] = [0, 0]

    enum Variable {
        static let spotRay = 0
        static let rateRay = 1
    }

    package init(terms: MakerTerms) {
        self.terms = terms
    }

    // MARK: Intake

    /// A price in wad that was poked.
    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard update.asset == terms.collateral, let spot = terms.spotRay(priceWad: update.price)
        else { return [] }
        return set(Variable.spotRay, to: spot)
    }

    /// The rate as `jug` has dripped it; `bark` does not drip.
    package mutating func accrue(rateRay: UInt128) -> [Int] {
        guard rateRay > 0 else { return [] }
        return set(Variable.rateRay, to: rateRay)
    }

    private mutating func set(_ variable: Int, to value: UInt128) -> [Int] {
        guard values[variable] != value else { return [] }
        values[variable] = value
        return [variable]
    }
}
