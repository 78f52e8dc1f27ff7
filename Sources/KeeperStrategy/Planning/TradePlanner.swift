import KeeperModel
package import LiquidationRules
import WideMath

/// Plans a close that is paid for, of whatever protocol: every trade that the position offers,
/// every size that the strategy allows, valued at what the collateral can be sold for now. The best
/// of them, or why there is none.
package struct TradePlanner<Rules: TradingRules> {
    let rules: Rules
    let position: Rules.Position
    let strategy: Strategy
    let context: PlanningContext

    package init(
        rules: Rules, position: Rules.Position, strategy: Strategy, context: PlanningContext
    ) {
        self.rules = rules
        self.position = position
        self.strategy = strategy
        self.context = context
    }

    package func plan() -> PlanOutcome {
        switch best() {
        case .skipped(let reason, let facts): .skipped(reason, facts: facts)
        case .found(let option): judged(TradeSteps(first: option, second: nil))
        }
    }

    enum Best {
        case found(TradeOption)
        case skipped(SkipReason, [DecisionFact])
    }

    /// Of one close.
    func best() -> Best {
        guard let trades = rules.trades(of: position) else {
            return .skipped(.priceUncertain, [DecisionFact("doubt", "a price is missing")])
        }
        var best: TradeOption?
        var obstacle: SkipReason = .notCloseable
        for trade in trades where strategy.markets.contains(trade.kind) {
            switch TradeSearch(trade: trade, strategy: strategy, context: context).best() {
            case .found(let option):
                if best.map({ option.netUnits > $0.netUnits }) ?? true { best = option }
            case .none(let reason):
                obstacle = reason
            }
        }
        return best.map { .found($0) } ?? .skipped(obstacle, [])
    }

    /// The strategy's own condition has the last word on the best option.
    func judged(_ steps: TradeSteps) -> PlanOutcome {
        let health = rules.healthWad(position)
        let facts = [DecisionFact("health", health.description)] + steps.facts
        if steps.all.contains(where: { isTooGood($0) }) { return doubted(facts) }
        guard strategy.condition.holds(for: figures(steps, health: health)) else {
            return .skipped(
                .belowFloor,
                facts: facts + [
                    DecisionFact("net", steps.netUnits.description),
                    DecisionFact("condition", strategy.condition.text),
                ])
        }
        return .planned(
            PlannedClose(
                action: steps.action(strategy),
                expectation: steps.expectation(quote: context.quote.asset), facts: facts))
    }

    private func figures(_ steps: TradeSteps, health: UInt256) -> CatalogueFigures {
        CatalogueFigures(
            health: Int256(exactly: health) ?? .max,
            netProfit: steps.netUnits, grossProfit: steps.grossUnits,
            cost: steps.grossUnits - steps.netUnits,
            notional: Int256(exactly: steps.paidUnits) ?? .max,
            priceAge: Int256(context.priceAges.sinceReceived.nanoseconds),
            sourceAge: Int256(context.priceAges.sinceMade.nanoseconds),
            legs: Int256(rules.published(position).legCount),
            discount: steps.discount,
            auctionAge: Int256(
                TimeSpan.seconds(Int64(clamping: steps.first.ageSeconds)).nanoseconds))
    }

    // MARK: Too good

    private func isTooGood(_ option: TradeOption) -> Bool {
        option.exit.isSold
            && strategy.aboveBonus.doubts(
                proceedsUnits: option.exit.units, worthUnits: option.takenUnits)
    }

    /// Held back, or tried in a size that may be lost.
    private func doubted(_ facts: [DecisionFact]) -> PlanOutcome {
        let doubt = DecisionFact("doubt", "the sale promises more than the oracle does")
        guard case .canary(let notionalMaxUnits) = strategy.aboveBonus.policy else {
            return .skipped(.held, facts: facts + [doubt])
        }
        let trusting = AboveBonusRule(overPpm: 1_000_000_000, policy: .hold)
        let small = TradePlanner(
            rules: rules, position: position,
            strategy: strategy.with(trusting, trialWithin: strategy.trialWithin),
            context: context.capped(at: notionalMaxUnits)
        ).plan()
        guard case .planned(let close) = small else { return small }
        return .planned(
            PlannedClose(
                action: close.action, expectation: close.expectation,
                facts: close.facts + [doubt]))
    }
}

/// A close, or two that follow each other at once.
struct TradeSteps {
    let first: TradeOption
    let second: TradeOption?

    var all: [TradeOption] { [first] + (second.map { [$0] } ?? []) }
    var netUnits: Int256 { all.reduce(.zero) { $0 + $1.netUnits } }
    var grossUnits: Int256 { all.reduce(.zero) { $0 + $1.grossUnits } }
    var paidUnits: UInt256 { all.reduce(.zero) { $0.saturatingAdd($1.paidUnits) } }
    private var takenUnits: UInt256 { all.reduce(.zero) { $0.saturatingAdd($1.takenUnits) } }

    /// Bonus over worth, toward zero; nothing where what is taken is worth nothing.
    var discount: Int256 {
        guard !takenUnits.isZero else { return .zero }
        return Quantity.saturatingMultiply(grossUnits, Quantity.ratioOne)
            / (Int256(exactly: takenUnits) ?? .max)
    }

    var facts: [DecisionFact] {
        guard let second else { return first.facts }
        return [DecisionFact("steps", "2")] + first.facts
            + second.facts.map { DecisionFact("second." + $0.name, $0.value) }
    }

    func action(_ strategy: Strategy) -> CloseAction {
        guard second == nil else { return .sequence(all.map { $0.close(strategy) }) }
        let close = first.close(strategy)
        return first.kind == .purchase ? .purchase(close) : .lending(close)
    }

    func expectation(quote: AssetID) -> Expectation {
        Expectation(
            grossUnits: grossUnits, costUnits: grossUnits - netUnits,
            inventoryNeeded: needed(quote), notionalUnits: paidUnits,
            exitCostUnits: all.reduce(.zero) { $0 + $1.exitCostUnits })
    }

    /// What the first sale brings covers what the first payment took, so where both pay in the
    /// quote currency the larger of the two is enough.
    private func needed(_ quote: AssetID) -> [AssetAmount] {
        guard let second else { return first.needed }
        guard let one = first.needed.first, let other = second.needed.first,
            one.asset == other.asset
        else { return first.needed + second.needed }
        let isReturned = first.exit.isSold && one.asset == quote
        return [
            AssetAmount(
                asset: one.asset,
                amount: isReturned
                    ? max(one.amount, other.amount) : one.amount.saturatingAdd(other.amount))
        ]
    }
}
