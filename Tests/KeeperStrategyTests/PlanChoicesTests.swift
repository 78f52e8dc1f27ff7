import KeeperModel
import KeeperStrategy
import LiquidationRules
import Testing
import WideMath

/// Which source pays, what becomes of collateral that nobody buys, and plans too good to be true.
@Suite struct PlanChoicesTests {
    private static let ether = AssetID("ETH")
    private static let usd = AssetID("USD")

    /// Ten thousand of debt at a health of 0.9, at a price of 2,000.
    private func plan(
        funding: FundingChoice = .inventory, exit: ExitChoice, funds: UInt64, pool: UInt64 = 0,
        premiumBps: UInt64 = 9, bid: UInt64 = 2_000_000_000, depth: UInt64 = 1_000,
        cap: UInt64? = nil, aboveBonus: AboveBonusRule = .usual
    ) throws -> PlanOutcome {
        var sampler = PlannerSampler(seed: 3)
        let market = sampler.candidate().market
        let published = AccountPosition.lending(
            LendingPosition(
                collateral: [
                    ScaledBalance(asset: Self.ether, scaledAmount: 5_500_000_000_000_000_000)
                ],
                debts: [ScaledBalance(asset: Self.usd, scaledAmount: 10_000_000_000)]))
        let position = try #require(market.position(from: published))
        let context = PlanningContext(
            now: Instant(nanoseconds: 0), height: 1,
            quote: AssetDescription(asset: Self.usd, decimals: 6),
            depth: [
                Self.ether: DepthBook(
                    asset: Self.ether,
                    bids: [
                        DepthLevel(
                            price: bid, quantity: UInt256(depth) * 1_000_000_000_000_000)
                    ], asks: [])
            ],
            flashPools: [
                Self.usd: FlashPool(
                    asset: Self.usd, available: UInt256(pool) * 1_000_000, premiumBps: premiumBps)
            ],
            available: [Self.usd: UInt256(funds) * 1_000_000],
            priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero),
            notionalMaxUnits: cap.map { UInt256($0) * 1_000_000 })
        let strategy = Strategy(
            name: StrategyName("s"), version: 1, summary: "", markets: [.lending],
            condition: try Condition("health < 1"), sizing: .optimal, funding: funding,
            exit: exit, bid: nil, validHeights: 5, coolDown: .zero, aboveBonus: aboveBonus)
        return market.plan(AccountID("a"), position, by: strategy, in: context)
    }

    private func close(_ outcome: PlanOutcome) throws -> LendingClose {
        guard case .planned(let plan) = outcome, case .lending(let close) = plan.action else {
            throw SizingSamplerProblem("expected a plan, got \(outcome)")
        }
        return close
    }

    private let selling = ExitChoice.sell(tolerancePpm: 5_000)

    // MARK: Funding

    @Test func `the cheapest source pays, its premium counted`() throws {
        func source(funds: UInt64, pool: UInt64) throws -> Funding {
            try close(
                plan(funding: .cheapest, exit: selling, funds: funds, pool: pool, depth: 10_000)
            ).funding
        }
        #expect(try source(funds: 50_000, pool: 50_000) == .inventory)
        guard case .flash = try source(funds: 2_000, pool: 50_000) else {
            Issue.record("little of our own is less than the whole on a loan")
            return
        }
        #expect(try source(funds: 50_000, pool: 0) == .inventory)
        // Half of it for nothing is more than all of it at a premium of 4 %.
        let dear = try close(
            plan(
                funding: .cheapest, exit: selling, funds: 5_000, pool: 50_000, premiumBps: 400,
                depth: 10_000))
        #expect(dear.funding == .inventory)
    }

    // MARK: Exits

    @Test func `what cannot be sold is held within its limit, at less than its worth`() throws {
        func hold(_ limit: UInt64, sells: Bool) -> ExitChoice {
            .holdUpTo(
                HoldRule(
                    haircutPpm: 30_000, limitUnits: [Self.ether: UInt256(limit) * 1_000_000],
                    sellTolerancePpm: sells ? 5_000 : nil))
        }
        // The book takes one of the five that could be had.
        let sold = try close(plan(exit: selling, funds: 50_000))
        let outcome = try plan(exit: hold(50_000, sells: true), funds: 50_000)
        let held = try close(outcome)
        #expect(held.exit == .hold && held.repayAmountMax > sold.repayAmountMax)
        guard case .planned(let plan) = outcome else { return }
        // A bonus of 5 % less its fee, less 3 % of the whole.
        let gross = plan.expectation.grossUnits
        #expect(plan.expectation.netUnits < gross && plan.expectation.netUnits > .zero)
        let little = try close(self.plan(exit: hold(3_000, sells: false), funds: 50_000))
        #expect(little.repayAmountMax > 2_800_000_000 && little.repayAmountMax < 3_000_000_000)
        let nothing = try self.plan(exit: hold(0, sells: false), funds: 50_000)
        guard case .skipped(.noDepth, _) = nothing else {
            Issue.record("expected no-depth, got \(nothing)")
            return
        }
    }

    // MARK: Caps and doubt

    @Test func `a cap keeps every size below it`() throws {
        for cap: UInt64 in [500, 2_000, 6_000] {
            let capped = try plan(exit: selling, funds: 50_000, depth: 10_000, cap: cap)
            guard case .planned(let plan) = capped else {
                Issue.record("nothing is planned at \(cap)")
                return
            }
            #expect(plan.expectation.notionalUnits <= UInt256(cap) * 1_000_000)
            #expect(plan.expectation.notionalUnits > UInt256(cap) * 990_000)
        }
    }

    @Test func `a sale above what the oracle says never gets a blind yes`() throws {
        let high: UInt64 = 2_200_000_000
        guard
            case .skipped(.held, let facts) = try plan(
                exit: selling, funds: 50_000, bid: high, depth: 10_000)
        else {
            Issue.record("a tenth above the oracle was believed")
            return
        }
        #expect(facts.last?.value == "the sale promises more than the oracle does")
        let canary = AboveBonusRule(
            overPpm: 50_000, policy: .canary(notionalMaxUnits: 500_000_000))
        guard
            case .planned(let small) = try plan(
                exit: selling, funds: 50_000, bid: high, depth: 10_000, aboveBonus: canary)
        else {
            Issue.record("no canary was sent")
            return
        }
        #expect(small.expectation.notionalUnits <= 500_000_000)
        _ = try close(plan(exit: selling, funds: 50_000, bid: 2_050_000_000, depth: 10_000))
    }
}
