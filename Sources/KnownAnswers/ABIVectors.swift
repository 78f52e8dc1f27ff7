import KeeperCodec
import WideMath

/// Section `abi`: calls, answers, reasons of reverts, logs, and two encodings of protocols.
let abiVectors = VectorSection(names: ["abi"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if let signature = inputs.optional("signature") {
        return try encodedCall(try signature.string, try inputs.required("args"))
    }
    if let types = inputs.optional("types") {
        return try decodedAnswer(types, try inputs.required("returnData").bytes())
    }
    if let topics = inputs.optional("topics") {
        return try decodedLog(topics, try inputs.required("data").bytes())
    }
    if let data = inputs.optional("data") { return decodedRevert(try data.bytes()) }
    if inputs.optional("loanToken") != nil { return try marketKey(&inputs) }
    return try compactClose(&inputs)
}

private func encodedCall(_ signature: String, _ arguments: JSONReader) throws -> JSONValue {
    let function = try ABIFunction(signature)
    let values = try abiValues(arguments, function.inputs)
    let calldata = try function.encodeCall(values)
    guard try function.decodeCall(calldata) == values else {
        throw UnknownOperation(name: "a call that does not come back")
    }
    return .record(["calldata": .hex(calldata), "length": .text(calldata.count)])
}

private func abiValues(_ reader: JSONReader, _ types: [ABIType]) throws -> [ABIValue] {
    let elements = try reader.array()
    guard elements.count == types.count else { throw reader.refused("\(types.count) values") }
    return try zip(elements, types).map { try abiValue($0, $1) }
}

private func abiValue(_ reader: JSONReader, _ type: ABIType) throws -> ABIValue {
    switch type {
    case .uint: return .uint(try reader.uint256Text())
    case .int: return .int(try reader.int256Text())
    case .address: return .address(try reader.address())
    case .bool: return .bool(try reader.bool)
    case .fixedBytes, .bytes: return .bytes(try reader.bytes())
    case .string: return .string(try reader.string)
    case .array(let element), .fixedArray(let element, _):
        return .list(try reader.array().map { try abiValue($0, element) })
    case .tuple(let members): return .list(try abiValues(reader, members))
    }
}

// MARK: Answers

private struct AnswerLayout {
    let types: String
    let names: [String]
}

/// What the functions return whose answers the vectors hold, by their types.
private let answerLayouts = [
    // Chainlink's latestRoundData().
    AnswerLayout(
        types: "(uint80,int256,uint256,uint256,uint80)",
        names: ["roundId", "answer", "startedAt", "updatedAt", "answeredInRound"]),
    // Aave's getUserAccountData(address).
    AnswerLayout(
        types: "(uint256,uint256,uint256,uint256,uint256,uint256)",
        names: [
            "totalCollateralBase", "totalDebtBase", "availableBorrowsBase",
            "currentLiquidationThreshold", "ltv", "healthFactor",
        ]),
    // Compound III's totalsBasic() and userBasic(address).
    AnswerLayout(
        types: "((uint64,uint64,uint64,uint64,uint104,uint104,uint40,uint8))",
        names: ["totalsBasic"]),
    AnswerLayout(
        types: "(int104,uint64,uint64,uint16,uint8)",
        names: [
            "principal", "baseTrackingIndex", "baseTrackingAccrued", "assetsIn", "_reserved",
        ]),
    // Multicall3's aggregate3.
    AnswerLayout(types: "((bool,bytes)[])", names: ["returnData"]),
]

private func decodedAnswer(_ types: JSONReader, _ data: [UInt8]) throws -> JSONValue {
    let texts = try types.array().map { try $0.string }
    let text = "(" + texts.joined(separator: ",") + ")"
    guard let layout = answerLayouts.first(where: { $0.types == text }) else {
        throw UnknownOperation(name: text)
    }
    let values = try ABIDecoder.decode(data, as: texts.map { try ABIType($0) })
    return .object(zip(layout.names, values).map { JSONMember($0, json(of: $1)) })
}

private func json(of value: ABIValue) -> JSONValue {
    switch value {
    case .uint(let number): .text(number)
    case .int(let number): .text(number)
    case .address(let address): .text(address)
    case .bool(let flag): .bool(flag)
    case .bytes(let bytes): .hex(bytes)
    case .string(let text): .string(text)
    case .list(let values): .list(values, json)
    }
}

private func decodedLog(_ topics: JSONReader, _ data: [UInt8]) throws -> JSONValue {
    let event = try ABIEvent(
        "AnswerUpdated(int256,uint256,uint256)", isIndexed: [true, true, false])
    let values = try event.decode(
        topics: try topics.array().map { try $0.bytes(count: 32) }, data: data)
    return .object(
        zip(["current", "roundId", "updatedAt"], values).map { JSONMember($0, json(of: $1)) })
}

private func decodedRevert(_ data: [UInt8]) -> JSONValue {
    let reason = RevertReason(returnData: data)
    return switch reason {
    case .empty: .record(["kind": .string("empty")])
    case .message(let text):
        .record([
            "kind": .string("Error(string)"), "message": .string(text),
            "meaning": .textOrNull(reason.aaveMeaning),
        ])
    case .panic(let code): .record(["kind": .string("Panic(uint256)"), "code": .text(code)])
    case .custom(let function):
        .record(["kind": .string("custom"), "signature": .string(function.signature)])
    case .unknown(let bytes): .record(["kind": .string("unknown"), "data": .hex(bytes)])
    }
}

// MARK: Protocols

private func compactClose(_ inputs: inout ObjectReader) throws -> JSONValue {
    let cover = try inputs.required("debtToCover")
    let amount = try cover.string == "max" ? nil : try cover.uint256Text().asUInt128
    let close = AaveCompactClose(
        collateralReserve: try inputs.required("collateralReserveId")
            .quotedInteger(as: UInt16.self),
        debtReserve: try inputs.required("debtReserveId").quotedInteger(as: UInt16.self),
        user: try inputs.required("user").address(), debtToCover: amount,
        receivesCollateralToken: try inputs.required("receiveAToken").bool)
    return .record([
        "args1": .hex(close.firstWord), "args2": .hex(close.secondWord),
        "calldata": .hex(close.calldata),
    ])
}

private func marketKey(_ inputs: inout ObjectReader) throws -> JSONValue {
    let key = MorphoMarketKey(
        loanToken: try inputs.required("loanToken").address(),
        collateralToken: try inputs.required("collateralToken").address(),
        oracle: try inputs.required("oracle").address(),
        rateModel: try inputs.required("irm").address(), lltvWad: try inputs.uint256("lltv"))
    return .record(["marketId": .hex(key.id)])
}
