package import KeeperModel
import WideMath

extension MorphoBlueTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), loan: try object.value("loan"),
            collateral: try object.value("collateral"),
            collateralDecimals: try object.integer("collateralDecimals"),
            lltvWad: try object.quotedInteger("lltvWad"), policy: try object.value("policy"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("loan", loan)
        json.member("collateral", collateral)
        json.member("collateralDecimals", UInt64(collateralDecimals))
        json.member("lltvWad", lltvWad)
        json.member("policy", policy)
        json.endObject()
    }
}

extension EulerVaultTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), debt: try object.value("debt"),
            debtDecimals: try object.integer("debtDecimals"),
            collaterals: try object.value("collaterals"),
            maxDiscountBps: try object.uint64("maxDiscountBps"),
            policy: try object.value("policy"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("debt", debt)
        json.member("debtDecimals", UInt64(debtDecimals))
        json.member("collaterals", collaterals)
        json.member("maxDiscountBps", maxDiscountBps)
        json.member("policy", policy)
        json.endObject()
    }
}

extension EulerVaultTerms.Collateral: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"), decimals: try object.integer("decimals"),
            initialBps: try object.uint64("initialBps"), targetBps: try object.uint64("targetBps"),
            targetAtSeconds: try object.uint64("targetAtSeconds"),
            durationSeconds: try object.uint64("durationSeconds"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("decimals", UInt64(decimals))
        json.member("initialBps", initialBps)
        json.member("targetBps", targetBps)
        json.member("targetAtSeconds", targetAtSeconds)
        json.member("durationSeconds", durationSeconds)
        json.endObject()
    }
}

extension CompoundTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), base: try object.value("base"),
            baseDecimals: try object.integer("baseDecimals"),
            collaterals: try object.value("collaterals"),
            storefrontPriceFactorWad: try object.quotedInteger("storefrontPriceFactorWad"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("base", base)
        json.member("baseDecimals", UInt64(baseDecimals))
        json.member("collaterals", collaterals)
        json.member("storefrontPriceFactorWad", storefrontPriceFactorWad)
        json.endObject()
    }
}

extension CompoundTerms.Collateral: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"), decimals: try object.integer("decimals"),
            liquidateFactorWad: try object.quotedInteger("liquidateFactorWad"),
            liquidationFactorWad: try object.quotedInteger("liquidationFactorWad"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("decimals", UInt64(decimals))
        json.member("liquidateFactorWad", liquidateFactorWad)
        json.member("liquidationFactorWad", liquidationFactorWad)
        json.endObject()
    }
}

/// The version is the kind of the market that the terms stand beside.
extension LiquityTerms {
    init(_ json: JSONReader, version: Version) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), version: version,
            collateral: try object.value("collateral"), debt: try object.value("debt"),
            minimumRatioWad: try object.quotedInteger("minimumRatioWad"),
            gasReserve: try object.quotedInteger("gasReserve"),
            poolPenaltyWad: try object.quotedInteger("poolPenaltyWad"),
            redistributionPenaltyWad: try object.quotedInteger("redistributionPenaltyWad"))
        try object.finish()
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("collateral", collateral)
        json.member("debt", debt)
        json.member("minimumRatioWad", minimumRatioWad)
        json.member("gasReserve", gasReserve)
        json.member("poolPenaltyWad", poolPenaltyWad)
        json.member("redistributionPenaltyWad", redistributionPenaltyWad)
        json.endObject()
    }
}

extension MakerVaultTerms: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), collateral: try object.value("collateral"),
            collateralDecimals: try object.integer("collateralDecimals"),
            debt: try object.value("debt"),
            liquidationRatioRay: try object.quotedInteger("liquidationRatioRay"),
            chopWad: try object.quotedInteger("chopWad"),
            dustUnits: try object.quotedInteger("dustUnits"),
            holeUnits: try object.quotedInteger("holeUnits"),
            auction: try object.value("auction"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("collateral", collateral)
        json.member("collateralDecimals", UInt64(collateralDecimals))
        json.member("debt", debt)
        json.member("liquidationRatioRay", liquidationRatioRay)
        json.member("chopWad", chopWad)
        json.member("dustUnits", dustUnits)
        json.member("holeUnits", holeUnits)
        json.member("auction", auction)
        json.endObject()
    }
}

extension MakerVaultTerms.Auction: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            startFactorRay: try object.quotedInteger("startFactorRay"),
            curve: try Self.curve(in: &object),
            tailSeconds: try object.uint64("tailSeconds"),
            cuspRay: try object.quotedInteger("cuspRay"),
            tipUnits: try object.quotedInteger("tipUnits"),
            chipWad: try object.quotedInteger("chipWad"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("startFactorRay", startFactorRay)
        write(curve, to: &json)
        json.member("tailSeconds", tailSeconds)
        json.member("cuspRay", cuspRay)
        json.member("tipUnits", tipUnits)
        json.member("chipWad", chipWad)
        json.endObject()
    }

    /// Which curve it is, its own words say: `tauSeconds` falls in a line to nothing, `cutRay` is
    /// what is left after each second or, with `stepSeconds`, after each step.
    private static func curve(
        in object: inout ObjectReader
    ) throws(JSONReadError) -> MakerPriceCurve {
        if let tau = object.optional("tauSeconds") { return .linear(tauSeconds: try tau.uint64) }
        let cut: UInt256 = try object.quotedInteger("cutRay")
        guard let step = object.optional("stepSeconds") else { return .exponential(cutRay: cut) }
        return .stairstep(cutRay: cut, stepSeconds: try step.uint64)
    }

    private func write(_ curve: MakerPriceCurve, to json: inout JSONWriter) {
        switch curve {
        case .linear(let tau): json.member("tauSeconds", tau)
        case .stairstep(let cut, let step):
            json.member("cutRay", cut)
            json.member("stepSeconds", step)
        case .exponential(let cut): json.member("cutRay", cut)
        }
    }
}
