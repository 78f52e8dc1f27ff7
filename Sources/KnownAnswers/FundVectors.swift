import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// Section `fund`: income, solvency, measures.
let fundVectors = VectorSection(names: ["fund"]) { question in
    let operation = try question.inputs.required("op").string
    switch operation {
    case "income": return try income(&question.inputs)
    case "solvency": return try solvency(&question.inputs)
    case "measures": return try measures(&question.inputs)
    default: throw UnknownOperation(name: operation)
    }
}

private func income(_ inputs: inout ObjectReader) throws -> JSONValue {
    var object = try inputs.required("fundRule").object()
    var overflow = try object.required("overflow").object()
    let rule = FundRule(
        floor: try object.int64("floor"), target: try object.int64("target"),
        feeSharePpm: try object.int64("feeSharePpm"),
        overflowLpsPpm: try overflow.int64("lpsPpm"),
        overflowStakersPpm: try overflow.int64("stakersPpm"),
        overflowTreasuryPpm: try overflow.int64("treasuryPpm"))
    try overflow.finish()
    try object.finish()
    let state = try SettlementState(reading: inputs.required("state"))
    let result = try state.receiveFee(inputs.int64("amount"), under: rule)
    return .record([
        "lines": .list(result.lines, \.vectorValue), "state": result.state.vectorValue,
    ])
}

private func solvency(_ inputs: inout ObjectReader) throws -> JSONValue {
    var prices = try inputs.required("prices").object()
    let report = try SolvencyReport(
        fund: inputs.int64("fund"),
        prices: prices.entries().map {
            AssetPrice(asset: $0.key, price: try $0.value.int64Text())
        },
        accounts: inputs.required("accounts").array(of: readStressedAccount),
        rule: readStress(inputs.required("stress")))
    return .record([
        "losses": .object(report.losses.map { JSONMember($0.shock, .text($0.amount)) }),
        "worst": .textOrNull(report.worst?.shock),
        "stressLoss": .text(report.worst?.amount ?? 0),
        "solvencyPpm": .text(report.solvencyPpm),
    ])
}

private func readStressedAccount(_ reader: JSONReader) throws(JSONReadError) -> StressedAccount {
    var object = try reader.object()
    _ = try object.required("id").string
    let account = StressedAccount(
        cash: try object.int64("cash"), legs: try object.required("legs").array(of: readLeg))
    try object.finish()
    return account
}

private func readLeg(_ reader: JSONReader) throws(JSONReadError) -> StressedAccount.Leg {
    var object = try reader.object()
    let leg = StressedAccount.Leg(
        asset: try object.required("asset").string, lots: try object.int64("lots"))
    try object.finish()
    return leg
}

private func readStress(_ reader: JSONReader) throws(JSONReadError) -> StressRule {
    var object = try reader.object()
    let rule = StressRule(
        exitCostPpm: try object.int64("exitCostPpm"),
        shocks: try object.required("shocks").array(of: readShock))
    try object.finish()
    return rule
}

private func readShock(_ reader: JSONReader) throws(JSONReadError) -> Shock {
    var object = try reader.object()
    var assets = try object.required("assets").object()
    var moves: [AssetMove] = []
    for (asset, value) in assets.entries() {
        moves.append(AssetMove(asset: asset, movePpm: try value.int64Text()))
    }
    let shock = Shock(
        name: try object.required("name").string, defaultPpm: try object.int64("defaultPpm"),
        assetMovesPpm: moves)
    try object.finish()
    return shock
}

private func measures(_ inputs: inout ObjectReader) throws -> JSONValue {
    let measures = try SettlementMeasures(
        closes: inputs.required("closes").array(of: readMeasuredClose),
        fundBalances: inputs.required("fund").array(of: { (reader) throws(JSONReadError) in
            try reader.int64Text()
        }))
    return .record([
        "recoveryPpm": .text(measures.recoveryPpm), "deficitPpm": .text(measures.deficitPpm),
        "drawdown": .text(measures.drawdown), "drawdownPpm": .text(measures.drawdownPpm),
    ])
}

private func readMeasuredClose(
    _ reader: JSONReader
) throws(JSONReadError) -> SettlementMeasures.Close {
    var object = try reader.object()
    let close = SettlementMeasures.Close(
        notional: try object.int64("notional"), proceeds: try object.int64("proceeds"),
        obligations: try object.int64("obligations"))
    try object.finish()
    return close
}
