package import WideMath

/// How a venue that shows offers instead of accounts decides who gets one.
package enum OfferAllocation: String, Hashable, Sendable, CaseIterable {
    /// The first valid claim takes it, whole.
    case claim
    /// Until its window closes whoever wants it says, unseen, what it would pay. The highest bid
    /// takes it, whole, and pays what it bid.
    case sealedBid
    /// It is shared out at once, in proportion to the capacity that keepers have committed.
    case proRata
}

/// A market whose accounts nobody sees: the venue offers what may be closed there.
package struct OfferTerms: Hashable, Sendable {
    package let market: MarketID
    package let allocation: OfferAllocation
    /// What every offer is paid in: the quote currency.
    package let pay: AssetDescription
    /// What may be offered.
    package let assets: [AssetDescription]

    package init(
        market: MarketID, allocation: OfferAllocation, pay: AssetDescription,
        assets: [AssetDescription]
    ) {
        self.market = market
        self.allocation = allocation
        self.pay = pay
        self.assets = assets
    }
}

/// An offer in its place among the accounts of its market.
package struct OfferPosition: Hashable, Sendable {
    /// What is asked for all of it; where bids are sealed, the least that is taken.
    package let payAmount: UInt256
    package let takeAsset: AssetID
    package let takeAmount: UInt256
    /// The height at which sealed bids are opened; nil where there are none.
    package let closesAtHeight: UInt64?
    /// The last height at which it stands.
    package let expiresAtHeight: UInt64

    package init(
        payAmount: UInt256, takeAsset: AssetID, takeAmount: UInt256, closesAtHeight: UInt64?,
        expiresAtHeight: UInt64
    ) {
        self.payAmount = payAmount
        self.takeAsset = takeAsset
        self.takeAmount = takeAmount
        self.closesAtHeight = closesAtHeight
        self.expiresAtHeight = expiresAtHeight
    }
}
