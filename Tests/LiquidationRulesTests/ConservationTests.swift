import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

/// Goal: under every example policy, whatever closes come, no unit is lost or made and the fund
/// keeps its floor. Method: chains of random closes and fees; each event is checked from its lines
/// alone, beside the identities that the settlement itself asserts.
@Suite struct ConservationTests {
    @Test(arguments: ExamplePolicy.allCases)
    func `10,000 random events conserve every unit`(example: ExamplePolicy) throws {
        try run(example, events: 10_000, seed: 21)
    }

    @Test(
        .tags(.slow), .enabled(if: slowTestsAreOn, "set BAILIFF_SLOW to run"),
        arguments: ExamplePolicy.allCases)
    func `a million random events conserve every unit`(example: ExamplePolicy) throws {
        try run(example, events: 1_000_000, seed: 22)
    }

    private func run(_ example: ExamplePolicy, events: Int64, seed: UInt64) throws {
        let policy = try example.policy
        var random = RandomCloses(seed: seed)
        var state = SettlementState()
        var reasons: Set<String> = []
        for height in 0..<events {
            // Now and then a fresh start, so that neither plenty nor ruin is all that is seen.
            if height % 200 == 0 { state = random.state(policy) }
            let lines: [SettlementLine]
            let after: SettlementState
            if random.generator.chance(ppm: 100_000) {
                let result = try state.receiveFee(random.amount(), under: policy.fund)
                (lines, after) = (result.lines, result.state)
            } else {
                let result = try state.settle(
                    random.close(height: height), under: policy, bearers: random.bearers())
                (lines, after) = (result.lines, result.state)
            }
            try check(lines, before: state, after: after, floor: Int256(policy.fund.floor))
            reasons.formUnion(lines.map(\.reason))
            state = after
        }
        #expect(example.reasons.subtracting(reasons) == [])
    }

    private func check(
        _ lines: [SettlementLine], before: SettlementState, after: SettlementState, floor: Int256
    ) throws {
        func sum(_ isCounted: (SettlementLine) -> Bool) -> Int256 {
            lines.filter(isCounted).reduce(.zero) { $0 + $1.amountUnits }
        }
        func owed(_ state: SettlementState) -> Int256 {
            state.loans.reduce(.zero) { $0 + $1.amount }
        }
        try #require(sum { _ in true } == 0)
        try #require(after.fund - before.fund == sum { $0.beneficiary == "fund" })
        try #require(before.badDebt - after.badDebt == sum { $0.beneficiary == "badDebt" })
        try #require(
            owed(before) - owed(after) == sum { $0.beneficiary.hasPrefix("backstop:") })
        try #require(after.fund >= min(before.fund, floor))
        try #require(lines.allSatisfy { !$0.amountUnits.isZero })
    }
}

extension ExamplePolicy {
    /// What must have happened at least once for the run to have tried the policy's parts.
    fileprivate var reasons: Set<String> {
        let always: Set = [
            "proceeds", "recovered", "reserve", "waived", "deficit", "badDebt", "covered", "owed",
            "surplus", "fee",
        ]
        return switch self {
        case .fundTakesAll: always.union(["deleveraged"])
        case .bonusAndRefund:
            always.union(["incentive", "penalty", "socialised"]).subtracting(
                ["deficit"])
        case .community:
            always.union([
                "incentive", "minimum", "penalty", "unclaimed", "loan", "deleveraged",
                "socialised", "overflow",
            ])
        }
    }
}

/// Closes of every kind: rich and ruined, lending and margin, with and without others to charge.
private struct RandomCloses {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Of any magnitude up to a million units of a currency.
    mutating func amount() -> Int64 {
        Int64.random(in: 0...1_000_000_000_000, using: &generator)
            >> Int64.random(in: 0..<40, using: &generator)
    }

    mutating func state(_ policy: SettlementPolicy) -> SettlementState {
        let isIndebted = generator.chance(ppm: 300_000)
        return SettlementState(
            fund: Int256(
                [amount(), policy.fund.floor, min(policy.fund.target, 1 << 40)]
                    .randomElement(using: &generator) ?? 0),
            badDebt: isIndebted ? Int256(amount()) : 0,
            loans: isIndebted
                ? policy.backstops.map { BackstopLoan(id: $0.id, amount: Int256(1 + amount())) }
                : [])
    }

    mutating func close(height: Int64) -> ReducedClose {
        let proceeds = amount()
        let principal = generator.chance(ppm: 500_000) ? proceeds - proceeds / 20 : amount()
        return ReducedClose(
            height: height,
            account: AccountID("acc-\(Int.random(in: 0..<6, using: &generator))"),
            notional: proceeds, proceeds: proceeds,
            obligations: Obligations(
                principal: principal, interest: amount() >> 8, fees: amount() >> 10),
            equity: amount() - amount(), maintenance: amount(),
            closedEquity: amount() - amount(),
            reserve: generator.chance(ppm: 500_000) ? amount() : 0)
    }

    mutating func bearers() -> LossBearers {
        guard generator.chance(ppm: 500_000) else {
            return .claims(
                (0..<Int.random(in: 0..<5, using: &generator)).map {
                    SocialClaim(account: AccountID("lender-\($0)"), amount: Int256(amount()))
                })
        }
        let mark = Int64.random(in: 1...100_000, using: &generator)
        return .market(
            ClosedMarket(
                closedSide: generator.chance(ppm: 500_000) ? .long : .short,
                closedLots: Int64.random(in: 0...1_000_000, using: &generator),
                bankruptcyPrice: max(
                    0, mark + Int64.random(in: -mark...mark, using: &generator) / 4),
                mark: mark,
                positions: (0..<Int.random(in: 0..<9, using: &generator)).map {
                    position(AccountID("acc-\($0)"), mark: mark)
                }))
    }

    private mutating func position(_ account: AccountID, mark: Int64) -> MarketPosition {
        let lots = Int64.random(in: 0...1_000_000, using: &generator)
        let entry = max(1, mark + Int64.random(in: -mark...mark, using: &generator) / 3)
        return MarketPosition(
            account: account,
            position: MarginPosition(
                side: generator.chance(ppm: 500_000) ? .long : .short, lots: lots,
                entryPrice: entry, marginUnits: lots * entry / 10 + amount() >> 4))
    }
}
