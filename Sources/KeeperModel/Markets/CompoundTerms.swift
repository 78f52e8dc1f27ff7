package import WideMath

/// The parameters of one market of Compound III. Its base asset is the venue's quote currency.
package struct CompoundTerms: Hashable, Sendable {
    package struct Collateral: Hashable, Sendable {
        package let asset: AssetID
        package let decimals: UInt8
        /// What of its worth counts before an account may be absorbed.
        package let liquidateFactorWad: UInt256
        /// What of its worth pays debt when it is absorbed.
        package let liquidationFactorWad: UInt256

        package init(
            asset: AssetID, decimals: UInt8, liquidateFactorWad: UInt256,
            liquidationFactorWad: UInt256
        ) {
            self.asset = asset
            self.decimals = decimals
            self.liquidateFactorWad = liquidateFactorWad
            self.liquidationFactorWad = liquidationFactorWad
        }
    }

    package let market: MarketID
    package let base: AssetID
    package let baseDecimals: UInt8
    package let collaterals: [Collateral]
    /// How much of the penalty a buyer of absorbed collateral gets.
    package let storefrontPriceFactorWad: UInt256

    package init(
        market: MarketID, base: AssetID, baseDecimals: UInt8, collaterals: [Collateral],
        storefrontPriceFactorWad: UInt256
    ) {
        self.market = market
        self.base = base
        self.baseDecimals = baseDecimals
        self.collaterals = collaterals
        self.storefrontPriceFactorWad = storefrontPriceFactorWad
    }
}

/// Collateral that the protocol has taken over and offers. It has a place among the market's
/// accounts, also while there is none of it, so that its version goes on rising.
package struct GoodsPosition: Hashable, Sendable {
    package let asset: AssetID
    package let quantity: UInt256

    package init(asset: AssetID, quantity: UInt256) {
        self.asset = asset
        self.quantity = quantity
    }
}
