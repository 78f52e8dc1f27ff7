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
        guard let trades = rules.trades(of: position) else {
            return .skipped(.priceUncertain, facts: [DecisionFact("doubt", "a price is missing")])
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
        guard let best else { return .skipped(obstacle, facts: []) }
        return judged(best)
    }

    /// The strategy's own condition has the last word on the best option.
    private func judged(_ option: TradeOption) -> PlanOutcome {
        let health = rules.healthWad(position)
        let figures = CatalogueFigures(
            health: Int256(exactly: health) ?? .max,
            netProfit: option.netUnits, grossProfit: option.grossUnits,
            cost: option.grossUnits - option.netUnits,
            notional: Int256(exactly: option.paidUnits) ?? .max,
            priceAge: Int256(context.priceAges.sinceReceived.nanoseconds),
            sourceAge: Int256(context.priceAges.sinceMade.nanoseconds),
            legs: Int256(rules.published(position).legCount),
            discount: option.discount,
            auctionAge: Int256(TimeSpan.seconds(Int64(clamping: option.ageSeconds)).nanoseconds))
        let facts = option.facts(health: health)
        guard strategy.condition.holds(for: figures) else {
            let condition = DecisionFact("condition", strategy.condition.text)
            return .skipped(
                .belowFloor,
                facts: facts + [DecisionFact("net", option.netUnits.description), condition])
        }
        return .planned(
            PlannedClose(
                action: option.action(strategy), expectation: option.expectation(strategy),
                facts: facts))
    }
}

/// One way to close: so much paid, so much taken, sold for so much.
struct TradeOption {
    let kind: CloseKind
    let payAsset: AssetID
    let takeAsset: AssetID
    let paid: UInt256
    /// What the close may pay at most: more than planned where the whole debt is meant, because
    /// interest goes on and a rest of one unit would be refused as dust.
    let paidMax: UInt256
    let paidMaxUnits: UInt256
    let paidUnits: UInt256
    let taken: UInt256
    let takenUnits: UInt256
    /// What the sale fetches; the oracle's value where the collateral is held.
    let proceedsUnits: UInt256
    /// On the most that may be paid.
    let flashPremium: UInt256
    /// On a chain; nothing where calls are free.
    let sendingCostUnits: UInt256
    let ageSeconds: UInt64

    /// The bonus at the oracle's prices.
    var grossUnits: Int256 { signed(takenUnits) - signed(paidUnits) }
    var netUnits: Int256 {
        signed(proceedsUnits) - signed(paidUnits) - signed(flashPremium)
            - signed(sendingCostUnits)
    }

    /// Bonus over worth, toward zero; nothing where what is taken is worth nothing.
    var discount: Int256 {
        guard !takenUnits.isZero else { return .zero }
        return Quantity.saturatingMultiply(grossUnits, Quantity.ratioOne) / signed(takenUnits)
    }

    func action(_ strategy: Strategy) -> CloseAction {
        let close = LendingClose(
            repayAsset: payAsset, repayAmountMax: paidMax, seizeAsset: takeAsset,
            seizeAmountMin: strategy.lessTolerance(taken), funding: funding(strategy),
            exit: exit(strategy))
        return kind == .purchase ? .purchase(close) : .lending(close)
    }

    func expectation(_ strategy: Strategy) -> Expectation {
        let needed =
            strategy.funding == .inventory
            ? [AssetAmount(asset: payAsset, amount: paidMax)] : []
        return Expectation(
            grossUnits: grossUnits, costUnits: grossUnits - netUnits, inventoryNeeded: needed,
            notionalUnits: paidUnits)
    }

    func facts(health: UInt256) -> [DecisionFact] {
        [
            DecisionFact("health", health.description),
            DecisionFact("repayAsset", payAsset.text),
            DecisionFact("repaid", paid.description),
            DecisionFact("seizeAsset", takeAsset.text),
            DecisionFact("seized", taken.description),
            DecisionFact("seizedUnits", takenUnits.description),
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
                strategy.lessTolerance(proceedsUnits), paidMaxUnits + flashPremium))
    }

    private func signed(_ amount: UInt256) -> Int256 { Int256(exactly: amount) ?? .max }
}

extension Strategy {
    /// The least that is still taken of what was planned.
    func lessTolerance(_ amount: UInt256) -> UInt256 {
        guard case .sell(let tolerancePpm) = exit else { return amount }
        return amount - amount / UInt256(1_000_000) * UInt256(tolerancePpm)
    }
}
