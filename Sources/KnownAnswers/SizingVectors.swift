import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

private let unit: Int256 = 1_000_000

/// Section `sizing_profit_adl`: formulas of the planner in exact rationals, and queues of
/// deleveraging at the mark.
let sizingVectors = VectorSection(
    names: ["sizing_profit_adl"], comparison: .byValue
) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("targetHF") != nil { return try repayToTarget(&inputs) }
    if inputs.optional("gasUsed") != nil { return try profit(&inputs) }
    if inputs.optional("accounts") != nil { return try ranking(&inputs) }
    if inputs.optional("order") != nil { return try fills(&inputs, question.siblings) }
    if inputs.optional("account") != nil { return try singleAccount(&inputs) }
    if inputs.optional("profits") != nil { return try haircut(&inputs) }
    let divisor = try inputs.fraction("qty") * inputs.fraction("liqThreshold")
    guard divisor > ExactFraction(0) else { throw SettlementError.outOfRange("qty") }
    let price = try inputs.fraction("debt") / divisor
    return .record(["price": .string(price.decimalText(places: 6))])
}

// MARK: Sizes and profit

/// The exact solution, checked against the integer rule of `settlement.md` section 9.
private func repayToTarget(_ inputs: inout ObjectReader) throws -> JSONValue {
    let collateral = try inputs.required("collateral")
    let debt = try inputs.required("debt")
    let threshold = try inputs.required("liqThreshold")
    let bonus = try inputs.required("bonus")
    let target = try inputs.required("targetHF")
    let divisor = try target.fraction() - bonus.fraction() * threshold.fraction()
    guard divisor > ExactFraction(0) else { return infeasible }
    let repay =
        try (target.fraction() * debt.fraction() - collateral.fraction() * threshold.fraction())
        / divisor
    let seized = repay * (try bonus.fraction())
    let rule = try PartialLendingClose(
        PartialLendingClose.Situation(
            collateral: collateral.scaled(by: unit), debt: debt.scaled(by: unit),
            thresholdPpm: threshold.scaled(by: unit), bonusPpm: bonus.scaled(by: unit)),
        rule: PartialRule(
            targetPpm: target.scaled(by: unit), maxStepPpm: 1_000_000, dust: 0))
    let isFeasible = try seized < collateral.fraction()
    if isFeasible {
        let units = (repay.numerator * unit).quotient(
            dividingBy: repay.denominator, rounding: .up)
        guard rule.reason == .target || rule.reason == .whole, rule.repay == units else {
            throw debt.refused("a repayment that the integer rule confirms, not \(rule.repay)")
        }
    }
    return .record([
        "repay": .string(repay.shortText), "repayDecimal": .string(repay.decimalText(places: 6)),
        "seized": .string(seized.decimalText(places: 6)), "feasible": .bool(isFeasible),
    ])
}

private var infeasible: JSONValue {
    .record(["repay": .null, "repayDecimal": .null, "seized": .null, "feasible": .bool(false)])
}

private func profit(_ inputs: inout ObjectReader) throws -> JSONValue {
    let bpsWhole = ExactFraction(10_000)
    let kept = try (bpsWhole - inputs.fraction("swapCostBps")) / bpsWhole
    let gross =
        try inputs.fraction("seizedValueAfterProtocolFee") * kept - inputs.fraction("repay")
        - inputs.fraction("flashPremium")
    let gwei = ExactFraction(1, over: 1_000_000_000)
    let gasCost =
        try inputs.fraction("gasUsed") * inputs.fraction("gasPriceGwei") * gwei
        * inputs.fraction("ethPrice")
    let beforeBid = gross - gasCost
    let bid = try max(ExactFraction(0), beforeBid) * inputs.fraction("bribeBps") / bpsWhole
    return .record([
        "gross": .string(gross.shortText), "gasCost": .string(gasCost.shortText),
        "bribe": .string(bid.shortText), "net": .string((beforeBid - bid).shortText),
    ])
}

// MARK: Deleveraging

private func readAccount(_ object: inout ObjectReader, id: AccountID) throws -> MarketPosition {
    MarketPosition(
        account: id,
        position: MarginPosition(
            side: try object.required("side").side(),
            lots: try object.required("qty").scaled(by: 1),
            entryPrice: try object.required("entry").scaled(by: unit),
            marginUnits: try object.required("margin").scaled(by: unit)))
}

private func readAccounts(_ reader: JSONReader) throws -> [MarketPosition] {
    try reader.array().map { element in
        var object = try element.object()
        let id = try object.required("id").identifier(as: AccountID.self)
        let position = try readAccount(&object, id: id)
        try object.finish()
        return position
    }
}

private func queueAtMark(
    _ positions: [MarketPosition], mark: Int64
) throws -> DeleveragingQueue {
    let side = positions.first?.position.side ?? .short
    return try DeleveragingQueue(
        market: ClosedMarket(
            closedSide: side.opposite, closedLots: 0, bankruptcyPrice: mark, mark: mark,
            positions: positions), closedAccount: nil)
}

private func ranking(_ inputs: inout ObjectReader) throws -> JSONValue {
    let mark = try inputs.required("mark").scaled(by: unit)
    let queue = try queueAtMark(readAccounts(inputs.required("accounts")), mark: mark)
    return .record([
        "order": .list(queue.entries) { .text($0.account) },
        "scores": .object(
            queue.entries.map { JSONMember($0.account.text, .string($0.score.shortText)) }),
        "effectiveLeverage": .object(
            queue.entries.map {
                let leverage = $0.position.effectiveLeverage(at: mark)
                return JSONMember($0.account.text, .string(leverage.shortText))
            }),
    ])
}

/// The order is given; the positions are those of the ranking vector beside it.
private func fills(
    _ inputs: inout ObjectReader, _ siblings: [JSONReader]
) throws -> JSONValue {
    let reader = try inputs.required("order")
    let order = try reader.array(of: { (element) throws(JSONReadError) in
        try element.identifier(as: AccountID.self)
    })
    guard let accounts = siblings.compactMap({ $0.value["inputs"]?["accounts"] }).first
    else { throw reader.refused("an order beside a vector that lists the accounts") }
    let positions = try readAccounts(JSONReader(accounts))
    var left = try inputs.int64("size")
    var taken: [JSONValue] = []
    for account in order {
        guard let lots = positions.first(where: { $0.account == account })?.position.lots else {
            throw reader.refused("accounts of the ranking vector")
        }
        let filled = min(left, lots)
        left -= filled
        if filled > 0 { taken.append(.array([.text(account), .text(filled)])) }
    }
    return .record(["fills": .array(taken), "unfilled": .text(left)])
}

private func singleAccount(_ inputs: inout ObjectReader) throws -> JSONValue {
    let mark = try inputs.required("mark").scaled(by: unit)
    var object = try inputs.required("account").object()
    let item = try readAccount(&object, id: AccountID("account"))
    try object.finish()
    let queue = try queueAtMark([item], mark: mark)
    let position = item.position
    guard position.lots > 0, !position.equity(at: mark).isZero else {
        throw SettlementError.outOfRange("equity")
    }
    let marginPerLot = ExactFraction(Int256(position.marginUnits), over: Int256(position.lots))
    let side = ExactFraction(Int256(position.side.sign))
    let bankruptcy = ExactFraction(Int256(position.entryPrice)) - side * marginPerLot
    return .record([
        "bankruptcyPrice": .string((bankruptcy / ExactFraction(unit)).shortText),
        "effectiveLeverage": .string(position.effectiveLeverage(at: mark).shortText),
        "eligible": .bool(!queue.entries.isEmpty),
    ])
}

private func haircut(_ inputs: inout ObjectReader) throws -> JSONValue {
    let profits = try inputs.required("profits").array(of: { (reader) throws(JSONReadError) in
        try reader.int256Text()
    })
    guard profits.allSatisfy({ $0 >= 0 }) else { throw SettlementError.outOfRange("profits") }
    let loss = try inputs.int256("loss")
    let charges = split(loss, upTo: profits)
    return .record([
        "charges": .list(charges, JSONValue.text),
        "rest": .text(loss - charges.reduce(.zero, +)),
    ])
}
