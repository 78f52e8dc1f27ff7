import KeeperModel
import Referee

// The policies, books and closes of the vectors, read by hand: the keeper's own reader of policies
// belongs to the rules that are to be judged.

extension Figures {
    func policy() throws -> SettlementPolicy {
        let (penalty, surplus) = (try at("penalty"), try at("surplus"))
        return SettlementPolicy(
            name: try text("policy"), version: try integer("version"),
            fromHeight: try integer("fromHeight"), penalty: try penalty.penaltyRule(),
            surplus: SurplusShares(
                accountPpm: try surplus.integer("accountPpm"),
                fundPpm: try surplus.integer("fundPpm"), lpsPpm: try surplus.integer("lpsPpm"),
                stakersPpm: try surplus.integer("stakersPpm")),
            fund: try at("fund").fundRule(),
            backstops: try list("backstops").map {
                Backstop(id: try $0.text("id"), capacity: try $0.integer("capacity"))
            },
            adlMaxPositionPpm: try at("adl").integer("maxPositionPpm"),
            socialiseMaxClaimPpm: try at("socialise").integer("maxClaimPpm"))
    }

    private func penaltyRule() throws -> PenaltyRule {
        let shares = try at("shares")
        return PenaltyRule(
            basePpm: try integer("basePpm"), slopePpm: try integer("slopePpm"),
            capPpm: try integer("capPpm"), keeperPpm: try integer("keeperPpm"),
            keeperMinimum: try integer("keeperMinimum"),
            keeperMinimumNotional: try integer("keeperMinimumNotional"),
            windowHeights: try integer("windowHeights"), fundPpm: try shares.integer("fundPpm"),
            harmedPpm: try shares.integer("harmedPpm"),
            treasuryPpm: try shares.integer("treasuryPpm"))
    }

    func fundRule() throws -> FundRule {
        let overflow = try at("overflow")
        return FundRule(
            floor: try integer("floor"), target: try integer("target"),
            feeSharePpm: try integer("feeSharePpm"),
            overflowLpsPpm: try overflow.integer("lpsPpm"),
            overflowStakersPpm: try overflow.integer("stakersPpm"),
            overflowTreasuryPpm: try overflow.integer("treasuryPpm"))
    }

    func books() throws -> VenueBooks {
        VenueBooks(
            fund: try number("fund"), badDebt: try number("badDebt"),
            loans: try list("loans").map { try $0.named() },
            harmed: try list("harmed").map {
                HarmFacts(
                    account: try $0.text("account"), height: try $0.number("height"),
                    loss: try $0.number("loss"))
            })
    }

    func named() throws -> NamedAmount { NamedAmount(try text("id"), try number("amount")) }

    func close() throws -> CloseFacts {
        CloseFacts(
            height: try number("height"), account: try text("account"),
            notional: try number("notional"), proceeds: try number("proceeds"),
            principal: try number("principal"), interest: try number("interest"),
            fees: try number("fees"), equity: try number("equity"),
            maintenance: try number("maintenance"), closedEquity: try number("closedEquity"),
            reserve: try number("reserve"))
    }

    func bearers() throws -> LossBearers {
        guard has("market") else { return .claims(try list("claims").map { try $0.named() }) }
        return .market(try at("market").marketFacts())
    }

    func marketFacts() throws -> MarketFacts {
        MarketFacts(
            closedSide: try side(), closedLots: has("lots") ? try number("lots") : 0,
            bankruptcyPrice: try number("price"), mark: try number("mark"),
            positions: try list("positions").map { try $0.marginAccount() })
    }

    func marginAccount() throws -> MarginAccount {
        MarginAccount(
            account: has("id") ? try text("id") : "-", side: try side(),
            lots: try number("lots"), entry: try number("entry"), margin: try number("margin"))
    }

    func side() throws -> PositionSide {
        guard let side = PositionSide(rawValue: try text("side")) else {
            throw Missing(description: "\(path).side is neither long nor short")
        }
        return side
    }
}

extension VenueBooks {
    var answer: Answer {
        .object([
            ("fund", .number(fund)), ("badDebt", .number(badDebt)),
            ("loans", .list(loans.map(\.answer))),
            (
                "harmed",
                .list(
                    harmed.map {
                        .object([
                            ("account", .text($0.account)), ("height", .number($0.height)),
                            ("loss", .number($0.loss)),
                        ])
                    })
            ),
        ])
    }
}

extension NamedAmount {
    var answer: Answer { .object([("id", .text(id)), ("amount", .number(amount))]) }
}

extension Deleveraged {
    var answer: Answer {
        .object([("id", .text(account)), ("lots", .number(lots)), ("amount", .number(amount))])
    }
}

extension Reckoning {
    var linesAnswer: Answer {
        .list(
            lines.map {
                .object([
                    ("beneficiary", .text($0.beneficiary)), ("amount", .number($0.amount)),
                    ("reason", .text($0.reason)),
                ])
            })
    }
}
