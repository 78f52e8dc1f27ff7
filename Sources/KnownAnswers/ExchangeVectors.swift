import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// One unit is 1e-6 of what these vectors write as decimals.
private let unit: Int256 = 1_000_000

/// Section `cex_rules`: documented rules of exchanges, mapped as `settlement.md` section 13 says.
let exchangeRuleVectors = VectorSection(names: ["cex_rules"], comparison: .byValue) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("walletBalance") != nil { return try liquidationPrice(&inputs) }
    if inputs.optional("tiers") != nil { return try tierTable(&inputs) }
    if inputs.optional("accounts") != nil { return try rankedFills(&inputs) }
    return try fundCredit(&inputs)
}

// MARK: Liquidation price

private func liquidationPrice(_ inputs: inout ObjectReader) throws -> JSONValue {
    var wallet = try inputs.fraction("walletBalance")
    if let reader = inputs.optional("other") {
        var other = try reader.object()
        let mark = try other.fraction("mark")
        let position = try readPriced(&other)
        try other.finish()
        wallet = wallet - position.maintenance(at: mark) + position.profit(at: mark)
    }
    let price = LiquidationPrice(of: try readPriced(&inputs), wallet: wallet).price
    return .record(["liquidationPriceRounded2": .textOrNull(price?.decimalText(places: 2))])
}

private func readPriced(_ object: inout ObjectReader) throws -> LiquidationPrice.Position {
    LiquidationPrice.Position(
        side: try object.optional("side")?.side() ?? .long, quantity: try object.fraction("qty"),
        entry: try object.fraction("entry"), maintenanceRate: try object.fraction("mmr"),
        cumulative: try object.fraction("maintenanceAmount"))
}

// MARK: Tiers

private func tierTable(_ inputs: inout ObjectReader) throws -> JSONValue {
    let tiers = try inputs.required("tiers").array().map { reader in
        let pair = try reader.array()
        guard pair.count == 2 else { throw reader.refused("a bound and a rate") }
        return MarginTier(
            upTo: try pair[0].scaled(by: unit), ratePpm: try pair[1].scaled(by: unit))
    }
    let schedule = try MaintenanceSchedule(tiers, volatilityRatePpm: 0)
    guard let reader = inputs.optional("notional") else {
        return .record([
            "cum": .list(schedule.tiers) {
                .text(ExactFraction($0.cumulativeE6, over: unit * unit))
            }
        ])
    }
    let notional = Int256(try reader.scaled(by: unit))
    let maintenance = schedule.maintenance(of: notional)
    return .record(["maintenanceMargin": .text(ExactFraction(maintenance, over: unit))])
}

// MARK: Deleveraging with given ranks

private func rankedFills(_ inputs: inout ObjectReader) throws -> JSONValue {
    let entries = try inputs.required("accounts").array().map { reader in
        let parts = try reader.array()
        guard parts.count == 3 else { throw reader.refused("an id, a quantity and a score") }
        let position = MarginPosition(
            side: .long, lots: try parts[1].int64Text(), entryPrice: 1, marginUnits: 0)
        return DeleveragingQueue.Entry(
            account: try parts[0].identifier(as: AccountID.self), position: position,
            score: try parts[2].fraction())
    }
    let queue = DeleveragingQueue(scored: entries)
    let price = try inputs.int64("bankruptcyPrice")
    let fills = queue.fills(
        closedSide: .short, lots: try inputs.int64("size"), bankruptcyPrice: price)
    return .record([
        "fills": fills,
        "percentiles": .list(Array(zip(queue.entries, queue.barsPercent))) {
            .array([.text($0.0.account), .text($0.1)])
        },
    ])
}

extension DeleveragingQueue {
    /// Whoever is taken and with how many lots when money is no limit: one unit of gap per lot, and
    /// as many units needed as lots are closed.
    fileprivate func fills(
        closedSide: PositionSide, lots: Int64, bankruptcyPrice: Int64
    ) -> JSONValue {
        let market = ClosedMarket(
            closedSide: closedSide, closedLots: lots, bankruptcyPrice: bankruptcyPrice,
            mark: bankruptcyPrice - closedSide.sign, positions: [])
        let outcome = take(need: Int256(lots), market: market, maxPositionPpm: 1_000_000)
        return .list(outcome.deleveraged) { .array([.text($0.account), .text($0.lots)]) }
    }
}

// MARK: Fund

private func fundCredit(_ inputs: inout ObjectReader) throws -> JSONValue {
    let price = try inputs.required("bankruptcy").scaled(by: unit)
    let lots = try inputs.required("qty").scaled(by: 1)
    let position = MarginPosition(
        side: try inputs.required("side").side(), lots: lots, entryPrice: price, marginUnits: 0)
    let fill = try inputs.required("fill").scaled(by: unit)
    let account = BrokenAccount(position: position, fillPrice: fill)
    let rule = SettlementPolicy.simple(feePpm: 0, accountPpm: 0, maxClaimPpm: 0)
    let state = SettlementState(fund: Int256(Int64.max) / 2)
    let result = try state.settle(
        account.close(of: account.reduction()), under: rule, bearers: .claims([]))
    return .record(["fundDelta": .text(ExactFraction(result.state.fund - state.fund, over: unit))])
}

/// An account in breach, closed whole at one price.
private struct BrokenAccount {
    let position: MarginPosition
    let fillPrice: Int64

    func reduction() throws -> MarginReduction {
        let (value, overflow) = position.lots.multipliedReportingOverflow(by: fillPrice)
        guard !overflow else { throw SettlementError.outOfRange("fill") }
        return try MarginReduction(
            of: position, closing: position.lots, fill: MarginFill(value: value, exitCost: 0),
            mark: max(1, fillPrice))
    }

    /// All that the account is worth was in the position.
    func close(of reduction: MarginReduction) -> ReducedClose {
        ReducedClose(
            height: 0, account: AccountID("closed"), notional: reduction.notional,
            proceeds: reduction.proceeds,
            obligations: Obligations(principal: reduction.obligations, interest: 0, fees: 0),
            equity: 0, maintenance: 1, closedEquity: reduction.closedEquity, reserve: 0)
    }
}

extension SettlementPolicy {
    /// One penalty rate for the fund, one share of the surplus for the account, no other part.
    fileprivate static func simple(
        feePpm: Int64, accountPpm: Int64, maxClaimPpm: Int64
    ) -> SettlementPolicy {
        SettlementPolicy(
            name: "simple", version: 1, fromHeight: 0,
            penalty: PenaltyRule(
                basePpm: feePpm, slopePpm: 0, capPpm: feePpm, keeperPpm: 0, keeperMinimum: 0,
                keeperMinimumNotional: 0, windowHeights: 0, fundPpm: 1_000_000, harmedPpm: 0,
                treasuryPpm: 0),
            surplus: SurplusShares(
                accountPpm: accountPpm, fundPpm: 1_000_000 - accountPpm, lpsPpm: 0,
                stakersPpm: 0),
            fund: FundRule(
                floor: 0, target: .max, feeSharePpm: 0, overflowLpsPpm: 0, overflowStakersPpm: 0,
                overflowTreasuryPpm: 1_000_000),
            backstops: [], adlMaxPositionPpm: 0, socialiseMaxClaimPpm: maxClaimPpm)
    }
}

/// Section `venue_waterfall`: fee up to the surplus, fund, what stays unfunded.
let waterfallVectors = VectorSection(
    names: ["venue_waterfall"], comparison: .byValue
) { question in
    let claim = try question.inputs.required("oppositeProfit").scaled(by: unit)
    let feeBps = try question.inputs.int64("feeBps")
    let state = SettlementState(
        fund: Int256(try question.inputs.required("fund").scaled(by: unit)))
    let account = try readLeveraged(&question.inputs)
    let reduction = try account.reduction()
    let result = try state.settle(
        account.close(of: reduction),
        under: .simple(feePpm: feeBps * 100, accountPpm: 1_000_000, maxClaimPpm: 1_000_000),
        bearers: .claims([SocialClaim(account: AccountID("opposite"), amount: Int256(claim))]))
    func paid(_ beneficiary: String, _ reason: String) -> Int256 {
        result.lines.filter { $0.beneficiary == beneficiary && $0.reason == reason }
            .reduce(.zero) { $0 + $1.amountUnits }
    }
    func money(_ amount: Int256) -> JSONValue { .text(ExactFraction(amount, over: unit)) }
    let fundPays = -paid("fund", "deficit")
    let unfunded = result.deficit - fundPays
    let haircut =
        claim == 0
        ? ExactFraction(0) : ExactFraction(unfunded * unit, over: Int256(claim))
    return .record([
        "bankruptcyPrice": money(Int256(reduction.bankruptcyPrice)),
        "equityAfter": money(result.surplus - result.deficit),
        "liquidationFee": money(result.penalty), "refundToUser": money(paid("account", "surplus")),
        "deficit": money(result.deficit), "fundPays": money(fundPays),
        "unfunded": money(unfunded), "socialisedHaircutPpmOfProfit": .text(haircut),
    ])
}

private func readLeveraged(_ inputs: inout ObjectReader) throws -> BrokenAccount {
    let quantity = try inputs.required("qty")
    let entry = try inputs.required("entry")
    let leverage = try inputs.fraction("leverage")
    guard leverage > ExactFraction(0) else { throw quantity.refused("a leverage above zero") }
    let margin = try quantity.fraction() * entry.fraction() * ExactFraction(unit) / leverage
    guard margin.denominator == 1, let units = margin.numerator.asInt64 else {
        throw quantity.refused("a margin of whole units")
    }
    return BrokenAccount(
        position: MarginPosition(
            side: try inputs.required("side").side(), lots: try quantity.scaled(by: 1),
            entryPrice: try entry.scaled(by: unit), marginUnits: units),
        fillPrice: try inputs.required("fill").scaled(by: unit))
}
