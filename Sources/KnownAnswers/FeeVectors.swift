import KeeperCodec
import WideMath

/// Section `fees`: base fees, effective prices, replacement, gas before the first instruction.
let feeVectors = VectorSection(names: ["fees"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("parentBaseFee") != nil { return try nextBaseFee(&inputs) }
    if inputs.optional("blocks") != nil { return try steepestBaseFees(&inputs) }
    if inputs.optional("maxFee") != nil { return try effectivePrices(&inputs) }
    if inputs.optional("old") != nil { return try replacement(&inputs) }
    if inputs.optional("dataLength") != nil { return try gasNeeded(&inputs) }
    return try suggested(&inputs)
}

private func nextBaseFee(_ inputs: inout ObjectReader) throws -> JSONValue {
    let fee = try FeeRules.nextBaseFee(
        after: try inputs.uint256("parentBaseFee"),
        gasLimit: try inputs.required("gasLimit").uint64Text(),
        gasUsed: try inputs.required("gasUsed").uint64Text())
    return .record(["baseFee": .text(fee)])
}

private func steepestBaseFees(_ inputs: inout ObjectReader) throws -> JSONValue {
    let blocks = try inputs.required("blocks")
    let count = try blocks.quotedInteger(as: UInt8.self)
    let fees = try FeeRules.steepestBaseFees(
        from: try inputs.uint256("baseFee"),
        gasLimit: try inputs.required("gasLimit").uint64Text(), blockCount: Int(count))
    return .record(["sequence": .list(fees) { .text($0) }])
}

private func effectivePrices(_ inputs: inout ObjectReader) throws -> JSONValue {
    let most = try inputs.uint256("maxFee")
    let priority = try inputs.uint256("maxPriority")
    let prices = try inputs.required("baseFees").array().map {
        FeeRules.effectivePrice(
            baseFee: try $0.uint256Text(), perGasMax: most, priorityPerGasMax: priority)
    }
    return .record([
        "effective": .list(prices) { .textOrNull($0?.price) },
        "minerTip": .list(prices) { .textOrNull($0?.builderTip) },
    ])
}

private func replacement(_ inputs: inout ObjectReader) throws -> JSONValue {
    let old = try inputs.uint256("old")
    return .record([
        "minimum": .text(try FeeRules.replacementMinimum(for: old)),
        "safeClientBump_ceil": .text(try FeeRules.replacementSafe(for: old)),
    ])
}

private func gasNeeded(_ inputs: inout ObjectReader) throws -> JSONValue {
    let length = Int(try inputs.required("dataLength").quotedInteger(as: UInt32.self))
    let zeros = try inputs.required("zeroBytes")
    let zeroCount = Int(try zeros.quotedInteger(as: UInt32.self))
    guard zeroCount <= length else { throw zeros.refused("at most all bytes") }
    let gas = FeeRules.gasNeeded(
        data: .init(zero: zeroCount, nonzero: length - zeroCount),
        addressCount: Int(try inputs.required("addresses").quotedInteger(as: UInt16.self)),
        keyCount: Int(try inputs.required("keys").quotedInteger(as: UInt16.self)),
        makesContract: false)
    return .record([
        "intrinsicGas": .text(gas.intrinsic), "floorGas": .text(gas.floor),
        "minimumGasLimit": .text(max(gas.intrinsic, gas.floor)),
    ])
}

private func suggested(_ inputs: inout ObjectReader) throws -> JSONValue {
    let rewards = try inputs.required("rewardsP50").array().map { try $0.uint256Text() }
    let isEmpty = try inputs.required("gasUsedRatio").array().map { try $0.number.isZero }
    let fees = try FeeRules.suggested(
        nextBaseFee: try inputs.uint256("nextBaseFee"),
        rewards: zip(rewards, isEmpty).map { ($0, $1) })
    return .record([
        "tip": .textOrNull(fees?.priorityPerGas), "maxFeePerGas": .textOrNull(fees?.perGasMax),
    ])
}
