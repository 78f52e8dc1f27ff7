package import KeeperModel
package import WideMath

/// What a Morpho Blue market fixed for ever.
package struct MorphoMarketTerms: Hashable, Sendable {
    package let market: MarketID
    package let collateral: AssetID
    package let lltvWad: UInt256

    package init(market: MarketID, collateral: AssetID, lltvWad: UInt256) {
        self.market = market
        self.collateral = collateral
        self.lltvWad = lltvWad
    }
}

/// One market of Morpho Blue with its present oracle price and borrow totals (`protocols.md` A3).
///
/// A price of scale 1e36 and of the difference in decimals may pass 128 bits, so it is two
/// variables: what is above its lowest 64 bits, and those. The totals are two more. They move
/// together when others borrow or repay, but their quotient has no form of 128 bits that decides an
/// account to the last unit, so each has an interval of its own.
package struct MorphoMarket: MonotoneRules {
    package let terms: MorphoMarketTerms
    package private(set) var values: [UInt128] = [0, 0, 0, 0]

    enum Variable {
        static let priceHigh = 0
        static let priceLow = 1
        static let borrowAssets = 2
        static let borrowShares = 3
    }

    /// As the contract keeps them, in 128 bits.
    package struct Position: Hashable, Sendable {
        package let collateral: UInt128
        package let borrowShares: UInt128

        package init(collateral: UInt128, borrowShares: UInt128) {
            self.collateral = collateral
            self.borrowShares = borrowShares
        }
    }

    package init(terms: MorphoMarketTerms) {
        self.terms = terms
    }

    // MARK: Intake

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        let price = update.price
        guard update.asset == terms.collateral, !price.isZero,
            let high = (price >> 64).asUInt128
        else { return [] }
        return set([(Variable.priceHigh, high), (Variable.priceLow, UInt128(price.w0))])
    }

    /// The totals as the contract will have accrued them when it is asked.
    package mutating func accrue(borrowAssets: UInt128, borrowShares: UInt128) -> [Int] {
        set([(Variable.borrowAssets, borrowAssets), (Variable.borrowShares, borrowShares)])
    }

    private mutating func set(_ changes: [(variable: Int, value: UInt128)]) -> [Int] {
        let moved = changes.filter { values[$0.variable] != $0.value }
        for change in moved { values[change.variable] = change.value }
        return moved.map(\.variable)
    }
}
