import KeeperModel
import KeeperTestKit
import Referee
import Testing
import WideMath

/// What must hold of the referee's own answers, whatever the figures.
@Suite struct RefereeLawTests {
    @Test func `parts are whole, keep their order of size and sum to the total`() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<200 {
            let weights = (0..<Int(generator.number(in: 1...7))).map { _ in
                Rational(generator.number(in: 0...1_000))
            }
            let total = Rational(generator.number(in: 0...10_000))
            let parts = split(total, by: weights)
            #expect(parts.sum == (weights.sum.isZero ? 0 : total))
            for (part, weight) in zip(parts, weights) where !weights.sum.isZero {
                #expect((part - total * weight / weights.sum).magnitude < 1)
            }
            #expect(zip(split(total, cappedBy: weights), weights).allSatisfy { $0 <= $1 })
        }
    }

    @Test func `charging bracket by bracket is the page's rate less its cumulative amount`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var (upTo, rate): (Int64, Int64) = (0, 0)
            let tiers = (0..<4).map { _ in
                upTo += Int64(generator.number(in: 1...1_000_000))
                rate += Int64(generator.number(in: 0...50_000))
                return MarginTier(upTo: upTo, ratePpm: rate)
            }
            let table = MaintenanceTable(
                tiers: tiers, volatilityRatePpm: Rational(generator.number(in: 0...60_000)))
            let notional = Rational(generator.number(in: 0...6_000_000))
            let index = table.index(of: notional)
            let exact =
                (notional * table.brackets[index].ratePpm - table.cumulative(ofBracket: index))
                / 1_000_000
            #expect(table.maintenance(of: notional) == exact.ceiling)
        }
    }

    @Test func `an account at its maintenance is healthy, one unit below it is not`() {
        let table = MaintenanceTable(tiers: [MarginTier(upTo: 1_000_000, ratePpm: 10_000)])
        func account(margin: Rational) -> MarginAccount {
            MarginAccount(account: "a", side: .long, lots: 10, entry: 1_000, margin: margin)
        }
        #expect(!account(margin: 100).isEligible(at: 1_000, under: table))
        #expect(account(margin: 99).isEligible(at: 1_000, under: table))
        #expect(account(margin: 100).bankruptcyPriceExact == 990)
        #expect(account(margin: 100).equity(at: 990) == 0)
    }

    @Test(arguments: AaveGeneration.allCases)
    func `debt that is written off is what was owed less what was repaid`(
        generation: AaveGeneration
    ) {
        // An index at which every balance has to be rounded.
        let index = Rational(decimal: "1234567890123456789012345678") ?? 0
        let collateral = AaveBalance(
            asset: "ETH", scaled: 1_000_003, index: index, price: 1_000_000,
            tokenUnit: 1_000_000, thresholdBps: 8_000, bonusBps: 10_500, feeBps: 1_000)
        let debt = AaveBalance(
            asset: "USD", scaled: 1_700_017, index: index, price: 1_000_000,
            tokenUnit: 1_000_000, thresholdBps: 0, bonusBps: 10_000, feeBps: 0)
        let account = AaveAccount(
            generation: generation, collateral: [collateral], debts: [debt])
        let close = AaveClose(
            generation: generation, collateral: collateral, debt: debt,
            collateralTotal: account.collateralValue, debtTotal: account.debtValue,
            healthWad: account.healthWad, debtToCover: Rational(UInt256.max),
            baseUnit: 1_000_000)
        #expect(account.isEligible)
        #expect(close.figures.seizedGross == close.held)
        let aftermath = AaveAftermath(of: account, after: close)
        #expect(aftermath.collateral.isEmpty)
        guard generation != .v3_0 else {
            // The first generation knows no deficit: the debt stays.
            #expect(aftermath.deficits.isEmpty && !aftermath.debts.isEmpty)
            return
        }
        #expect(aftermath.debts.isEmpty)
        #expect(aftermath.deficits.map(\.amount) == [close.owed - close.figures.repaid])
    }

    @Test func `every settlement sums to nothing and keeps the fund between its bounds`() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<300 {
            let close = drawClose(&generator)
            let policy = drawPolicy(&generator)
            let books = VenueBooks(
                fund: Rational(generator.number(in: 0...2_000)),
                badDebt: Rational(generator.number(in: 0...100)),
                loans: [NamedAmount("pool-b", 30)],
                harmed: [HarmFacts(account: "h", height: 5, loss: 40)])
            let reckoning = Reckoning(
                close, books: books, policy: policy,
                bearers: .claims([NamedAmount("b", 100), NamedAmount("a", 300)]))
            #expect(reckoning.lines.map(\.amount).sum == 0)
            let (floor, target) = (Rational(policy.fund.floor), Rational(policy.fund.target))
            #expect(min(books.fund, floor) <= reckoning.books.fund)
            #expect(reckoning.books.fund <= max(books.fund, target))
            if reckoning.books.badDebt.isPositive { #expect(reckoning.books.fund <= books.fund) }
            for name in ["principal", "interest", "fees"] {
                let credited = reckoning.lines.filter { $0.beneficiary == name }.map(\.amount).sum
                #expect(credited == close.owed(to: name))
            }
        }
    }

    @Test func `a line that is one unit off is named`() {
        var generator = SeededGenerator(seed: 9)
        let close = drawClose(&generator)
        let reckoning = Reckoning(
            close, books: VenueBooks(fund: 0, badDebt: 0, loans: [], harmed: []),
            policy: .plain, bearers: .claims([]))
        func record(_ changed: Int?) -> SettlementRecord {
            SettlementRecord(
                id: 3, revision: 0, previousHash: "", policyName: "plain", policyVersion: 1,
                height: 1, account: "a", keeper: "k", facts: [],
                lines: reckoning.lines.enumerated().map { number, line in
                    let amount = line.amount + (number == changed ? 1 : 0)
                    return SettlementLine(
                        beneficiary: line.beneficiary,
                        amountUnits: Int256(decimal: amount.description) ?? .zero,
                        reason: line.reason)
                })
        }
        #expect(reckoning.discrepancy(in: record(nil)) == nil)
        #expect(reckoning.discrepancy(in: record(1))?.figure == "line 2 of settlement 3")
    }

    private func drawClose(_ generator: inout SeededGenerator) -> CloseFacts {
        func draw(_ range: ClosedRange<UInt64>) -> Rational {
            Rational(generator.number(in: range))
        }
        let proceeds = draw(0...5_000)
        return CloseFacts(
            height: 10, account: "a", notional: proceeds, proceeds: proceeds,
            principal: draw(0...5_000), interest: draw(0...200), fees: draw(0...100),
            equity: draw(0...300), maintenance: draw(0...300), closedEquity: draw(0...300),
            reserve: draw(0...100))
    }

    private func drawPolicy(_ generator: inout SeededGenerator) -> SettlementPolicy {
        var policy = SettlementPolicy.plain
        policy.penalty = PenaltyRule(
            basePpm: 10_000, slopePpm: 40_000, capPpm: 40_000, keeperPpm: 300_000,
            keeperMinimum: 50, keeperMinimumNotional: 500, windowHeights: 100, fundPpm: 500_000,
            harmedPpm: 300_000, treasuryPpm: 200_000)
        policy.surplus = SurplusShares(
            accountPpm: 600_000, fundPpm: 200_000, lpsPpm: 120_000, stakersPpm: 80_000)
        policy.fund.floor = Int64(generator.number(in: 0...500))
        policy.fund.target = policy.fund.floor + Int64(generator.number(in: 0...1_000))
        policy.backstops = [Backstop(id: "pool-a", capacity: 50)]
        policy.socialiseMaxClaimPpm = 500_000
        return policy
    }
}

extension CloseFacts {
    fileprivate func owed(to name: String) -> Rational {
        switch name {
        case "principal": principal
        case "interest": interest
        default: fees
        }
    }
}
