import KeeperModel
import KeeperStrategy
import LiquidationRules
import Testing
import WideMath

@Suite struct TradePlannerTests {
    @Test(arguments: 1...40)
    func `optimal earns at least 99 % of a search over every size`(seed: Int) throws {
        var sampler = PlannerSampler(seed: UInt64(seed))
        let candidate = sampler.candidate()
        let planned = PlannerSampler.net(
            TradePlanner(
                rules: candidate.market, position: candidate.position,
                strategy: PlannerSampler.strategy(.optimal, funding: .flash),
                context: candidate.context
            ).plan())
        let best = candidate.bestBySearch(steps: 600)
        guard best > 0 else { return }
        let found = try #require(planned, "the search earns \(best), the planner finds nothing")
        #expect(found * 100 >= best * 99, "planned \(found), the search finds \(best)")
    }

    @Test func `restoring closes just enough`() throws {
        var sampler = PlannerSampler(seed: 77)
        for _ in 0..<20 {
            let candidate = sampler.candidate(isDeep: true)
            guard
                case .planned(let plan) = TradePlanner(
                    rules: candidate.market, position: candidate.position,
                    strategy: PlannerSampler.strategy(
                        .restoreHealth(targetPpm: 1_050_000), funding: .inventory),
                    context: candidate.context
                ).plan(), case .lending(let close) = plan.action
            else { continue }
            let after = try candidate.health(afterRepaying: close.repayAmountMax)
            let isWhole = close.repayAmountMax >= candidate.repayable
            #expect(isWhole || after >= 1_049_000_000_000_000_000)
            #expect(isWhole || after <= 1_060_000_000_000_000_000)
        }
    }

    @Test func `nothing is planned that inventory or pool cannot pay`() {
        var sampler = PlannerSampler(seed: 5)
        for funding in [FundingChoice.inventory, .flash] {
            let candidate = sampler.candidate(funds: .zero)
            let outcome = TradePlanner(
                rules: candidate.market, position: candidate.position,
                strategy: PlannerSampler.strategy(.full, funding: funding),
                context: candidate.context
            ).plan()
            #expect(outcome == .skipped(.noFunds, facts: []))
        }
    }

    @Test func `a sale never asks for less than went in`() {
        var sampler = PlannerSampler(seed: 9)
        for _ in 0..<30 {
            let candidate = sampler.candidate()
            guard
                case .planned(let plan) = TradePlanner(
                    rules: candidate.market, position: candidate.position,
                    strategy: PlannerSampler.strategy(.optimal, funding: .flash),
                    context: candidate.context
                ).plan(), case .lending(let close) = plan.action,
                case .sell(let proceedsMin) = close.exit,
                case .flash(let premiumMax) = close.funding
            else { continue }
            #expect(proceedsMin >= close.repayAmountMax + premiumMax)
        }
    }
}
