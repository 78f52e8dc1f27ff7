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
