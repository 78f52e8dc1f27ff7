import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// Section `dynamic_margin`: volatility and maintenance.
let marginVectors = VectorSection(names: ["dynamic_margin"]) { question in
    let operation = try question.inputs.required("op").string
    switch operation {
    case "volatility": return try volatility(&question.inputs)
    case "maintenance": return try maintenance(&question.inputs)
    default: throw UnknownOperation(name: operation)
    }
}

private func volatility(_ inputs: inout ObjectReader) throws -> JSONValue {
    var rule = try inputs.required("rule").object()
    var estimate = try VolatilityEstimate(
        rule: VolatilityRule(
            lambdaPpm: rule.int64("lambdaPpm"), initialVariance: rule.int64("initialVariance"),
            initialRatePpm: rule.int64("initialRatePpm"),
            multiplierPpm: rule.int64("multiplierPpm"), capPpm: rule.int64("capPpm"),
            maxRisePpm: rule.int64("maxRisePpm")))
    try rule.finish()
    var steps: [VolatilityEstimate] = []
    for reader in try inputs.required("prices").array() {
        try estimate.step(price: reader.int64Text())
        steps.append(estimate)
    }
    // The first price only says where the first move starts.
    let moves = Array(steps.dropFirst())
    return .record([
        "variance": .list(moves) { .text($0.variance) },
        "sigma": .list(moves) { .text($0.sigma) },
        "ratePpm": .list(moves) { .text($0.ratePpm) },
    ])
}

private func maintenance(_ inputs: inout ObjectReader) throws -> JSONValue {
    let schedule = try readSchedule(&inputs)
    let notional = try inputs.required("notional").int64Text()
    guard notional >= 0 else { throw SettlementError.outOfRange("notional") }
    let index = schedule.tierIndex(of: Int256(notional))
    let tier = schedule.tiers[index]
    return .record([
        "tier": .text(index), "ratePpm": .text(tier.ratePpm),
        "cumulativeE6": .text(tier.cumulativeE6),
        "maintenance": .text(schedule.maintenance(of: Int256(notional))),
    ])
}

func readSchedule(_ inputs: inout ObjectReader) throws -> MaintenanceSchedule {
    let tiers = try inputs.required("tiers").array(of: readTier)
    return try MaintenanceSchedule(tiers, volatilityRatePpm: inputs.int64("volatilityRatePpm"))
}

private func readTier(_ reader: JSONReader) throws(JSONReadError) -> MarginTier {
    var object = try reader.object()
    let tier = MarginTier(
        upTo: try object.int64("upTo"), ratePpm: try object.int64("ratePpm"))
    try object.finish()
    return tier
}
