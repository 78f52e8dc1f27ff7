import KeeperModel
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

/// `optimal` against brute force: a dense grid of sizes and every edge, by the rules' own quotes.
@Suite struct SizingTests {
    private static let cases = UInt64(slowTestsAreOn ? 3_000 : 40)
    private static let gridSteps = UInt64(slowTestsAreOn ? 2_000 : 50)

    @Test(arguments: AaveGeneration.allCases)
    func `optimal earns 99 % of brute force at Aave`(generation: AaveGeneration) throws {
        var tally = SizingTally()
        for seed in 1...Self.cases {
            var sampler = SizingSampler(seed: seed)
            tally.judge(try sampler.aave(generation), seed: seed, steps: Self.gridSteps)
        }
        tally.expectSense()
    }

    @Test func `optimal earns 99 % of brute force at Morpho Blue`() throws {
        var tally = SizingTally()
        for seed in 1...Self.cases {
            var sampler = SizingSampler(seed: seed)
            tally.judge(try sampler.morpho(), seed: seed, steps: Self.gridSteps)
        }
        tally.expectSense()
    }

    @Test func `optimal earns 99 % of brute force at Euler`() throws {
        var tally = SizingTally()
        for seed in 1...Self.cases {
            var sampler = SizingSampler(seed: seed)
            tally.judge(try sampler.euler(), seed: seed, steps: Self.gridSteps)
        }
        tally.expectSense()
    }

    @Test func `optimal earns 99 % of brute force at Compound's storefront`() throws {
        var tally = SizingTally()
        for seed in 1...Self.cases {
            var sampler = SizingSampler(seed: seed)
            tally.judge(try sampler.compound(), seed: seed, steps: Self.gridSteps)
        }
        tally.expectSense()
    }

    @Test func `optimal earns 99 % of brute force at Maker's auctions`() throws {
        var tally = SizingTally()
        for seed in 1...Self.cases {
            var sampler = SizingSampler(seed: seed)
            tally.judge(try sampler.maker(), seed: seed, steps: Self.gridSteps)
        }
        tally.expectSense()
    }

    @Test func `optimal earns 99 % of brute force on a margin position`() throws {
        var tally = SizingTally()
        for seed in 1...Self.cases {
            var sampler = SizingSampler(seed: seed)
            let candidate = try sampler.margin()
            tally.judge(
                candidate.planned(), best: candidate.bestBySearch(steps: Self.gridSteps),
                seed: seed)
        }
        tally.expectSense()
    }
}

/// What a run of cases showed: a search that never finds anything proves nothing.
struct SizingTally {
    private var paying = 0
    private var seen = 0

    mutating func judge<Rules: TradingRules>(
        _ candidate: SizingCase<Rules>, seed: UInt64, steps: UInt64
    ) {
        let outcome = candidate.planned()
        judge(outcome, best: candidate.bestBySearch(steps: steps), seed: seed)
        guard case .planned(let plan) = outcome, plan.expectation.netUnits > .zero else { return }
        let obstacle = candidate.obstacle(to: plan)
        #expect(
            obstacle == nil, "seed \(seed), \(candidate.strategy.exit): \(obstacle ?? "")")
    }

    /// A cent is nobody's profit, and what rounding may cost.
    mutating func judge(_ outcome: PlanOutcome, best: Int256?, seed: UInt64) {
        seen += 1
        guard let best, best > Int256(10_000) else { return }
        paying += 1
        guard case .planned(let plan) = outcome else {
            Issue.record("seed \(seed): the search earns \(best), the planner \(outcome)")
            return
        }
        let net = plan.expectation.netUnits
        #expect(
            (net + Int256(10_000)) * Int256(100) >= best * Int256(99),
            "seed \(seed): planned \(net), the search finds \(best), facts \(plan.facts)")
    }

    func expectSense() {
        #expect(paying * 3 > seen, "only \(paying) of \(seen) cases pay")
    }
}
