package import KeeperModel
import WideMath

extension ReserveTransfer {
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            asset: try object.value("asset"), amount: try object.quotedInteger("amount"),
            direction: try object.word("direction"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("asset", asset)
        json.member("amount", amount)
        json.member("direction", direction.rawValue)
    }
}

extension TransferOrder: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            clientID: try object.value("clientId"), transfer: try ReserveTransfer(&object),
            validUntilHeight: try object.uint64("validUntilHeight"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("clientId", clientID)
        transfer.writeMembers(to: &json)
        json.member("validUntilHeight", validUntilHeight)
        json.endObject()
    }
}

extension PastTransfer: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            domain: try object.value("domain"), asset: try object.value("asset"),
            amount: try object.quotedInteger("amount"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("domain", domain)
        json.member("asset", asset)
        json.member("amount", amount)
        json.endObject()
    }
}
