import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// Section `aave_math`: fixed-point primitives and compounding.
let aaveMathVectors = VectorSection(names: ["aave_math"]) { question in
    if let name = try question.inputs.optional("fn")?.string {
        let arguments = try question.inputs.required("args").array(
            of: { (reader) throws(JSONReadError) in try reader.uint256Text() })
        return .record(["result": .text(try primitive(name, arguments))])
    }
    let rate = try question.inputs.uint256("rate")
    let elapsed = try question.inputs.required("elapsed").uint64Text()
    func factor(_ compounding: AaveCompounding) throws -> JSONValue {
        .text(try compounding.factor(rateRay: rate, elapsedSeconds: elapsed))
    }
    return .record([
        "v3_4_and_later": try factor(.exponential), "v3_0_to_v3_3": try factor(.binomial),
    ])
}

private typealias Primitive = (UInt256, UInt256, Rounding) throws(ArithmeticError) -> UInt256

/// `rayMulFloor` and its kin: an operation, and a rounding that is half up unless it is named.
private func primitive(_ name: String, _ arguments: [UInt256]) throws -> UInt256 {
    if name == "mulDivCeil", arguments.count == 3 {
        return try narrowMulDiv(
            arguments[0], arguments[1], dividingBy: arguments[2], rounding: .up)
    }
    let operations: KeyValuePairs<String, Primitive> = [
        "percentMul": percentMul, "percentDiv": percentDiv, "wadMul": wadMul, "wadDiv": wadDiv,
        "rayMul": rayMul, "rayDiv": rayDiv,
    ]
    let roundings: KeyValuePairs<String, Rounding> = ["": .halfUp, "Floor": .down, "Ceil": .up]
    for (stem, operation) in operations where arguments.count == 2 {
        for (suffix, rounding) in roundings where stem + suffix == name {
            return try operation(arguments[0], arguments[1], rounding)
        }
    }
    throw UnknownOperation(name: name)
}

/// Section `aave_health_factor`: account data by generation.
let aaveHealthVectors = VectorSection(names: ["aave_health_factor"]) { question in
    let position = AavePosition(
        collateral: try question.inputs.required("collaterals").array(of: readCollateral),
        debts: try question.inputs.required("debts").array(of: readDebt))
    func data(_ generation: AaveGeneration) throws -> JSONValue {
        let data = try position.accountData(generation)
        return .record([
            "totalCollateralBase": .text(data.totalCollateralBase),
            "totalDebtBase": .text(data.totalDebtBase),
            "avgLiquidationThreshold": .text(data.averageThresholdBps),
            "healthFactor": .text(data.healthFactorWad),
        ])
    }
    return .record(["v3_5_and_later": try data(.v3_7), "v3_0_to_v3_4": try data(.v3_3)])
}

private func readCollateral(_ reader: JSONReader) throws(JSONReadError) -> AaveHolding {
    var object = try reader.object()
    let holding = try readHolding(
        &object, prefix: HoldingKeys(index: "liquidityIndex"), threshold: "liqThresholdBps")
    try object.finish()
    return holding
}

private func readDebt(_ reader: JSONReader) throws(JSONReadError) -> AaveHolding {
    var object = try reader.object()
    let holding = try readHolding(&object, prefix: HoldingKeys(index: "variableBorrowIndex"))
    try object.finish()
    return holding
}

/// How one holding's members are called.
private struct HoldingKeys {
    var scaled = "scaled"
    var index: String
    var price = "price"
    var decimals = "decimals"
}

private func readHolding(
    _ object: inout ObjectReader, prefix keys: HoldingKeys, threshold: String? = nil,
    bonus: UInt64 = 10_000, fee: UInt64 = 0
) throws(JSONReadError) -> AaveHolding {
    let decimals = try object.required(keys.decimals).quotedInteger(as: UInt8.self)
    let thresholdBps =
        if let threshold { try object.required(threshold).uint64Text() } else { UInt64(0) }
    let index = try object.uint256(keys.index)
    let reserve = AaveReserve(
        terms: ReserveTerms(
            asset: AssetID("reserve"), decimals: decimals, liquidationThresholdBps: thresholdBps,
            liquidationBonusBps: bonus, protocolFeeBps: fee),
        liquidityIndexRay: index, variableBorrowIndexRay: index,
        price: try object.uint256(keys.price))
    return AaveHolding(reserve: reserve, scaledAmount: try object.uint256(keys.scaled))
}

/// Section `aave_liquidation_call`: a call by generation, and the flash premium.
let aaveLiquidationVectors = VectorSection(names: ["aave_liquidation_call"]) { question in
    if let amount = try question.inputs.optional("amount")?.uint256Text() {
        let premium = try question.inputs.required("premiumBps").uint64Text()
        return .record([
            "v3_5": .text(try AaveGeneration.v3_5.flashPremium(on: amount, premiumBps: premium)),
            "before": .text(try AaveGeneration.v3_3.flashPremium(on: amount, premiumBps: premium)),
        ])
    }
    let call = try readCall(&question.inputs)
    return .record([
        "v3_0_to_3_2": try call.answer(.v3_0), "v3_3_to_3_4": try call.answer(.v3_3),
        "v3_5_to_3_6": try call.answer(.v3_5), "v3_7": try call.answer(.v3_7),
    ])
}

private struct LiquidationCall {
    let account: AaveAccountData
    let collateral: AaveHolding
    let debt: AaveHolding
    let debtToCover: UInt256

    func answer(_ generation: AaveGeneration) throws -> JSONValue {
        let quote = try AaveClose(
            generation: generation, baseUnit: 100_000_000, collateral: collateral, debt: debt,
            debtToCover: debtToCover
        ).quote(account: account)
        var members: KeyValuePairs<String, JSONValue> {
            [
                "borrowerCollateralBalance": .text(quote.collateralBalance),
                "borrowerReserveDebt": .text(quote.reserveDebt),
                "maxLiquidatableDebt": .text(quote.maxLiquidatableDebt),
                "baseCollateral": .text(quote.baseCollateral),
                "maxCollateralToLiquidate": .text(quote.maxCollateralToLiquidate),
                "actualDebtToLiquidate": .text(quote.actualDebtToLiquidate),
                "collateralToLiquidator": .text(quote.collateralToLiquidator),
                "liquidationProtocolFee": .text(quote.protocolFee),
                "revert": .textOrNull(quote.refusal?.rawValue),
                "hasNoCollateralLeft": .bool(quote.hasNoCollateralLeft),
                "deficitCreated": .text(quote.deficitCreated),
            ]
        }
        var result = members.map { JSONMember($0.key, $0.value) }
        if let leftover = quote.leftover {
            result.append(JSONMember("leftoverDebtBase", .text(leftover.debtBase)))
            result.append(JSONMember("leftoverCollateralBase", .text(leftover.collateralBase)))
        }
        if let consumed = quote.scaledConsumedUncapped {
            result.append(JSONMember("scaledConsumedUncapped", .text(consumed)))
        }
        return .object(result)
    }
}

private func readCall(_ inputs: inout ObjectReader) throws -> LiquidationCall {
    let account = AaveAccountData(
        totalCollateralBase: try inputs.uint256("totalCollBase"),
        totalDebtBase: try inputs.uint256("totalDebtBase"), averageThresholdBps: 0,
        healthFactorWad: try inputs.uint256("hf"))
    let bonus = try inputs.required("bonus").uint64Text()
    let fee = try inputs.required("fee").uint64Text()
    let collateral = try readHolding(
        &inputs,
        prefix: HoldingKeys(
            scaled: "colScaled", index: "colIndex", price: "colPrice", decimals: "colDec"),
        bonus: bonus, fee: fee)
    let debt = try readHolding(
        &inputs,
        prefix: HoldingKeys(
            scaled: "debtScaled", index: "debtIndex", price: "debtPrice", decimals: "debtDec"))
    return LiquidationCall(
        account: account, collateral: collateral, debt: debt,
        debtToCover: try inputs.uint256("debtToCover"))
}
