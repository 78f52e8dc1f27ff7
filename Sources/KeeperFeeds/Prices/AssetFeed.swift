package import KeeperModel
package import KeeperTransport

/// One source of one asset, and how often it is asked.
package struct PriceSource: Hashable, Sendable {
    /// For logs, metrics and errors.
    package let name: String
    package let provider: PriceProvider
    package let endpoint: Endpoint
    package let interval: TimeSpan

    package init(
        name: String, provider: PriceProvider, endpoint: Endpoint, interval: TimeSpan
    ) {
        self.name = name
        self.provider = provider
        self.endpoint = endpoint
        self.interval = interval
    }

    /// One price is small and comes at once, or not in time to be worth anything.
    package func request() throws(RequestProblem) -> ReadRequest {
        var limits = ExchangeLimits()
        limits.timeoutMilliseconds = 5_000
        limits.replyBytesMax = PriceProvider.replyBytesMax
        limits.acceptsGzip = true
        return try ReadRequest(
            endpoint, path: provider.path,
            query: provider.query.map { QueryItem($0.name, $0.value) }, limits: limits)
    }
}

/// What to do without a price that sources agree on.
package enum LostPricePolicy: String, Hashable, Sendable, CaseIterable {
    /// Nothing is planned that rests on the asset.
    case refuse
    /// The venue's own price stands alone, and people are told.
    case warn
}

/// What one asset sells for, by whom, and when that is believed.
package struct AssetFeed: Hashable, Sendable {
    package let asset: AssetID
    package let units: PriceUnits
    package let rule: BlendRule
    package let whenLost: LostPricePolicy
    package let sources: [PriceSource]

    package init(
        asset: AssetID, units: PriceUnits, rule: BlendRule, whenLost: LostPricePolicy,
        sources: [PriceSource]
    ) {
        self.asset = asset
        self.units = units
        self.rule = rule
        self.whenLost = whenLost
        self.sources = sources
    }
}
