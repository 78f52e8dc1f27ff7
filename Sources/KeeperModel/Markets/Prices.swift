package import WideMath

/// What a price may be used for.
package enum PriceKind: String, Hashable, Sendable {
    /// The venue's own, in force at a height: it decides who may be closed.
    case eligible
    /// Carried by an oracle update that is not yet in force.
    case pending
    /// What things sell for.
    case market
}

/// A price as published.
package struct PriceUpdate: Hashable, Sendable {
    package let asset: AssetID
    package let kind: PriceKind
    /// Base units per whole token in a lending market, units per lot in a margin market.
    package let price: UInt256
    /// Rises with every publication of the source.
    package let round: UInt64
    package let sourceAt: Instant

    package init(
        asset: AssetID, kind: PriceKind, price: UInt256, round: UInt64, sourceAt: Instant
    ) {
        self.asset = asset
        self.kind = kind
        self.price = price
        self.round = round
        self.sourceAt = sourceAt
    }
}

/// One step of an order book: a price as above and how much of the asset stands there.
package struct DepthLevel: Hashable, Sendable {
    package let price: UInt64
    /// The asset's smallest units; lots in a margin market.
    package let quantity: UInt256

    package init(price: UInt64, quantity: UInt256) {
        self.price = price
        self.quantity = quantity
    }
}

/// What an asset can be sold and bought for now.
package struct DepthBook: Hashable, Sendable {
    package let asset: AssetID
    /// Best, which is highest, first.
    package let bids: [DepthLevel]
    /// Best, which is lowest, first.
    package let asks: [DepthLevel]

    package init(asset: AssetID, bids: [DepthLevel], asks: [DepthLevel]) {
        self.asset = asset
        self.bids = bids
        self.asks = asks
    }
}

/// What can be borrowed inside one close, and what that costs.
package struct FlashPool: Hashable, Sendable {
    package let asset: AssetID
    package let available: UInt256
    package let premiumBps: UInt64

    package init(asset: AssetID, available: UInt256, premiumBps: UInt64) {
        self.asset = asset
        self.available = available
        self.premiumBps = premiumBps
    }
}
