import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// Section `adl`: ranking, deleveraging, socialising.
let deleveragingVectors = VectorSection(names: ["adl"]) { question in
    let operation = try question.inputs.required("op").string
    switch operation {
    case "rank": return try rank(&question.inputs)
    case "deleverage": return try deleverage(&question.inputs)
    case "socialise": return try socialise(&question.inputs)
    default: throw UnknownOperation(name: operation)
    }
}

private func readMarket(
    _ inputs: inout ObjectReader, lots: Int64
) throws -> ClosedMarket {
    ClosedMarket(
        closedSide: try inputs.required("side").side(), closedLots: lots,
        bankruptcyPrice: try inputs.int64("price"), mark: try inputs.int64("mark"),
        positions: try inputs.required("positions").array(of: readPosition))
}

private func rank(_ inputs: inout ObjectReader) throws -> JSONValue {
    let market = try readMarket(&inputs, lots: 0)
    let queue = try DeleveragingQueue(market: market, closedAccount: nil)
    return .record([
        "order": .list(queue.entries) { .text($0.account) },
        "excluded": .list(queue.excluded, JSONValue.text),
        "scores": .object(
            queue.entries.map { JSONMember($0.account.text, .text($0.score)) }),
    ])
}

private func deleverage(_ inputs: inout ObjectReader) throws -> JSONValue {
    let lots = try inputs.int64("lots")
    let market = try readMarket(&inputs, lots: lots)
    let queue = try DeleveragingQueue(market: market, closedAccount: nil)
    let need = try inputs.int256("need")
    guard need >= 0 else { throw SettlementError.outOfRange("need") }
    let outcome = queue.take(
        need: need, market: market, maxPositionPpm: try inputs.int64("maxPositionPpm"))
    return .record([
        "gap": .text(outcome.gap), "deleveraged": .list(outcome.deleveraged, \.vectorValue),
        "rest": .text(outcome.rest),
    ])
}

private func socialise(_ inputs: inout ObjectReader) throws -> JSONValue {
    let outcome = try Socialisation(
        need: inputs.int256("need"), maxClaimPpm: inputs.int64("maxClaimPpm"),
        claims: inputs.required("claims").array(of: readClaim))
    return .record([
        "charges": .list(outcome.charges) {
            .record(["id": .text($0.account), "amount": .text($0.amount)])
        },
        "rest": .text(outcome.rest),
    ])
}
