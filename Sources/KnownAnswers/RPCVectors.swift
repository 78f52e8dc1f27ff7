import KeeperCodec
import WideMath

/// Section `rpc_errors`.
let rpcErrorVectors = VectorSection(names: ["rpc_errors"]) { question in
    let failure = RPCFailure(
        code: try question.inputs.required("code").int64Text(),
        message: try question.inputs.required("message").freeText)
    return .record(["classification": .string(failure.errorClass.rawValue)])
}

/// Section `rpc_responses`: whatever can be said of the answer is said.
let rpcResponseVectors = VectorSection(names: ["rpc_responses"]) { question in
    let text = try question.inputs.required("json").freeText
    // The vectors number their calls from 1.
    let reply = try RPCReply(Array(text.utf8), asked: [1, 2])
    if let rejection = reply.rejection {
        return .record(["classification": .string(rejection.errorClass.rawValue)])
    }
    let byID = reply.outcomes.sorted { $0.key < $1.key }.map {
        JSONMember("\($0.key)", short($0.value))
    }
    guard reply.outcomes.count == 1, let outcome = reply.outcomes[1] else {
        return .record(["byId": .object(byID)])
    }
    return .object(try described(outcome) + [JSONMember("byId", .object(byID))])
}

private func short(_ outcome: RPCOutcome) -> JSONValue {
    switch outcome {
    case .result(let value): value
    case .failure(let failure): .string(failure.errorClass.rawValue)
    }
}

private func described(_ outcome: RPCOutcome) throws -> [JSONMember] {
    switch outcome {
    case .failure(let failure):
        return [
            JSONMember("kind", .string("error")),
            JSONMember("classification", .string(failure.errorClass.rawValue)),
            JSONMember("decoded", message(failure)),
        ]
    case .result(.null): return [JSONMember("kind", .string("null"))]
    case .result(let value):
        return [JSONMember("kind", .string("result"))] + (try described(JSONReader(value)))
    }
}

/// A list is simulated blocks, an object a receipt; the vectors hold no others.
private func described(_ result: JSONReader) throws -> [JSONMember] {
    if case .array = result.value {
        guard let call = try SimulatedCall.all(in: result).first else { return [] }
        return [
            JSONMember("callStatus", .string(call.failure == nil ? "ok" : "reverted")),
            JSONMember("decoded", call.failure.map(message) ?? .null),
            JSONMember("gasUsed", .text(call.gasUsed)),
        ]
    }
    guard let receipt = try TransactionReceipt(result) else { return [] }
    return [
        JSONMember("status", .string(receipt.hasSucceeded ? "ok" : "reverted")),
        JSONMember("feeWei", .text(try receipt.feeWei())),
    ]
}

private func message(_ failure: RPCFailure) -> JSONValue {
    guard case .message(let text)? = failure.revertReason else { return .null }
    return .string(text)
}
