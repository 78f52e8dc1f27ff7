import KeeperModel
import WideMath

extension OfferTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), allocation: try object.word("allocation"),
            pay: try object.value("pay"), assets: try object.value("assets"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("allocation", allocation.rawValue)
        json.member("pay", pay)
        json.member("assets", assets)
        json.endObject()
    }
}

extension OfferPosition {
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            payAmount: try object.quotedInteger("payAmount"),
            takeAsset: try object.value("takeAsset"),
            takeAmount: try object.quotedInteger("takeAmount"),
            closesAtHeight: try object.optional("closesAtHeight").map {
                (json) throws(JSONReadError) in try json.uint64
            },
            expiresAtHeight: try object.uint64("expiresAtHeight"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("kind", "offer")
        json.member("payAmount", payAmount)
        json.member("takeAsset", takeAsset)
        json.member("takeAmount", takeAmount)
        if let closesAtHeight { json.member("closesAtHeight", closesAtHeight) }
        json.member("expiresAtHeight", expiresAtHeight)
    }
}
