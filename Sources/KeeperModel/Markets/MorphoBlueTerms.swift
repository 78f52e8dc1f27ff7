package import WideMath

/// The parameters of one market of Morpho Blue. Its loan is the venue's quote currency.
package struct MorphoBlueTerms: Hashable, Sendable {
    package let market: MarketID
    package let loan: AssetID
    package let collateral: AssetID
    package let collateralDecimals: UInt8
    package let lltvWad: UInt256
    package var policy: SettlementPolicy

    package init(
        market: MarketID, loan: AssetID, collateral: AssetID, collateralDecimals: UInt8,
        lltvWad: UInt256, policy: SettlementPolicy
    ) {
        self.market = market
        self.loan = loan
        self.collateral = collateral
        self.collateralDecimals = collateralDecimals
        self.lltvWad = lltvWad
        self.policy = policy
    }
}
