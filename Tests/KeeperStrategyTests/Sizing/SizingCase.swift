import KeeperModel
import KeeperStrategy
import LiquidationRules
import WideMath

/// A candidate of any protocol, and the search over sizes that a planner is held against. The
/// search knows the rules' own quotes, the book and the funds, and none of the planner's sizes.
struct SizingCase<Rules: TradingRules> {
    let rules: Rules
    /// The same market when its prices have moved by as much as the exit bears.
    let later: [Rules]
    let position: Rules.Position
    let strategy: Strategy
    let context: PlanningContext

    func planned() -> PlanOutcome {
        TradePlanner(rules: rules, position: position, strategy: strategy, context: context).plan()
    }

    /// Net profit of the best of so many sizes of every trade; nil where none can be had.
    func bestBySearch(steps: UInt64) -> Int256? {
        (rules.trades(of: position) ?? []).flatMap { trade in
            sizes(trade, steps).compactMap { net(paying: $0, trade) }
        }.max()
    }

    private func sizes(_ trade: Rules.Trade, _ steps: UInt64) -> [UInt256] {
        var sizes = (1...steps).map { trade.payMax * UInt256($0) / UInt256(steps) }
        sizes += trade.edges(driftPpm: 0) + trade.edges(driftPpm: driftPpm)
        var sold = UInt256.zero
        for level in context.depth[trade.takeAsset]?.bids ?? [] {
            sold += level.quantity
            if let payment = trade.payment(taking: sold) { sizes.append(payment) }
        }
        sizes += [context.available[trade.payAsset] ?? .zero]
        sizes += [context.flashPools[trade.payAsset]?.available ?? .zero]
        let near = sizes.flatMap { [$0, $0 + .one, $0.saturatingSubtract(.one)] }
        return near.filter { !$0.isZero && $0 <= trade.payMax }
    }

    // MARK: One size

    private func net(paying amount: UInt256, _ trade: Rules.Trade) -> Int256? {
        // A size that the rules refuse earns nothing.
        guard let quote = try? trade.quote(payingAtMost: amount), !quote.paid.isZero,
            isWithinCap(quote, trade), survives(amount, quote, trade),
            let proceeds = proceeds(quote, trade), let cost = cost(quote, proceeds, trade)
        else { return nil }
        return Int256(exactly: proceeds.units).flatMap { proceeds in
            Int256(exactly: cost).map { proceeds - $0 }
        }
    }

    private func isWithinCap(_ quote: TradeQuote, _ trade: Rules.Trade) -> Bool {
        guard let most = context.notionalMaxUnits else { return true }
        // What cannot be valued is not within any cap.
        return (try? trade.worth(ofPaid: quote.paid, rounding: .up)).map { $0 <= most } ?? false
    }

    /// The same payment is still let through when prices have moved. Where a whole side is meant
    /// more may be paid, so nothing is left that could be dust.
    private func survives(
        _ amount: UInt256, _ quote: TradeQuote, _ trade: Rules.Trade
    ) -> Bool {
        if quote.isWholeDebt || quote.isWholeCollateral { return true }
        return later.allSatisfy { rules in isLetThrough(amount, trade, in: rules) }
    }

    func isLetThrough(_ amount: UInt256, _ trade: Rules.Trade, in rules: Rules) -> Bool {
        guard
            let same = rules.trades(of: position)?.first(where: {
                $0.payAsset == trade.payAsset && $0.takeAsset == trade.takeAsset
            })
        else { return true }
        // A refusal is the answer that is asked for.
        return (try? same.quote(payingAtMost: amount)) != nil
    }

    private func proceeds(
        _ quote: TradeQuote, _ trade: Rules.Trade
    ) -> (units: UInt256, isSold: Bool)? {
        // What has no worth cannot be sold for anything either.
        guard let worth = try? trade.worth(ofTaken: quote.taken, rounding: .down) else {
            return nil
        }
        switch strategy.exit {
        case .hold: return (worth, false)
        case .sell: return sale(quote.taken, trade).map { ($0, true) }
        case .holdUpTo(let rule):
            // What has no worth is held without limit, and earns nothing.
            let held = try? trade.worth(
                ofTaken: context.available[trade.takeAsset] ?? .zero, rounding: .up)
            let kept = worth * UInt256(1_000_000 - rule.haircutPpm) / UInt256(1_000_000)
            let limit = rule.limitUnits[trade.takeAsset] ?? .zero
            let mayHold = worth + (held ?? .zero) <= limit && strategy.funding != .flash
            let sale = rule.sellTolerancePpm == nil ? nil : sale(quote.taken, trade)
            if mayHold, kept > sale ?? .zero { return (kept, false) }
            return sale.map { ($0, true) }
        }
    }

    /// Level by level; nil where the book is too thin.
    private func sale(_ amount: UInt256, _ trade: Rules.Trade) -> UInt256? {
        var (left, units) = (amount, UInt256.zero)
        for level in context.depth[trade.takeAsset]?.bids ?? [] {
            let sold = left < level.quantity ? left : level.quantity
            units += sold * UInt256(level.price) / trade.takeUnit
            left -= sold
        }
        return left.isZero ? units : nil
    }

    /// From the cheapest of the sources that can pay; nil where none can.
    private func cost(
        _ quote: TradeQuote, _ proceeds: (units: UInt256, isSold: Bool), _ trade: Rules.Trade
    ) -> UInt256? {
        var costs: [UInt256] = []
        // What cannot be valued cannot be paid.
        guard let paid = try? trade.worth(ofPaid: quote.paid, rounding: .up) else { return nil }
        if strategy.funding != .flash, quote.paid <= context.available[trade.payAsset] ?? .zero {
            costs.append(paid)
        }
        if strategy.funding != .inventory, trade.payAsset == context.quote.asset,
            proceeds.isSold, let pool = context.flashPools[trade.payAsset],
            quote.paid <= pool.available
        {
            let premium = quote.paid * UInt256(pool.premiumBps) + UInt256(9_999)
            costs.append(paid + premium / UInt256(10_000))
        }
        return costs.min().map { $0 + context.sendingCostUnits }
    }

    private var driftPpm: UInt64 {
        if case .sell(let tolerancePpm) = strategy.exit { return tolerancePpm }
        return 5_000
    }
}

extension SizingCase {
    /// Why the venue would not settle the plan as it stands, or nil.
    func obstacle(to plan: PlannedClose) -> String? {
        let close: LendingClose
        switch plan.action {
        case .lending(let given), .purchase(let given): close = given
        default: return "not a trade: \(plan.action)"
        }
        guard
            let trade = rules.trades(of: position)?.first(where: {
                $0.payAsset == close.repayAsset && $0.takeAsset == close.seizeAsset
            }),
            // The plan's own payment, as the venue quotes it.
            let quote = try? trade.quote(payingAtMost: close.repayAmountMax)
        else { return "the rules refuse the payment" }
        guard quote.taken >= close.seizeAmountMin else { return "takes less than the least" }
        for rules in later where !isLetThrough(close.repayAmountMax, trade, in: rules) {
            return "leaves dust when prices move"
        }
        if case .sell(let proceedsMin) = close.exit {
            guard let units = sale(quote.taken, trade) else { return "the book is too thin" }
            guard units >= proceedsMin else { return "\(units) is below \(proceedsMin)" }
        }
        switch close.funding {
        case .inventory:
            guard close.repayAmountMax <= context.available[close.repayAsset] ?? .zero else {
                return "there is not so much"
            }
        case .flash(let premiumMax):
            guard let pool = context.flashPools[close.repayAsset] else { return "no pool" }
            let premium =
                (quote.paid * UInt256(pool.premiumBps) + UInt256(9_999)) / UInt256(10_000)
            guard quote.paid <= pool.available, premium <= premiumMax else {
                return "the pool lends less, or for more"
            }
        }
        return nil
    }
}
