package import KeeperModel
package import WideMath

/// What a Comet fixed for its base asset and, in their order, for its collaterals.
package struct CometTerms: Hashable, Sendable {
    package struct Collateral: Hashable, Sendable {
        package let asset: AssetID
        package let scale: UInt256
        package let liquidateFactorWad: UInt256

        package init(asset: AssetID, scale: UInt256, liquidateFactorWad: UInt256) {
            self.asset = asset
            self.scale = scale
            self.liquidateFactorWad = liquidateFactorWad
        }
    }

    package let market: MarketID
    package let base: AssetID
    package let baseScale: UInt256
    package let collaterals: [Collateral]

    package init(
        market: MarketID, base: AssetID, baseScale: UInt256, collaterals: [Collateral]
    ) {
        self.market = market
        self.base = base
        self.baseScale = baseScale
        self.collaterals = collaterals
    }
}

/// The debt side as the contract has stored it: `isLiquidatable` reads this index, `absorb` accrues
/// it first.
package struct CometInterest: Hashable, Sendable {
    package let borrowIndex: UInt64
    package let borrowRatePerSecondWad: UInt64
    package let accruedAtSeconds: UInt64

    package init(borrowIndex: UInt64, borrowRatePerSecondWad: UInt64, accruedAtSeconds: UInt64) {
        self.borrowIndex = borrowIndex
        self.borrowRatePerSecondWad = borrowRatePerSecondWad
        self.accruedAtSeconds = accruedAtSeconds
    }
}

/// One Comet with its present prices and the borrow index that `absorb` would use
/// (`protocols.md` A2).
///
/// Variables are the accrued borrow index, the price of the base asset and then that of each
/// collateral.
package struct CometMarket: MonotoneRules {
    package let terms: CometTerms
    package private(set) var values: [UInt128]
    /// Nil until it was read.
    package private(set) var stored: CometInterest?

    enum Variable {
        static let borrowIndex = 0
        static let basePrice = 1
        static let firstCollateral = 2
    }

    /// A price of 1e8 has at most 80 bits, so that the debt of 104 bits and its index of 64 fit one
    /// word with it.
    private static let priceMax: UInt128 = 1 << 80

    package init(terms: CometTerms) {
        self.terms = terms
        values = Array(repeating: 0, count: Variable.firstCollateral + terms.collaterals.count)
    }

    // MARK: Intake

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard let variable = priceVariable(of: update.asset), let price = update.price.asUInt128,
            price > 0, price <= Self.priceMax, price != values[variable]
        else { return [] }
        values[variable] = price
        return [variable]
    }

    private func priceVariable(of asset: AssetID) -> Int? {
        if asset == terms.base { return Variable.basePrice }
        return terms.collaterals.firstIndex { $0.asset == asset }
            .map { Variable.firstCollateral + $0 }
    }

    /// Takes in what the contract has stored, and accrues it to such a time.
    package mutating func accrue(_ interest: CometInterest, toSeconds seconds: UInt64) -> [Int] {
        stored = interest
        return accrue(toSeconds: seconds)
    }

    /// The index as an `absorb` at such a time would find it. An index past its 64 bits is not
    /// taken in, for the contract reverts too.
    package mutating func accrue(toSeconds seconds: UInt64) -> [Int] {
        guard let stored else { return [] }
        let elapsed = max(seconds, stored.accruedAtSeconds) - stored.accruedAtSeconds
        // An index that overflows cannot be accrued on the chain either.
        let index = try? cometAccruedIndex(
            UInt256(stored.borrowIndex),
            ratePerSecond: UInt256(stored.borrowRatePerSecondWad), elapsedSeconds: elapsed)
        guard let index = index?.asUInt64, UInt128(index) != values[Variable.borrowIndex] else {
            return []
        }
        values[Variable.borrowIndex] = UInt128(index)
        return [Variable.borrowIndex]
    }
}
