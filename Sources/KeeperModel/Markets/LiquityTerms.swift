package import WideMath

/// The parameters of one Liquity system, or of one branch of its second version. Its debt is the
/// venue's quote currency, its collateral an asset of eighteen decimals.
package struct LiquityTerms: Hashable, Sendable {
    package enum Version: String, Hashable, Sendable, CaseIterable {
        case v1 = "1"
        case v2 = "2"
    }

    package let market: MarketID
    package let version: Version
    package let collateral: AssetID
    package let debt: AssetID
    /// The first version knows one least ratio only, 110 %.
    package let minimumRatioWad: UInt256
    /// Set aside for every trove and whoever closes it: debt in version 1, collateral in version 2.
    package let gasReserve: UInt256
    /// What the pool and the other troves get on top of the debt, from version 2 on.
    package let poolPenaltyWad: UInt256
    package let redistributionPenaltyWad: UInt256

    package init(
        market: MarketID, version: Version, collateral: AssetID, debt: AssetID,
        minimumRatioWad: UInt256, gasReserve: UInt256, poolPenaltyWad: UInt256,
        redistributionPenaltyWad: UInt256
    ) {
        self.market = market
        self.version = version
        self.collateral = collateral
        self.debt = debt
        self.minimumRatioWad = minimumRatioWad
        self.gasReserve = gasReserve
        self.poolPenaltyWad = poolPenaltyWad
        self.redistributionPenaltyWad = redistributionPenaltyWad
    }
}

/// A trove as its protocol keeps it: what redistributions have added since the snapshot is not yet
/// in the amounts.
package struct TrovePosition: Hashable, Sendable {
    package var collateral: UInt256
    package var debt: UInt256
    package let stake: UInt256
    package let collateralSnapshot: UInt256
    package let debtSnapshot: UInt256
    /// Simple interest on the debt since then; nothing in version 1.
    package let annualRateWad: UInt64
    package let debtUpdatedAtSeconds: UInt64

    package init(
        collateral: UInt256, debt: UInt256, stake: UInt256, collateralSnapshot: UInt256,
        debtSnapshot: UInt256, annualRateWad: UInt64, debtUpdatedAtSeconds: UInt64
    ) {
        self.collateral = collateral
        self.debt = debt
        self.stake = stake
        self.collateralSnapshot = collateralSnapshot
        self.debtSnapshot = debtSnapshot
        self.annualRateWad = annualRateWad
        self.debtUpdatedAtSeconds = debtUpdatedAtSeconds
    }
}
