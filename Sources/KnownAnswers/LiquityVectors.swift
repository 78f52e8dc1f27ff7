import KeeperCodec
import LiquidationRules
import WideMath

/// Section `liquity`: how a trove is shared out, in both versions, and the pool's product.
let liquityVectors = VectorSection(names: ["liquity"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("P") != nil { return try poolProduct(&inputs) }
    if inputs.optional("boldInSPForOffsets") != nil { return try secondVersion(&inputs) }
    if inputs.optional("sp") != nil { return try firstVersion(&inputs) }
    return try ratioAndCap(&inputs)
}

private func firstVersion(_ inputs: inout ObjectReader) throws -> JSONValue {
    let split = try LiquityV1.Split(
        debt: inputs.uint256("debt"), collateral: inputs.uint256("coll"),
        pool: inputs.uint256("sp"))
    return .record([
        "collGasCompensation": .text(split.gasCompensation),
        "lusdGasCompensation": .text(LiquityV1.gasReserve),
        "debtToOffset": .text(split.debtOffset), "collToSendToSP": .text(split.collateralToPool),
        "debtToRedistribute": .text(split.debtRedistributed),
        "collToRedistribute": .text(split.collateralRedistributed),
    ])
}

/// The ratio decides whether a trove may be closed; in recovery mode a healthy one is capped.
private func ratioAndCap(_ inputs: inout ObjectReader) throws -> JSONValue {
    let debt = try inputs.uint256("debt")
    let collateral = try inputs.uint256("coll")
    let price = try inputs.uint256("price")
    let ratio = try LiquityV1.collateralRatioWad(
        collateral: collateral, debt: debt, price: price)
    let isLiquidatable = ratio < LiquityV1.minimumRatioWad
    var members = [
        JSONMember("icr", .text(ratio)), JSONMember("liquidatable", .bool(isLiquidatable)),
    ]
    if !isLiquidatable {
        let capped = try LiquityV1.CappedOffset(debt: debt, collateral: collateral, price: price)
        members += [
            JSONMember("cappedColl", .text(capped.cappedCollateral)),
            JSONMember("collGasCompensation", .text(capped.gasCompensation)),
            JSONMember("collToSendToSP", .text(capped.collateralToPool)),
            JSONMember("collSurplus", .text(capped.collateralSurplus)),
        ]
    }
    return .object(members)
}

private func secondVersion(_ inputs: inout ObjectReader) throws -> JSONValue {
    let terms = LiquityV2Split.Terms(
        price: try inputs.uint256("price"),
        poolPenaltyWad: try inputs.uint256("liquidationPenaltySP"),
        redistributionPenaltyWad: try inputs.uint256("liquidationPenaltyRedistribution"))
    let split = try LiquityV2Split(
        debt: inputs.uint256("debt"), collateral: inputs.uint256("coll"),
        pool: inputs.uint256("boldInSPForOffsets"), terms: terms)
    return .record([
        "debtToOffset": .text(split.debtOffset), "collToSendToSP": .text(split.collateralToPool),
        "collGasCompensation": .text(split.gasCompensation),
        "debtToRedistribute": .text(split.debtRedistributed),
        "collToRedistribute": .text(split.collateralRedistributed),
        "collSurplus": .text(split.collateralSurplus),
    ])
}

private func poolProduct(_ inputs: inout ObjectReader) throws -> JSONValue {
    var product = LiquityPoolProduct(
        product: try inputs.uint256("P"), lastLossError: try inputs.uint256("lastError"))
    let loss = try product.offset(
        debt: inputs.uint256("debtToOffset"), deposits: inputs.uint256("totalDeposits"))
    return .record([
        "lossPerUnit": .text(loss), "newError": .text(product.lastLossError),
        "newP": .text(product.product),
    ])
}
