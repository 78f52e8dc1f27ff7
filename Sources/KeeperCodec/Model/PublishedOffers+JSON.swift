package import KeeperModel
import WideMath

/// What is asked is a price rule: `fixed` is asked for the whole, `atLeast` is the least that a
/// sealed bid may be, `shared` is paid by all together who committed capacity.
extension OfferAllocation {
    fileprivate var priceRule: String {
        switch self {
        case .claim: "fixed"
        case .sealedBid: "atLeast"
        case .proRata: "shared"
        }
    }
}

extension PublishedOffer: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let id: AccountID = try object.value("id")
        let market: MarketID = try object.value("market")
        let version = try object.uint64("version")
        // Venues of ours only ever sell. Whatever else came, a keeper must not half understand it.
        _ = try object.required("side").choice(["sell": ()])
        let takeAsset: AssetID = try object.value("asset")
        let takeAmount: UInt256 = try object.quotedInteger("size")
        var price = try object.required("price").object()
        let allocation = try price.required("rule").choice([
            "fixed": OfferAllocation.claim, "atLeast": .sealedBid, "shared": .proRata,
        ])
        let payAsset: AssetID = try price.value("asset")
        let payAmount: UInt256 = try price.quotedInteger("amount")
        try price.finish()
        let closes = try object.optional("closesAtHeight").map {
            (json) throws(JSONReadError) in try json.uint64
        }
        let expires = try object.uint64("expiresAtHeight")
        try object.finish()
        self.init(
            market: market, id: id, version: version, payAsset: payAsset, allocation: allocation,
            position: OfferPosition(
                payAmount: payAmount, takeAsset: takeAsset, takeAmount: takeAmount,
                closesAtHeight: closes, expiresAtHeight: expires))
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("market", market)
        json.member("version", version)
        json.member("side", "sell")
        json.member("asset", position.takeAsset)
        json.member("size", position.takeAmount)
        json.key("price")
        json.beginObject()
        json.member("rule", allocation.priceRule)
        json.member("asset", payAsset)
        json.member("amount", position.payAmount)
        json.endObject()
        if let closes = position.closesAtHeight { json.member("closesAtHeight", closes) }
        json.member("expiresAtHeight", position.expiresAtHeight)
        json.endObject()
    }
}

extension MarketOffers: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), offers: try object.value("offers"),
            withdrawn: try object.value("withdrawn"))
        try object.finish()
        guard offers.allSatisfy({ $0.market == market }) else {
            throw json.refused("offers of their own market")
        }
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("offers", offers)
        json.member("withdrawn", withdrawn)
        json.endObject()
    }
}

extension [MarketOffers] {
    /// Over the text of all of them: equal offers write equal text.
    package var stateHash: String {
        var hasher = SHA256()
        for market in self { hasher.update(market.jsonBytes) }
        return "0x" + Hex.encode(hasher.finish())
    }
}
