package import KeeperModel
import WideMath

package struct LiquityV1Terms: Hashable, Sendable {
    package let market: MarketID
    package let collateral: AssetID

    package init(market: MarketID, collateral: AssetID) {
        self.market = market
        self.collateral = collateral
    }
}

/// What all troves hold and owe together, and what the pool could pay at once.
package struct LiquityV1System: Hashable, Sendable {
    package let collateral: UInt128
    package let debt: UInt128
    package let poolDeposits: UInt128

    package init(collateral: UInt128, debt: UInt128, poolDeposits: UInt128) {
        self.collateral = collateral
        self.debt = debt
        self.poolDeposits = poolDeposits
    }
}

/// Liquity v1 with its present price, its redistributions and the state of the whole system, which
/// decides on recovery mode (`protocols.md` A4).
///
/// The pool and the sums of redistributions may be 0, so they are held one higher than they are.
/// That the last trove of all cannot be closed is no matter of health and not asked here.
package struct LiquityV1Market: MarketRules {
    package typealias Position = LiquityTrove

    package let terms: LiquityV1Terms
    private(set) var values: [UInt128] = [0, 0, 0, 0, 0, 0]

    enum Variable {
        static let price = 0
        static let collateralShares = 1
        static let debtShares = 2
        static let systemCollateral = 3
        static let systemDebt = 4
        static let poolDeposits = 5
    }

    package init(terms: LiquityV1Terms) {
        self.terms = terms
    }

    package var variableCount: Int { values.count }
    package func value(ofVariable variable: Int) -> UInt128 { values[variable] }

    // MARK: Intake

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard update.asset == terms.collateral, let price = update.price.asUInt128, price > 0
        else { return [] }
        return set(Variable.price, to: price)
    }

    package mutating func redistribute(_ shares: LiquityShares) -> [Int] {
        guard max(shares.collateral, shares.debt) < .max else { return [] }
        return set(Variable.collateralShares, to: shares.collateral + 1)
            + set(Variable.debtShares, to: shares.debt + 1)
    }

    package mutating func take(_ system: LiquityV1System) -> [Int] {
        guard system.poolDeposits < .max else { return [] }
        return set(Variable.systemCollateral, to: system.collateral)
            + set(Variable.systemDebt, to: system.debt)
            + set(Variable.poolDeposits, to: system.poolDeposits + 1)
    }

    private mutating func set(_ variable: Int, to value: UInt128) -> [Int] {
        guard values[variable] != value else { return [] }
        values[variable] = value
        return [variable]
    }
}
