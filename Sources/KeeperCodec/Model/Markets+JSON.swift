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
            chain: try object.valueIfPresent("chain"),
            settlementKey: try object.optional("settlementKey")?.bytes(count: 32))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("quote", quote)
        json.member("assets", assets)
        json.member("markets", markets)
        json.member("capabilities", capabilities)
        if let chain { json.member("chain", chain) }
        if let settlementKey {
            json.key("settlementKey")
            json.hex(settlementKey)
        }
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
            callsPerHeight: try object.uint64("callsPerHeight"),
            // Said only by venues that do.
            triesCloses: try object.optional("triesCloses").map { (json) throws(JSONReadError) in
                try json.bool
            } ?? false,
            movesReserve: try object.optional("movesReserve").map {
                (json) throws(JSONReadError) in try json.bool
            } ?? false)
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("isAtomic", isAtomic)
        json.member("hasFlash", hasFlash)
        json.member("allowsPartial", allowsPartial)
        json.member("canVoid", canVoid)
        json.member("callsPerHeight", callsPerHeight)
        if triesCloses { json.member("triesCloses", true) }
        if movesReserve { json.member("movesReserve", true) }
        json.endObject()
    }
}

extension MarketTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        let terms = try object.required("terms")
        self =
            switch try kind.string {
            case "lending": .lending(try LendingTerms(terms))
            case "margin": .margin(try MarginTerms(terms))
            case "morphoBlue": .morphoBlue(try MorphoBlueTerms(terms))
            case "euler": .euler(try EulerVaultTerms(terms))
            case "compound": .compound(try CompoundTerms(terms))
            case "maker": .maker(try MakerVaultTerms(terms))
            case "offers": .offers(try OfferTerms(terms))
            case "liquityV1": .liquity(try LiquityTerms(terms, version: .v1))
            case "liquityV2": .liquity(try LiquityTerms(terms, version: .v2))
            default: throw kind.refused("a known kind of market")
            }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", protocolName)
        json.key("terms")
        switch self {
        case .lending(let terms): terms.write(to: &json)
        case .margin(let terms): terms.write(to: &json)
        case .morphoBlue(let terms): terms.write(to: &json)
        case .euler(let terms): terms.write(to: &json)
        case .compound(let terms): terms.write(to: &json)
        case .maker(let terms): terms.write(to: &json)
        case .liquity(let terms): terms.write(to: &json)
        case .offers(let terms): terms.write(to: &json)
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

extension MarketFigures: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(market: try object.value("market"), figures: try object.value("figures"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("figures", figures)
        json.endObject()
    }
}

extension MarketFigure: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            try object.word("name"), of: try object.valueIfPresent("asset"),
            try object.quotedInteger("value"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name.rawValue)
        if let asset { json.member("asset", asset) }
        json.member("value", value)
        json.endObject()
    }
}
