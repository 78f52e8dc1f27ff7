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
