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
