package import WideMath

/// The parameters of one vault of Euler v2. It lends the venue's quote currency.
package struct EulerVaultTerms: Hashable, Sendable {
    /// What shares of a collateral's vault count for, on its way down to a target.
    package struct Collateral: Hashable, Sendable {
        package let asset: AssetID
        package let decimals: UInt8
        package let initialBps: UInt64
        package let targetBps: UInt64
        package let targetAtSeconds: UInt64
        package let durationSeconds: UInt64

        package init(
            asset: AssetID, decimals: UInt8, initialBps: UInt64, targetBps: UInt64,
            targetAtSeconds: UInt64, durationSeconds: UInt64
        ) {
            self.asset = asset
            self.decimals = decimals
            self.initialBps = initialBps
            self.targetBps = targetBps
            self.targetAtSeconds = targetAtSeconds
            self.durationSeconds = durationSeconds
        }
    }

    package let market: MarketID
    package let debt: AssetID
    package let debtDecimals: UInt8
    package let collaterals: [Collateral]
    package let maxDiscountBps: UInt64
    package var policy: SettlementPolicy

    package init(
        market: MarketID, debt: AssetID, debtDecimals: UInt8, collaterals: [Collateral],
        maxDiscountBps: UInt64, policy: SettlementPolicy
    ) {
        self.market = market
        self.debt = debt
        self.debtDecimals = debtDecimals
        self.collaterals = collaterals
        self.maxDiscountBps = maxDiscountBps
        self.policy = policy
    }
}

/// What an account of an Euler vault holds and owes.
package struct EulerPosition: Hashable, Sendable {
    /// Shares of the collateral's vaults.
    package var collateral: [ScaledBalance]
    /// With 31 bits below the smallest unit, as of the account's last change.
    package var owedExact: UInt256
    /// Of the account's last change.
    package var accumulatorRay: UInt256

    package init(collateral: [ScaledBalance], owedExact: UInt256, accumulatorRay: UInt256) {
        self.collateral = collateral
        self.owedExact = owedExact
        self.accumulatorRay = accumulatorRay
    }
}
