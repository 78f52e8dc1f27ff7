import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// Section `settlement`: apportioning, reducing, settling, sequences, policies, records.
let settlementVectors = VectorSection(names: ["settlement"]) { question in
    let operation = try question.inputs.required("op").string
    switch operation {
    case "apportion": return try apportion(&question.inputs)
    case "reduce": return try reduce(&question.inputs)
    case "settle": return try settle(&question.inputs)
    case "sequence": return try sequence(&question.inputs)
    case "policy": return try policyErrors(&question.inputs)
    case "record": return try record(&question.inputs)
    default: throw UnknownOperation(name: operation)
    }
}

private func apportion(_ inputs: inout ObjectReader) throws -> JSONValue {
    let total = try inputs.int256("total")
    let weights = try inputs.required("weights").array(of: { (reader) throws(JSONReadError) in
        try reader.int256Text()
    })
    guard total >= 0, weights.allSatisfy({ $0 >= 0 }) else {
        throw SettlementError.outOfRange("total and weights")
    }
    return .record(["parts": .list(split(total, by: weights), JSONValue.text)])
}

private func reduce(_ inputs: inout ObjectReader) throws -> JSONValue {
    let position = MarginPosition(
        side: try inputs.required("side").side(), lots: try inputs.int64("lots"),
        entryPrice: try inputs.int64("entry"), marginUnits: try inputs.int64("margin"))
    let fill = MarginFill(
        value: try inputs.int64("fillValue"), exitCost: try inputs.int64("exitCost"))
    let reduction = try MarginReduction(
        of: position, closing: inputs.int64("close"), fill: fill, mark: inputs.int64("mark"))
    return .record([
        "margin": .text(reduction.releasedMargin), "notional": .text(reduction.notional),
        "proceeds": .text(reduction.proceeds), "obligations": .text(reduction.obligations),
        "surplus": .text(reduction.surplus), "deficit": .text(reduction.deficit),
        "closedEquity": .text(reduction.closedEquity),
        "bankruptcyPrice": .text(reduction.bankruptcyPrice),
    ])
}

private func settle(_ inputs: inout ObjectReader) throws -> JSONValue {
    let policy = try SettlementPolicy(reading: inputs.required("policy").value)
    let state = try SettlementState(reading: inputs.required("state"))
    let (close, _) = try readClose(inputs.required("close"))
    let result = try state.settle(close, under: policy, bearers: readBearers(&inputs))
    return .record([
        "surplus": .text(result.surplus), "deficit": .text(result.deficit),
        "breachPpm": .text(result.breachPpm), "ratePpm": .text(result.ratePpm),
        "penalty": .text(result.penalty),
        "deleveraged": .list(result.deleveraged, \.vectorValue),
        "lines": .list(result.lines, \.vectorValue), "state": result.state.vectorValue,
    ])
}

private func sequence(_ inputs: inout ObjectReader) throws -> JSONValue {
    let policy = try SettlementPolicy(reading: inputs.required("policy").value)
    var chain = VectorChain(
        policy: policy, state: try SettlementState(reading: inputs.required("state")))
    for step in try inputs.required("steps").array() { try chain.take(step) }
    return .record([
        "lines": .list(chain.records) { .list($0.lines, \.vectorValue) },
        "state": chain.state.vectorValue,
        "hashes": .list(chain.records) { .string($0.hash) },
    ])
}

/// Records 1, 2, … of one state, each naming the hash of the one before it.
private struct VectorChain {
    let policy: SettlementPolicy
    var state: SettlementState
    var records: [SettlementRecord] = []

    mutating func take(_ reader: JSONReader) throws {
        var step = try reader.object()
        switch try step.required("op").string {
        case "settle":
            let (close, keeper) = try readClose(step.required("close"))
            let result = try state.settle(close, under: policy, bearers: readBearers(&step))
            state = result.state
            append(result.lines, close.height, account: close.account.text, keeper: keeper)
        case "income":
            let height = try step.int64("height")
            let result = try state.receiveFee(step.int64("amount"), under: policy.fund)
            state = result.state
            append(result.lines, height, account: "-", keeper: "-")
        case let name: throw UnknownOperation(name: name)
        }
        try step.finish()
    }

    private mutating func append(
        _ lines: [SettlementLine], _ height: Int64, account: String, keeper: String
    ) {
        records.append(
            SettlementRecord(
                id: UInt64(records.count + 1), revision: 0,
                previousHash: records.last?.hash ?? SettlementRecord.noPreviousHash,
                policyName: policy.name, policyVersion: policy.version, height: height,
                account: account, keeper: keeper, facts: [], lines: lines))
    }
}

private func policyErrors(_ inputs: inout ObjectReader) throws -> JSONValue {
    var broken: [PolicyRule] = []
    do {
        _ = try SettlementPolicy(reading: inputs.required("policy").value)
    } catch let refusal as PolicyRefusal {
        broken = refusal.rules
    }
    return .record(["errors": .list(broken) { .string($0.rawValue) }])
}

private func record(_ inputs: inout ObjectReader) throws -> JSONValue {
    var facts = try inputs.required("facts").object()
    let record = SettlementRecord(
        id: try inputs.required("id").uint64Text(),
        revision: try inputs.required("revision").uint64Text(),
        previousHash: try inputs.required("previous").string,
        policyName: try inputs.required("policy").string,
        policyVersion: try inputs.int64("version"), height: try inputs.int64("height"),
        account: try inputs.required("account").string,
        keeper: try inputs.required("keeper").string,
        facts: try facts.entries().map {
            SettlementFact(name: $0.key, value: try $0.value.string)
        },
        lines: try inputs.required("lines").array(of: readLine))
    return .record(["text": .string(record.canonicalText), "hash": .string(record.hash)])
}

private func readLine(_ reader: JSONReader) throws(JSONReadError) -> SettlementLine {
    var object = try reader.object()
    let line = SettlementLine(
        beneficiary: try object.required("beneficiary").string,
        amountUnits: try object.int256("amount"), reason: try object.required("reason").string)
    try object.finish()
    return line
}
