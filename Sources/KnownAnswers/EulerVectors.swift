import KeeperCodec
import LiquidationRules
import WideMath

/// Section `euler_v2`: the most that one liquidation may repay and take.
let eulerVectors = VectorSection(names: ["euler_v2"]) { question in
    let values = try readList(&question.inputs, "collateralMidValues") { reader in
        try reader.uint256Text()
    }
    let loanToValues = try readList(&question.inputs, "ltvBps") { reader in
        try reader.uint64Text()
    }
    guard values.count == loanToValues.count else { throw UnevenLists() }
    let situation = EulerClose.Situation(
        liabilityValue: try question.inputs.uint256("liabilityValue"),
        debtAssets: try question.inputs.uint256("debtAssets"),
        seizedValue: try question.inputs.uint256("seizedCollateralMidValue"),
        seizedBalance: try question.inputs.uint256("collateralBalance"),
        maxDiscountBps: try question.inputs.required("maxLiquidationDiscountBps").uint64Text())
    let close = try EulerClose(
        situation,
        collaterals: zip(values, loanToValues).map {
            EulerClose.Collateral(value: $0, loanToValueBps: $1)
        })
    return .record([
        "collateralAdjustedValue": .text(close.adjustedCollateral),
        "discountFactor": .textOrNull(close.discountFactorWad),
        "minDiscountFactor": .text(close.minDiscountFactorWad), "maxRepay": .text(close.maxRepay),
        "maxYield": .text(close.maxYield),
    ])
}

private struct UnevenLists: Error, CustomStringConvertible {
    let description = "as many values as loan-to-values are needed"
}

private func readList<Element>(
    _ inputs: inout ObjectReader, _ key: String, _ read: (JSONReader) throws -> Element
) throws -> [Element] {
    try inputs.required(key).array().map(read)
}
