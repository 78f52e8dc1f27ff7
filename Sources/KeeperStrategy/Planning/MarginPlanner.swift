package import KeeperModel
package import LiquidationRules
import WideMath

/// Plans the close of one margin position: which lots, valued by the law that will settle them at
/// the prices that the book pays now. The keeper's pay is its incentive; no capital is needed.
package struct MarginPlanner {
    private let market: MarginMarket
    private let account: AccountID
    private let position: MarginPosition
    private let strategy: Strategy
    private let context: PlanningContext

    package init(
        market: MarginMarket, account: AccountID, position: MarginPosition, strategy: Strategy,
        context: PlanningContext
    ) {
        self.market = market
        self.account = account
        self.position = position
        self.strategy = strategy
        self.context = context
    }

    package func plan() -> PlanOutcome {
        guard let book = context.depth[market.terms.asset] else {
            return .skipped(.noDepth, facts: [])
        }
        var tried = Set<Int64>()
        let options = sizes(book).map { min($0, lotsMax) }
            .filter { $0 > 0 && tried.insert($0).inserted }
            .compactMap { option($0, book) }
        guard let best = best(of: options) else { return .skipped(.noDepth, facts: []) }
        guard strategy.sizing.isOptimal else { return judged(best) }
        return judged(refined(best, among: options, book))
    }

    private func best(of options: [MarginOption]) -> MarginOption? {
        options.max { ($0.incentive, $1.lots) < ($1.incentive, $0.lots) }
    }

    /// The incentive rises with its share of the fill until the surplus no longer pays for it, so
    /// it has one peak; it lies at an edge of the book or beside the best one.
    private func refined(
        _ best: MarginOption, among options: [MarginOption], _ book: DepthBook
    ) -> MarginOption {
        let step = max(1, market.terms.lotStep)
        let below = options.map(\.lots).filter { $0 < best.lots }.max() ?? 0
        let above = options.map(\.lots).filter { $0 > best.lots }.min() ?? best.lots
        var (low, high) = (below / step, above / step)
        var found = best
        while high - low > 2 {
            let (left, right) = (low + (high - low) / 3, high - (high - low) / 3)
            let pair = [left, right].map { option($0 * step, book) }
            for option in pair.compactMap({ $0 }) where option.incentive > found.incentive {
                found = option
            }
            // What the book cannot take is past the peak.
            guard let lower = pair[0], let upper = pair[1] else {
                high = right
                continue
            }
            if lower.incentive < upper.incentive { low = left } else { high = right }
        }
        let rest = (low...max(low, high)).filter { $0 > 0 }.compactMap { option($0 * step, book) }
        return self.best(of: rest + [found]) ?? found
    }

    /// As many lots as a plan may close at the mark.
    private var lotsMax: Int64 {
        guard let units = context.notionalMaxUnits, market.mark > 0 else { return position.lots }
        let lots = (units / UInt256(UInt64(market.mark))).asInt64 ?? .max
        return min(position.lots, lots / market.terms.lotStep * market.terms.lotStep)
    }

    private func judged(_ option: MarginOption) -> PlanOutcome {
        let health = market.healthWad(position)
        let sendingCost = Int256(exactly: context.sendingCostUnits) ?? .max
        let figures = CatalogueFigures(
            health: Int256(exactly: health) ?? .max, netProfit: option.incentive - sendingCost,
            grossProfit: option.incentive, cost: sendingCost, notional: Int256(option.fillValue),
            priceAge: Int256(context.priceAges.sinceReceived.nanoseconds),
            sourceAge: Int256(context.priceAges.sinceMade.nanoseconds), legs: .one)
        let facts = [
            DecisionFact("health", health.description), DecisionFact("mark", "\(market.mark)"),
            DecisionFact("lots", "\(option.lots)"),
            DecisionFact("fillValue", "\(option.fillValue)"),
            DecisionFact("incentive", option.incentive.description),
        ]
        guard strategy.condition.holds(for: figures) else {
            return .skipped(
                .belowFloor, facts: facts + [DecisionFact("condition", strategy.condition.text)])
        }
        let expectation = Expectation(
            grossUnits: option.incentive, costUnits: sendingCost, inventoryNeeded: [],
            notionalUnits: UInt256(UInt64(option.fillValue)))
        return .planned(
            PlannedClose(
                action: .margin(close(option)), expectation: expectation, facts: facts))
    }

    /// The worst price and the least pay that are still taken, a tolerance below what is planned.
    private func close(_ option: MarginOption) -> MarginClose {
        let tolerance = Int256(strategy.exit.tolerancePpm)
        let million = Int256(1_000_000)
        let worst = Int256(Int64(clamping: option.worstPrice))
        let slack = worst * tolerance / million
        let limit = position.side == .long ? worst - slack : worst + slack
        let incentive = option.incentive - option.incentive * tolerance / million
        return MarginClose(
            lots: option.lots, limitPrice: max(1, limit.asInt64 ?? .max),
            incentiveMin: incentive.asInt64 ?? .max)
    }

    // MARK: Sizes

    private func sizes(_ book: DepthBook) -> [Int64] {
        switch strategy.sizing {
        case .full: [position.lots]
        case .restoreHealth(let targetPpm): [restoring(targetPpm)]
        case .optimal, .twoStep: [position.lots] + depthEdges(book)
        }
    }

    /// By `settlement.md` section 9, with the penalty's cap as the cost of a lot.
    private func restoring(_ targetPpm: Int64) -> Int64 {
        guard let equity = position.equity(at: market.mark).asInt64 else { return position.lots }
        let situation = PartialMarginClose.Situation(
            lots: position.lots, mark: market.mark, equity: equity, schedule: market.schedule,
            costPpm: market.terms.policy.penalty.capPpm, lotStep: market.terms.lotStep)
        let rule = PartialRule(targetPpm: targetPpm, maxStepPpm: 1_000_000, dust: 0)
        // Where no part can be worked out, the whole is what is left to close.
        guard let partial = try? PartialMarginClose(situation, rule: rule),
            partial.closeLots > 0
        else { return position.lots }
        return partial.closeLots
    }

    private func depthEdges(_ book: DepthBook) -> [Int64] {
        let levels = position.side == .long ? book.bids : book.asks
        var edges: [Int64] = []
        var taken: Int64 = 0
        for level in levels {
            let quantity = level.quantity.asInt64 ?? position.lots
            taken += min(quantity, position.lots - taken)
            let stepped = taken / market.terms.lotStep * market.terms.lotStep
            if stepped > 0, stepped < position.lots { edges.append(stepped) }
            if taken == position.lots { break }
        }
        return edges
    }

    // MARK: Worth

    /// Nil where the book cannot take the lots, or the law refuses the close.
    private func option(_ lots: Int64, _ book: DepthBook) -> MarginOption? {
        let quantity = UInt256(UInt64(lots))
        let fill =
            position.side == .long
            ? book.selling(quantity, downTo: 1, unitScale: .one)
            : book.buying(quantity, upTo: .max, unitScale: .one)
        guard fill.quantity == quantity, let value = fill.valueUnits.asInt64,
            let incentive = incentive(lots, fillValue: value)
        else { return nil }
        return MarginOption(
            lots: lots, fillValue: value, worstPrice: fill.worstPrice, incentive: incentive)
    }

    /// What the law gives the keeper, counted without a fund: the fund may add, never take.
    private func incentive(_ lots: Int64, fillValue: Int64) -> Int256? {
        guard let equity = position.equity(at: market.mark).asInt64,
            let maintenance = market.maintenance(position).asInt64
        else { return nil }
        let trigger = CloseTrigger(
            height: Int64(clamping: context.height), account: account, equity: equity,
            maintenance: maintenance)
        // A close that the law refuses is worth nothing to anybody.
        guard
            let reduction = try? MarginReduction(
                of: position, closing: lots, fill: MarginFill(value: fillValue, exitCost: 0),
                mark: market.mark),
            let close = try? reduction.close(at: trigger),
            let result = try? SettlementState().settle(
                close, under: market.terms.policy, bearers: .claims([]))
        else { return nil }
        return result.lines.reduce(.zero) {
            $1.beneficiary == "keeper" ? $0 + $1.amountUnits : $0
        }
    }
}

private struct MarginOption {
    let lots: Int64
    let fillValue: Int64
    let worstPrice: UInt64
    let incentive: Int256
}
