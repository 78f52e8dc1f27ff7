import KeeperCodec
import LiquidationRules
import WideMath

/// Section `morpho_blue`: incentive factors, closes, compounding.
let morphoVectors = VectorSection(names: ["morpho_blue"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("bShares") != nil { return try close(&inputs) }
    if inputs.optional("lltv") != nil {
        let factor = try morphoIncentiveFactor(lltvWad: inputs.uint256("lltv"))
        return .record(["lif": .text(factor)])
    }
    let growth = try morphoCompounded(
        ratePerSecondWad: inputs.uint256("x"), elapsedSeconds: inputs.required("n").uint64Text())
    return .record(["result": .text(growth)])
}

private func readRequest(_ inputs: inout ObjectReader) throws -> MorphoRequest {
    if let seized = inputs.optional("seized") { return .seize(assets: try seized.uint256Text()) }
    return .repay(shares: try inputs.uint256("repaidShares"))
}

private func close(_ inputs: inout ObjectReader) throws -> JSONValue {
    let position = MorphoPosition(
        collateral: try inputs.uint256("coll"), borrowShares: try inputs.uint256("bShares"))
    let terms = MorphoTerms(
        lltvWad: try inputs.uint256("lltv"), price: try inputs.uint256("price"))
    let totals = MorphoTotals(
        supplyAssets: try inputs.uint256("tsa"), borrowAssets: try inputs.uint256("tba"),
        borrowShares: try inputs.uint256("tbs"))
    let close = try MorphoClose(
        readRequest(&inputs), of: position, terms: terms, totals: totals)
    return .record([
        "borrowed": .text(close.borrowed), "maxBorrow": .text(close.maxBorrow),
        "healthy": .bool(close.isHealthy), "lif": .text(close.incentiveFactorWad),
        "seizedAssets": .text(close.seizedAssets), "repaidShares": .text(close.repaidShares),
        "repaidAssets": .text(close.repaidAssets), "badDebtShares": .text(close.badDebtShares),
        "badDebtAssets": .text(close.badDebtAssets),
        "after": .record([
            "borrowShares": .text(close.position.borrowShares),
            "collateral": .text(close.position.collateral),
            "totalBorrowAssets": .text(close.totals.borrowAssets),
            "totalBorrowShares": .text(close.totals.borrowShares),
            "totalSupplyAssets": .text(close.totals.supplyAssets),
        ]),
    ])
}
