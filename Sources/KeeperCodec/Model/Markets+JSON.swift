package import KeeperModel
import WideMath

extension AssetDescription: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(asset: try object.value("asset"), decimals: try object.integer("decimals"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("decimals", UInt64(decimals))
        json.endObject()
    }
}

extension VenueDescription: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            quote: try object.value("quote"), assets: try object.value("assets"),
            markets: try object.value("markets"),
            capabilities: try object.value("capabilities"),
            chain: try object.valueIfPresent("chain"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("quote", quote)
        json.member("assets", assets)
        json.member("markets", markets)
        json.member("capabilities", capabilities)
        if let chain { json.member("chain", chain) }
        json.endObject()
    }
}

extension VenueCapabilities: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            isAtomic: try object.bool("isAtomic"), hasFlash: try object.bool("hasFlash"),
            allowsPartial: try object.bool("allowsPartial"),
            canVoid: try object.bool("canVoid"),
            callsPerHeight: try object.uint64("callsPerHeight"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("isAtomic", isAtomic)
        json.member("hasFlash", hasFlash)
        json.member("allowsPartial", allowsPartial)
        json.member("canVoid", canVoid)
        json.member("callsPerHeight", callsPerHeight)
        json.endObject()
    }
}

extension MarketTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let isLending = try object.required("kind").choice(["lending": true, "margin": false])
        let terms = try object.required("terms")
        self = isLending ? .lending(try LendingTerms(terms)) : .margin(try MarginTerms(terms))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .lending(let terms):
            json.member("kind", "lending")
            json.member("terms", terms)
        case .margin(let terms):
            json.member("kind", "margin")
            json.member("terms", terms)
        }
        json.endObject()
    }
}

extension LendingTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), generation: try object.word("generation"),
            baseUnit: try object.required("baseUnit").integer(in: 1...UInt64.max),
            reserves: try object.value("reserves"),
            policy: try object.value("policy"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("generation", generation.rawValue)
        json.member("baseUnit", baseUnit)
        json.member("reserves", reserves)
        json.member("policy", policy)
        json.endObject()
    }
}

/// Terms that nobody could have meant are refused where they are read, so that no arithmetic has to
/// make sense of them.
extension ReserveTerms: JSONForm {
    /// Ten to this power, times any balance and any price that we hold, is known to fit; tokens
    /// with more are not found among collateral.
    private static let decimalsMax: UInt8 = 36
    private static let wholeBps: UInt64 = 10_000

    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let threshold = try object.required("liquidationThresholdBps")
            .integer(in: 0...Self.wholeBps)
        let bonus = try object.required("liquidationBonusBps")
        self.init(
            asset: try object.value("asset"),
            decimals: try object.required("decimals").integer(in: 0...Self.decimalsMax),
            liquidationThresholdBps: threshold,
            // What is no collateral pays no bonus, and is listed with none.
            liquidationBonusBps: try bonus.integer(
                in: (threshold == 0 ? 0 : Self.wholeBps + 1)...2 * Self.wholeBps),
            protocolFeeBps: try object.required("protocolFeeBps").integer(in: 0...Self.wholeBps))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("decimals", UInt64(decimals))
        json.member("liquidationThresholdBps", liquidationThresholdBps)
        json.member("liquidationBonusBps", liquidationBonusBps)
        json.member("protocolFeeBps", protocolFeeBps)
        json.endObject()
    }
}

extension MarginTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), asset: try object.value("asset"),
            lotStep: try object.quotedInteger("lotStep"), policy: try object.value("policy"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("asset", asset)
        json.member("lotStep", quoted: lotStep)
        json.member("policy", policy)
        json.endObject()
    }
}

extension ReserveIndexes: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"),
            liquidityIndexRay: try object.quotedInteger("liquidityIndexRay"),
            variableBorrowIndexRay: try object.quotedInteger("variableBorrowIndexRay"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("liquidityIndexRay", liquidityIndexRay)
        json.member("variableBorrowIndexRay", variableBorrowIndexRay)
        json.endObject()
    }
}
