/// An offer as a venue shows it to everybody, and nothing else of what stands behind it.
package struct PublishedOffer: Hashable, Sendable {
    package let market: MarketID
    package let id: AccountID
    package let version: UInt64
    package let payAsset: AssetID
    package let allocation: OfferAllocation
    package let position: OfferPosition

    package init(
        market: MarketID, id: AccountID, version: UInt64, payAsset: AssetID,
        allocation: OfferAllocation, position: OfferPosition
    ) {
        self.market = market
        self.id = id
        self.version = version
        self.payAsset = payAsset
        self.allocation = allocation
        self.position = position
    }

    /// In its place among the accounts of its market.
    package var state: AccountState {
        AccountState(account: id, version: version, position: .offer(position))
    }
}

/// What became of the offers of one market: all that stand, or those that changed and those that
/// stand no more.
package struct MarketOffers: Hashable, Sendable {
    package let market: MarketID
    package let offers: [PublishedOffer]
    package let withdrawn: [AccountID]

    package init(market: MarketID, offers: [PublishedOffer], withdrawn: [AccountID] = []) {
        self.market = market
        self.offers = offers
        self.withdrawn = withdrawn
    }
}
