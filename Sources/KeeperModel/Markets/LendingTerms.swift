package import WideMath

/// The generations of Aave v3, which differ in rounding, close factor and dust rules
/// (`protocols.md` A1.1).
package enum AaveGeneration: String, Hashable, Sendable, CaseIterable {
    case v3_0 = "3.0"
    case v3_3 = "3.3"
    case v3_5 = "3.5"
    case v3_7 = "3.7"
}

/// What one reserve of a lending market is worth as collateral and what closing it pays.
package struct ReserveTerms: Hashable, Sendable {
    package let asset: AssetID
    package let decimals: UInt8
    package let liquidationThresholdBps: UInt64
    /// Including the 100 %: 10500 pays five percent.
    package let liquidationBonusBps: UInt64
    /// The protocol's share of the bonus, not of the collateral.
    package let protocolFeeBps: UInt64

    package init(
        asset: AssetID, decimals: UInt8, liquidationThresholdBps: UInt64,
        liquidationBonusBps: UInt64, protocolFeeBps: UInt64
    ) {
        self.asset = asset
        self.decimals = decimals
        self.liquidationThresholdBps = liquidationThresholdBps
        self.liquidationBonusBps = liquidationBonusBps
        self.protocolFeeBps = protocolFeeBps
    }
}

/// The parameters of one lending market.
package struct LendingTerms: Hashable, Sendable {
    package let market: MarketID
    package let generation: AaveGeneration
    /// One unit of the base currency: 1e8 on Aave's main markets, 1e6 at the reference venue.
    package let baseUnit: UInt64
    package let reserves: [ReserveTerms]
    package var policy: SettlementPolicy

    package init(
        market: MarketID, generation: AaveGeneration, baseUnit: UInt64, reserves: [ReserveTerms],
        policy: SettlementPolicy
    ) {
        self.market = market
        self.generation = generation
        self.baseUnit = baseUnit
        self.reserves = reserves
        self.policy = policy
    }
}

/// A balance in the unit in which its protocol keeps it: before an index is applied, or in shares.
package struct ScaledBalance: Hashable, Sendable {
    package let asset: AssetID
    package let scaledAmount: UInt256

    package init(asset: AssetID, scaledAmount: UInt256) {
        self.asset = asset
        self.scaledAmount = scaledAmount
    }
}

/// What a borrower holds and owes. Which unit a balance counts is said by the market: balances
/// before their index in the Aave family, shares of the debt in Morpho Blue, principal in
/// Compound III, normalised debt in Maker.
package struct LendingPosition: Hashable, Sendable {
    package var collateral: [ScaledBalance]
    package var debts: [ScaledBalance]

    package init(collateral: [ScaledBalance], debts: [ScaledBalance]) {
        self.collateral = collateral
        self.debts = debts
    }
}
