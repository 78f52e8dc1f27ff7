import KeeperModel
import WideMath

extension EulerPosition {
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            collateral: try object.value("collateral"),
            owedExact: try object.quotedInteger("owedExact"),
            accumulatorRay: try object.quotedInteger("accumulatorRay"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("kind", "euler")
        json.member("collateral", collateral)
        json.member("owedExact", owedExact)
        json.member("accumulatorRay", accumulatorRay)
    }
}

extension GoodsPosition {
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            asset: try object.value("asset"), quantity: try object.quotedInteger("quantity"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("kind", "goods")
        json.member("asset", asset)
        json.member("quantity", quantity)
    }
}

extension TrovePosition {
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            collateral: try object.quotedInteger("collateral"),
            debt: try object.quotedInteger("debt"), stake: try object.quotedInteger("stake"),
            collateralSnapshot: try object.quotedInteger("collateralSnapshot"),
            debtSnapshot: try object.quotedInteger("debtSnapshot"),
            annualRateWad: try object.quotedInteger("annualRateWad"),
            debtUpdatedAtSeconds: try object.uint64("debtUpdatedAtSeconds"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("kind", "trove")
        json.member("collateral", collateral)
        json.member("debt", debt)
        json.member("stake", stake)
        json.member("collateralSnapshot", collateralSnapshot)
        json.member("debtSnapshot", debtSnapshot)
        json.member("annualRateWad", quoted: annualRateWad)
        json.member("debtUpdatedAtSeconds", debtUpdatedAtSeconds)
    }
}

extension AuctionPosition {
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            tab: try object.quotedInteger("tab"), lot: try object.quotedInteger("lot"),
            topRay: try object.quotedInteger("topRay"),
            startedAtSeconds: try object.uint64("startedAtSeconds"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("kind", "auction")
        json.member("tab", tab)
        json.member("lot", lot)
        json.member("topRay", topRay)
        json.member("startedAtSeconds", startedAtSeconds)
    }
}
