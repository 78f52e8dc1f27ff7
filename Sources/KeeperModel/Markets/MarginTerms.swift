/// The parameters of one margin market. Amounts are units (1e-6 of the quote currency), quantities
/// whole lots, prices units per lot: `settlement.md` section 0.
package struct MarginTerms: Hashable, Sendable {
    package let market: MarketID
    /// The name under which the mark price of one lot is published.
    package let asset: AssetID
    package let lotStep: Int64
    package var policy: SettlementPolicy

    package init(market: MarketID, asset: AssetID, lotStep: Int64, policy: SettlementPolicy) {
        self.market = market
        self.asset = asset
        self.lotStep = lotStep
        self.policy = policy
    }
}

package enum PositionSide: String, Hashable, Sendable {
    case long
    case short

    /// +1 for a long, −1 for a short.
    package var sign: Int64 { self == .long ? 1 : -1 }
    package var opposite: PositionSide { self == .long ? .short : .long }
}

/// One isolated position.
package struct MarginPosition: Hashable, Sendable {
    package var side: PositionSide
    package var lots: Int64
    /// Units per lot.
    package var entryPrice: Int64
    package var marginUnits: Int64

    package init(side: PositionSide, lots: Int64, entryPrice: Int64, marginUnits: Int64) {
        self.side = side
        self.lots = lots
        self.entryPrice = entryPrice
        self.marginUnits = marginUnits
    }
}
