import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// Section `predictive`: how much to close, before and after the line.
let predictiveVectors = VectorSection(names: ["predictive"]) { question in
    let operation = try question.inputs.required("op").string
    switch operation {
    case "predict": return try predict(&question.inputs)
    case "partialLending": return try partialLending(&question.inputs)
    case "partialMargin": return try partialMargin(&question.inputs)
    default: throw UnknownOperation(name: operation)
    }
}

private func predict(_ inputs: inout ObjectReader) throws -> JSONValue {
    var object = try inputs.required("rule").object()
    let rule = PredictiveRule(
        horizonSteps: try object.int64("horizonSteps"),
        triggerPpm: try object.int64("triggerPpm"), targetPpm: try object.int64("targetPpm"),
        maxStepPpm: try object.int64("maxStepPpm"),
        maxWindowPpm: try object.int64("maxWindowPpm"),
        windowHeights: try object.int64("windowHeights"))
    try object.finish()
    let situation = PredictiveReduction.Situation(
        equity: try inputs.int64("equity"), maintenance: try inputs.int64("maintenance"),
        lots: try inputs.int64("lots"), mark: try inputs.int64("mark"),
        lotStep: try inputs.int64("lotStep"), variance: try inputs.int256("variance"),
        costPpm: try inputs.int64("costPpm"), windowLots: try inputs.int64("windowLots"),
        windowClosed: try inputs.int64("windowClosed"))
    let reduction = try PredictiveReduction(situation, rule: rule)
    return .record([
        "sigma": .text(reduction.sigma), "zPpm": .textOrNull(reduction.zPpm),
        "action": .string(reduction.action.rawValue), "needLots": .text(reduction.needLots),
        "closeLots": .text(reduction.closeLots),
        "zAfterPpm": .textOrNull(reduction.zAfterPpm),
    ])
}

private func readPartialRule(_ inputs: inout ObjectReader) throws -> PartialRule {
    var object = try inputs.required("rule").object()
    let rule = PartialRule(
        targetPpm: try object.int64("targetPpm"), maxStepPpm: try object.int64("maxStepPpm"),
        dust: try object.int64("dust"))
    try object.finish()
    return rule
}

private func partialLending(_ inputs: inout ObjectReader) throws -> JSONValue {
    let rule = try readPartialRule(&inputs)
    let close = try PartialLendingClose(
        PartialLendingClose.Situation(
            collateral: inputs.int64("collateral"), debt: inputs.int64("debt"),
            thresholdPpm: inputs.int64("thresholdPpm"), bonusPpm: inputs.int64("bonusPpm")),
        rule: rule)
    return .record([
        "healthPpm": .textOrNull(close.healthPpm), "mode": .string(close.mode.rawValue),
        "reason": .string(close.reason.rawValue), "repay": .text(close.repay),
        "seized": .text(close.seized),
    ])
}

private func partialMargin(_ inputs: inout ObjectReader) throws -> JSONValue {
    let rule = try readPartialRule(&inputs)
    let costPpm = try inputs.int64("ratePpm").addingReportingOverflow(inputs.int64("costPpm"))
    guard !costPpm.overflow else { throw SettlementError.outOfRange("costPpm") }
    let close = try PartialMarginClose(
        PartialMarginClose.Situation(
            lots: inputs.int64("lots"), mark: inputs.int64("mark"),
            equity: inputs.int64("equity"), schedule: readSchedule(&inputs),
            costPpm: costPpm.partialValue, lotStep: inputs.int64("lotStep")),
        rule: rule)
    return .record([
        "maintenance": .text(close.maintenance), "healthPpm": .textOrNull(close.healthPpm),
        "mode": .string(close.mode.rawValue), "reason": .string(close.reason.rawValue),
        "closeLots": .text(close.closeLots),
    ])
}
