import KeeperModel
package import LiquidationRules
import WideMath

/// Plans the close of one borrower: every pair of debt and collateral, every size that the strategy
/// allows, valued at what the collateral can be sold for now. The best of them, or why there is
/// none.
package struct LendingPlanner {
    let market: LendingMarket
    let position: LendingMarket.Position
    let strategy: Strategy
    let context: PlanningContext

    package init(
        market: LendingMarket, position: LendingMarket.Position, strategy: Strategy,
        context: PlanningContext
    ) {
        self.market = market
        self.position = position
        self.strategy = strategy
        self.context = context
    }

    package func plan() -> PlanOutcome {
        guard let account = market.accountData(position) else {
            return .skipped(.priceUncertain, facts: [DecisionFact("doubt", "a price is missing")])
        }
        let holdings = market.holdings(position)
        var best: LendingOption?
        var obstacle: SkipReason = .notCloseable
        for debt in holdings.debts {
            for collateral in holdings.collateral {
                let pair = LendingPair(
                    planner: self, account: account, debt: debt, collateral: collateral)
                switch pair.best() {
                case .found(let option):
                    if best.map({ option.netUnits > $0.netUnits }) ?? true { best = option }
                case .none(let reason):
                    obstacle = reason
                }
            }
        }
        guard let best else { return .skipped(obstacle, facts: []) }
        return judged(best, account)
    }

    /// The strategy's own condition has the last word on the best option.
    private func judged(_ option: LendingOption, _ account: AaveAccountData) -> PlanOutcome {
        let figures = CatalogueFigures(
            health: Int256(exactly: account.healthFactorWad) ?? .max,
            netProfit: option.netUnits, grossProfit: option.grossUnits,
            cost: option.grossUnits - option.netUnits,
            notional: Int256(exactly: option.repaidUnits) ?? .max,
            priceAge: Int256(context.priceAges.sinceReceived.nanoseconds),
            sourceAge: Int256(context.priceAges.sinceMade.nanoseconds),
            legs: Int256(position.legCount))
        let facts = option.facts(health: account.healthFactorWad)
        guard strategy.condition.holds(for: figures) else {
            let condition = DecisionFact("condition", strategy.condition.text)
            return .skipped(
                .belowFloor,
                facts: facts + [DecisionFact("net", option.netUnits.description), condition])
        }
        return .planned(
            PlannedClose(
                action: .lending(option.close(strategy)), expectation: option.expectation(strategy),
                facts: facts))
    }
}

/// One way to close: so much repaid, so much seized, sold for so much.
struct LendingOption {
    let repayAsset: AssetID
    let seizeAsset: AssetID
    let repaid: UInt256
    /// What the close may repay at most: more than planned where the whole debt is meant, because
    /// interest goes on and a rest of one unit would be refused as dust.
    let repaidMax: UInt256
    let repaidMaxUnits: UInt256
    let repaidUnits: UInt256
    let seizedNet: UInt256
    let seizedUnits: UInt256
    /// What the sale fetches; the oracle's value where the collateral is held.
    let proceedsUnits: UInt256
    /// On the most that may be repaid.
    let flashPremium: UInt256
    /// On a chain; nothing where calls are free.
    let sendingCostUnits: UInt256

    /// The bonus at the oracle's prices.
    var grossUnits: Int256 { signed(seizedUnits) - signed(repaidUnits) }
    var netUnits: Int256 {
        signed(proceedsUnits) - signed(repaidUnits) - signed(flashPremium)
            - signed(sendingCostUnits)
    }

    func close(_ strategy: Strategy) -> LendingClose {
        LendingClose(
            repayAsset: repayAsset, repayAmountMax: repaidMax, seizeAsset: seizeAsset,
            seizeAmountMin: lessTolerance(seizedNet, strategy), funding: funding(strategy),
            exit: exit(strategy))
    }

    func expectation(_ strategy: Strategy) -> Expectation {
        let needed =
            strategy.funding == .inventory
            ? [AssetAmount(asset: repayAsset, amount: repaidMax)] : []
        return Expectation(
            grossUnits: grossUnits, costUnits: grossUnits - netUnits, inventoryNeeded: needed,
            notionalUnits: repaidUnits)
    }

    func facts(health: UInt256) -> [DecisionFact] {
        [
            DecisionFact("health", health.description),
            DecisionFact("repayAsset", repayAsset.text),
            DecisionFact("repaid", repaid.description),
            DecisionFact("seizeAsset", seizeAsset.text),
            DecisionFact("seized", seizedNet.description),
            DecisionFact("seizedUnits", seizedUnits.description),
            DecisionFact("proceeds", proceedsUnits.description),
            DecisionFact("flashPremium", flashPremium.description),
        ]
    }

    private func funding(_ strategy: Strategy) -> Funding {
        strategy.funding == .flash ? .flash(premiumMax: flashPremium) : .inventory
    }

    /// Never less than what went in: a sale that would lose is refused by the venue, not booked.
    private func exit(_ strategy: Strategy) -> Exit {
        guard case .sell = strategy.exit else { return .hold }
        return .sell(
            proceedsMin: max(
                lessTolerance(proceedsUnits, strategy), repaidMaxUnits + flashPremium))
    }

    private func lessTolerance(_ amount: UInt256, _ strategy: Strategy) -> UInt256 {
        guard case .sell(let tolerancePpm) = strategy.exit else { return amount }
        return amount - amount / UInt256(1_000_000) * UInt256(tolerancePpm)
    }

    private func signed(_ amount: UInt256) -> Int256 { Int256(exactly: amount) ?? .max }
}
