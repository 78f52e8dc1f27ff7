import KeeperModel
import Referee

/// Answers to the vectors of the settlement page; nil where the vector asks for what the referee
/// does not judge.
func settlementAnswer(_ inputs: Figures) throws -> Answer? {
    switch try inputs.text("op") {
    case "apportion":
        let parts = split(
            try inputs.number("total"), by: try inputs.list("weights").map { try $0.number })
        return .object([("parts", .list(parts.map { .number($0) }))])
    case "reduce": return try reduction(inputs)
    case "settle": return try settlement(inputs)
    case "sequence": return try sequence(inputs)
    case "rank": return try ranking(inputs)
    case "deleverage": return try deleveraging(inputs)
    case "socialise": return try socialising(inputs)
    case "maintenance": return try maintenance(inputs)
    case "income": return try income(inputs)
    default: return nil
    }
}

private func reduction(_ inputs: Figures) throws -> Answer {
    let closing = MarginClosing(
        try inputs.marginAccount(), lots: try inputs.number("close"),
        fillValue: try inputs.number("fillValue"), exitCost: try inputs.number("exitCost"),
        mark: try inputs.number("mark"))
    return .object([
        ("margin", .number(closing.released)), ("notional", .number(closing.notional)),
        ("proceeds", .number(closing.proceeds)), ("obligations", .number(closing.obligations)),
        ("surplus", .number(max(0, closing.proceeds - closing.obligations))),
        ("deficit", .number(max(0, closing.obligations - closing.proceeds))),
        ("closedEquity", .number(closing.closedEquity)),
        ("bankruptcyPrice", .number(closing.bankruptcyPrice)),
    ])
}

private func settlement(_ inputs: Figures) throws -> Answer {
    let close = try inputs.at("close").close()
    let reckoning = Reckoning(
        close, books: try inputs.at("state").books(), policy: try inputs.at("policy").policy(),
        bearers: try inputs.bearers())
    return .object([
        ("surplus", .number(close.surplus)), ("deficit", .number(close.deficit)),
        ("breachPpm", .number(reckoning.breachPpm)), ("ratePpm", .number(reckoning.ratePpm)),
        ("penalty", .number(reckoning.penalty)),
        ("deleveraged", .list(reckoning.layers.deleveraged.map(\.answer))),
        ("lines", reckoning.linesAnswer), ("state", reckoning.books.answer),
    ])
}

private func sequence(_ inputs: Figures) throws -> Answer {
    let policy = try inputs.at("policy").policy()
    var books = try inputs.at("state").books()
    var lines: [Answer] = []
    for step in try inputs.list("steps") {
        let reckoning =
            try step.text("op") == "income"
            ? Reckoning(income: try step.number("amount"), books: books, policy: policy)
            : Reckoning(
                try step.at("close").close(), books: books, policy: policy,
                bearers: try step.bearers())
        books = reckoning.books
        lines.append(reckoning.linesAnswer)
    }
    return .object([("lines", .list(lines)), ("state", books.answer)])
}

private func ranking(_ inputs: Figures) throws -> Answer {
    let market = try inputs.marketFacts()
    return .object([
        ("order", .list(market.queue.map { .text($0.position.account) })),
        ("excluded", .list(market.excluded.map { .text($0) })),
        (
            "scores",
            .object(
                market.queue.map { entry in
                    let whole = entry.score.isWhole ? "/1" : ""
                    return (entry.position.account, .text(entry.score.description + whole))
                })
        ),
    ])
}

private func deleveraging(_ inputs: Figures) throws -> Answer {
    let market = try inputs.marketFacts()
    let (given, rest) = market.deleverage(
        need: try inputs.number("need"), maxPositionPpm: try inputs.number("maxPositionPpm"))
    return .object([
        ("gap", .number(market.gap)), ("rest", .number(rest)),
        ("deleveraged", .list(given.map(\.answer))),
    ])
}

private func socialising(_ inputs: Figures) throws -> Answer {
    let (charges, rest) = socialise(
        need: try inputs.number("need"), maxClaimPpm: try inputs.number("maxClaimPpm"),
        claims: try inputs.list("claims").map { try $0.named() })
    return .object([("charges", .list(charges.map(\.answer))), ("rest", .number(rest))])
}

private func maintenance(_ inputs: Figures) throws -> Answer {
    let table = MaintenanceTable(
        tiers: try inputs.list("tiers").map {
            MarginTier(upTo: try $0.integer("upTo"), ratePpm: try $0.integer("ratePpm"))
        }, volatilityRatePpm: try inputs.number("volatilityRatePpm"))
    let notional = try inputs.number("notional")
    let index = table.index(of: notional)
    return .object([
        ("tier", .text("\(index)")), ("ratePpm", .number(table.brackets[index].ratePpm)),
        ("cumulativeE6", .number(table.cumulative(ofBracket: index))),
        ("maintenance", .number(table.maintenance(of: notional))),
    ])
}

private func income(_ inputs: Figures) throws -> Answer {
    var policy = SettlementPolicy.silent
    policy.fund = try inputs.at("fundRule").fundRule()
    let reckoning = Reckoning(
        income: try inputs.number("amount"), books: try inputs.at("state").books(),
        policy: policy)
    return .object([("lines", reckoning.linesAnswer), ("state", reckoning.books.answer)])
}

/// Section 13 of the page: the older vectors of the waterfall in its terms.
func waterfallAnswer(_ inputs: Figures) throws -> Answer? {
    let scale: Rational = 1_000_000
    let lots = try inputs.number("qty")
    let entry = try inputs.number("entry") * scale
    let position = MarginAccount(
        account: "a", side: try inputs.side(), lots: lots, entry: entry,
        margin: lots * entry / (try inputs.number("leverage")))
    let closing = MarginClosing(
        position, lots: lots, fillValue: try inputs.number("fill") * scale * lots, exitCost: 0,
        mark: entry)
    var policy = SettlementPolicy.silent
    let rate = try inputs.integer("feeBps") * 100
    policy.penalty.basePpm = rate
    policy.penalty.capPpm = rate
    policy.socialiseMaxClaimPpm = 1_000_000
    let profit = try inputs.number("oppositeProfit") * scale
    let reckoning = Reckoning(
        CloseFacts(
            height: 0, account: "a", notional: closing.notional, proceeds: closing.proceeds,
            principal: closing.obligations, interest: 0, fees: 0, equity: -1, maintenance: 0,
            closedEquity: 0, reserve: 0),
        books: VenueBooks(
            fund: try inputs.number("fund") * scale, badDebt: 0, loans: [], harmed: []),
        policy: policy, bearers: .claims([NamedAmount("x", profit)]))
    let deficit = max(0, closing.obligations - closing.proceeds)
    let unfunded = deficit - reckoning.layers.fund
    let refund = reckoning.lines.filter { $0.beneficiary == "account" }.map(\.amount).sum
    return .object([
        ("bankruptcyPrice", .number(closing.bankruptcyPrice / scale)),
        ("equityAfter", .number((closing.proceeds - closing.obligations) / scale)),
        ("liquidationFee", .number(reckoning.penalty / scale)),
        ("refundToUser", .number(refund / scale)), ("deficit", .number(deficit / scale)),
        ("fundPays", .number(reckoning.layers.fund / scale)),
        ("unfunded", .number(unfunded / scale)),
        ("socialisedHaircutPpmOfProfit", .number(unfunded * scale / profit)),
    ])
}

extension SettlementPolicy {
    /// Takes nothing and gives the account everything.
    static let silent = SettlementPolicy(
        name: "silent", version: 1, fromHeight: 0,
        penalty: PenaltyRule(
            basePpm: 0, slopePpm: 0, capPpm: 0, keeperPpm: 0, keeperMinimum: 0,
            keeperMinimumNotional: 0, windowHeights: 0, fundPpm: 1_000_000, harmedPpm: 0,
            treasuryPpm: 0),
        surplus: SurplusShares(accountPpm: 1_000_000, fundPpm: 0, lpsPpm: 0, stakersPpm: 0),
        fund: FundRule(
            floor: 0, target: .max, feeSharePpm: 0, overflowLpsPpm: 0, overflowStakersPpm: 0,
            overflowTreasuryPpm: 1_000_000),
        backstops: [], adlMaxPositionPpm: 0, socialiseMaxClaimPpm: 0)
}
