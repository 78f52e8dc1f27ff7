package import KeeperModel
import WideMath

extension AttemptTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            number: try object.uint64("number"), purpose: try object.word("purpose"),
            lane: try object.value("lane"),
            bid: try object.valueIfPresent("bid"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("number", number)
        json.member("purpose", purpose.rawValue)
        json.member("lane", lane)
        if let bid { json.member("bid", bid) }
        json.endObject()
    }
}

extension Lane: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(name: try object.value("name"), laneClass: try object.word("class"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        json.member("class", laneClass.rawValue)
        json.endObject()
    }
}

extension GasBid: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            nonce: try object.uint64("nonce"), gasLimit: try object.uint64("gasLimit"),
            feeMax: try object.quotedInteger("feeMax"), tip: try object.quotedInteger("tip"),
            costMaxUnits: try object.quotedInteger("costMaxUnits"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("nonce", nonce)
        json.member("gasLimit", gasLimit)
        json.member("feeMax", feeMax)
        json.member("tip", tip)
        json.member("costMaxUnits", costMaxUnits)
        json.endObject()
    }
}

extension ChainTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            gasAsset: try object.value("gasAsset"),
            finalityHeights: try object.uint64("finalityHeights"),
            bumpMinPpm: try object.uint64("bumpMinPpm"),
            gasPerClose: try object.uint64("gasPerClose"),
            gasPerCancel: try object.uint64("gasPerCancel"), lanes: try object.value("lanes"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("gasAsset", gasAsset)
        json.member("finalityHeights", finalityHeights)
        json.member("bumpMinPpm", bumpMinPpm)
        json.member("gasPerClose", gasPerClose)
        json.member("gasPerCancel", gasPerCancel)
        json.member("lanes", lanes)
        json.endObject()
    }
}

extension ChainNews: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            gas: GasPrice(
                baseFee: try object.quotedInteger("baseFee"),
                usualTip: try object.quotedInteger("usualTip")),
            nextNonce: try object.uint64("nextNonce"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("baseFee", gas.baseFee)
        json.member("usualTip", gas.usualTip)
        json.member("nextNonce", nextNonce)
        json.endObject()
    }
}
