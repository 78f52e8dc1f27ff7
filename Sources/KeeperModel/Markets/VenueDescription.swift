/// What a venue says of itself: what it can do, what it trades and by which law it settles.
package struct VenueDescription: Hashable, Sendable {
    package let quote: AssetDescription
    package let assets: [AssetDescription]
    package let markets: [MarketTerms]
    package let capabilities: VenueCapabilities
    /// Nil where the venue keeps a key for every close and asks nothing for a call.
    package let chain: ChainTerms?
    /// The 32 public bytes of the key that signs its settlements; nil where it signs none.
    package let settlementKey: [UInt8]?

    package init(
        quote: AssetDescription, assets: [AssetDescription], markets: [MarketTerms],
        capabilities: VenueCapabilities, chain: ChainTerms? = nil, settlementKey: [UInt8]? = nil
    ) {
        self.quote = quote
        self.assets = assets
        self.markets = markets
        self.capabilities = capabilities
        self.chain = chain
        self.settlementKey = settlementKey
    }

    package func signing(by key: [UInt8]?) -> VenueDescription {
        VenueDescription(
            quote: quote, assets: assets, markets: markets, capabilities: capabilities,
            chain: chain, settlementKey: key)
    }
}

/// A strategy that needs what a venue lacks is refused at load.
package struct VenueCapabilities: Hashable, Sendable {
    package let isAtomic: Bool
    package let hasFlash: Bool
    package let allowsPartial: Bool
    package let canVoid: Bool
    package let callsPerHeight: UInt64
    /// It says of a close whether it would settle, and settles nothing.
    package let triesCloses: Bool
    /// A keeper has a reserve there, and may move things between it and what it trades with.
    package let movesReserve: Bool

    package init(
        isAtomic: Bool, hasFlash: Bool, allowsPartial: Bool, canVoid: Bool,
        callsPerHeight: UInt64, triesCloses: Bool = false, movesReserve: Bool = false
    ) {
        self.isAtomic = isAtomic
        self.hasFlash = hasFlash
        self.allowsPartial = allowsPartial
        self.canVoid = canVoid
        self.callsPerHeight = callsPerHeight
        self.triesCloses = triesCloses
        self.movesReserve = movesReserve
    }
}
