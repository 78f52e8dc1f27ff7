package import KeeperModel
import WideMath

extension AccountState: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            account: try object.value("account"), version: try object.uint64("version"),
            position: try object.value("position"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("account", account)
        json.member("version", version)
        json.member("position", position)
        json.endObject()
    }
}

extension AccountPosition: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        self =
            switch try kind.string {
            case "lending": .lending(try LendingPosition(&object))
            case "margin": .margin(try MarginPosition(&object))
            case "euler": .euler(try EulerPosition(&object))
            case "goods": .goods(try GoodsPosition(&object))
            case "auction": .auction(try AuctionPosition(&object))
            case "trove": .trove(try TrovePosition(&object))
            case "offer": .offer(try OfferPosition(&object))
            default: throw kind.refused("a known kind of position")
            }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .lending(let position):
            json.member("kind", "lending")
            json.member("collateral", position.collateral)
            json.member("debts", position.debts)
        case .margin(let position):
            json.member("kind", "margin")
            json.member("side", position.side.rawValue)
            json.member("lots", quoted: position.lots)
            json.member("entryPrice", quoted: position.entryPrice)
            json.member("marginUnits", quoted: position.marginUnits)
        case .euler(let position): position.writeMembers(to: &json)
        case .goods(let position): position.writeMembers(to: &json)
        case .auction(let position): position.writeMembers(to: &json)
        case .trove(let position): position.writeMembers(to: &json)
        case .offer(let position): position.writeMembers(to: &json)
        }
        json.endObject()
    }
}

extension LendingPosition {
    fileprivate init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(collateral: try object.value("collateral"), debts: try object.value("debts"))
    }
}

extension MarginPosition {
    fileprivate init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            side: try object.word("side"), lots: try object.quotedInteger("lots"),
            entryPrice: try object.quotedInteger("entryPrice"),
            marginUnits: try object.quotedInteger("marginUnits"))
    }
}

extension ScaledBalance: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"),
            scaledAmount: try object.quotedInteger("scaledAmount"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("scaledAmount", scaledAmount)
        json.endObject()
    }
}

extension PriceUpdate: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"), kind: try object.word("kind"),
            price: try object.quotedInteger("price"), round: try object.uint64("round"),
            sourceAt: try object.value("sourceAt"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("kind", kind.rawValue)
        json.member("price", price)
        json.member("round", round)
        json.member("sourceAt", sourceAt)
        json.endObject()
    }
}

extension DepthBook: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"), bids: try object.value("bids"),
            asks: try object.value("asks"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("bids", bids)
        json.member("asks", asks)
        json.endObject()
    }
}

extension DepthLevel: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            price: try object.quotedInteger("price"),
            quantity: try object.quotedInteger("quantity"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("price", quoted: price)
        json.member("quantity", quantity)
        json.endObject()
    }
}

extension FlashPool: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"), available: try object.quotedInteger("available"),
            premiumBps: try object.uint64("premiumBps"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("available", available)
        json.member("premiumBps", premiumBps)
        json.endObject()
    }
}
