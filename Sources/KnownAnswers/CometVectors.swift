import KeeperCodec
import LiquidationRules
import WideMath

/// Section `compound3`: storefront, liquidation check, absorption, accrual.
let cometVectors = VectorSection(names: ["compound3"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("spf") != nil { return try storefront(&inputs) }
    if inputs.optional("borrowRatePerSecond") != nil { return try accrual(&inputs) }
    if inputs.optional("baseSupplyIndex") != nil { return try absorption(&inputs) }
    return try health(&inputs)
}

private func storefront(_ inputs: inout ObjectReader) throws -> JSONValue {
    let front = try CometStorefront(
        assetPrice: inputs.uint256("assetPrice"), assetScale: inputs.uint256("assetScale"),
        liquidationFactor: inputs.uint256("lf"), priceFactor: inputs.uint256("spf"))
    let amount = try front.collateral(
        forBase: inputs.uint256("baseAmount"), basePrice: inputs.uint256("basePrice"),
        baseScale: inputs.uint256("baseScale"))
    return .record([
        "discountFactor": .text(front.discountFactor),
        "assetPriceDiscounted": .text(front.discountedPrice), "collateralAmount": .text(amount),
    ])
}

private func accrual(_ inputs: inout ObjectReader) throws -> JSONValue {
    let index = try cometAccruedIndex(
        inputs.uint256("baseBorrowIndex"), ratePerSecond: inputs.uint256("borrowRatePerSecond"),
        elapsedSeconds: inputs.required("elapsed").uint64Text())
    return .record(["newIndex": .text(index)])
}

private func readBase(_ inputs: inout ObjectReader) throws -> CometLoanAsset {
    CometLoanAsset(
        price: try inputs.uint256("basePrice"), scale: try inputs.uint256("baseScale"),
        borrowIndex: try inputs.uint256("baseBorrowIndex"))
}

private func readCollaterals(
    _ inputs: inout ObjectReader, factor: String
) throws -> [CometCollateral] {
    try inputs.required("collaterals").array().map { reader in
        var object = try reader.object()
        let collateral = CometCollateral(
            balance: try object.uint256("balance"), price: try object.uint256("price"),
            scale: try object.uint256("scale"), factor: try object.uint256(factor))
        try object.finish()
        return collateral
    }
}

private func health(_ inputs: inout ObjectReader) throws -> JSONValue {
    let health = try CometHealth(
        principal: inputs.int256("principal"), base: readBase(&inputs),
        collaterals: readCollaterals(&inputs, factor: "liquidateCollateralFactor"))
    return .record([
        "isLiquidatable": .bool(health.isLiquidatable),
        "finalLiquidity": .textOrNull(health.liquidity),
    ])
}

private func absorption(_ inputs: inout ObjectReader) throws -> JSONValue {
    let principal = try inputs.required("principal")
    guard try principal.int256Text().isNegative else { throw principal.refused("a debt") }
    let absorption = try CometAbsorption(
        principal: principal.int256Text(), base: readBase(&inputs),
        supplyIndex: inputs.uint256("baseSupplyIndex"),
        collaterals: readCollaterals(&inputs, factor: "liquidationFactor"))
    return .record([
        "oldBalance": .text(absorption.oldBalance), "deltaValue": .text(absorption.deltaValue),
        "deltaBalance": .text(absorption.deltaBalance),
        "newBalance": .text(absorption.newBalance),
        "newPrincipal": .text(absorption.newPrincipal),
        "basePaidOut": .text(absorption.basePaidOut),
        "usdValueBasePaidOut": .text(absorption.valuePaidOut),
        "collateralUsdValues": .list(absorption.collateralValues, JSONValue.text),
        "badDebtAbsorbedByReserves": .bool(absorption.leavesBadDebt),
    ])
}
