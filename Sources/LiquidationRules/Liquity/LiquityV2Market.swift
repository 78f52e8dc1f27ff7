package import KeeperModel
package import WideMath

/// A branch of Liquity v2.
package struct LiquityV2Terms: Hashable, Sendable {
    package let market: MarketID
    package let collateral: AssetID
    package let minimumRatioWad: UInt256

    package init(market: MarketID, collateral: AssetID, minimumRatioWad: UInt256) {
        self.market = market
        self.collateral = collateral
        self.minimumRatioWad = minimumRatioWad
    }
}

/// A branch of Liquity v2 with its present price, time and redistributions (`protocols.md` A5).
///
/// Every trove accrues at a rate of its own, so time itself is a variable. Sums of redistributions
/// are held one higher than they are, for 0 is a sum that the contract starts with.
package struct LiquityV2Market: MonotoneRules {
    package let terms: LiquityV2Terms
    package private(set) var values: [UInt128] = [0, 0, 0, 0]

    enum Variable {
        static let price = 0
        static let seconds = 1
        static let collateralShares = 2
        static let debtShares = 3
    }

    package init(terms: LiquityV2Terms) {
        self.terms = terms
    }

    // MARK: Intake

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard update.asset == terms.collateral, let price = update.price.asUInt128, price > 0
        else { return [] }
        return set(Variable.price, to: price)
    }

    /// Troves accrue until now, or until the branch was shut down.
    package mutating func accrue(toSeconds seconds: UInt64) -> [Int] {
        set(Variable.seconds, to: UInt128(seconds))
    }

    package mutating func redistribute(_ shares: LiquityShares) -> [Int] {
        guard max(shares.collateral, shares.debt) < .max else { return [] }
        return set(Variable.collateralShares, to: shares.collateral + 1)
            + set(Variable.debtShares, to: shares.debt + 1)
    }

    private mutating func set(_ variable: Int, to value: UInt128) -> [Int] {
        guard values[variable] != value else { return [] }
        values[variable] = value
        return [variable]
    }
}
