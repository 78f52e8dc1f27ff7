import KeeperModel
package import LiquidationRules
import WideMath

/// Plans two closes of one borrower that are settled together or not at all. Where one call may
/// close only a part, a first close that leaves the account just under its line lets a second take
/// the part of what is left (Qin et al., "An Empirical Study of DeFi Liquidations", IMC 2021). The
/// best pair, or one close where that earns as much.
package struct TwoStepPlanner<Rules: TradingRules> where Rules.Trade: RepayTrade {
    private let single: TradePlanner<Rules>
    private let marginPpm: UInt64

    package init(
        rules: Rules, position: Rules.Position, strategy: Strategy, context: PlanningContext,
        marginPpm: UInt64
    ) {
        single = TradePlanner(
            rules: rules, position: position, strategy: strategy, context: context)
        self.marginPpm = marginPpm
    }

    private var rules: Rules { single.rules }
    private var strategy: Strategy { single.strategy }
    private var context: PlanningContext { single.context }

    package func plan() -> PlanOutcome {
        guard context.capabilities?.allowsSequences == true else {
            let doubt = DecisionFact("doubt", "the venue settles no two calls together")
            return .skipped(.notCloseable, facts: [doubt])
        }
        switch single.best() {
        case .skipped(let reason, let facts):
            return .skipped(reason, facts: facts)
        case .found(let one):
            let alone = TradeSteps(first: one, second: nil)
            guard let pair = bestPair(), isWorthIt(pair, than: alone) else {
                return single.judged(alone)
            }
            return single.judged(pair)
        }
    }

    /// A second close is a second thing that can be refused: a unit of rounding is no pay for it.
    private func isWorthIt(_ pair: TradeSteps, than alone: TradeSteps) -> Bool {
        let least = max(Int256.zero, alone.netUnits) / Int256(Self.worthwhileShare)
        return pair.netUnits > alone.netUnits + least
    }

    /// The thousandth part.
    private static var worthwhileShare: Int64 { 1_000 }

    private func bestPair() -> TradeSteps? {
        var best: TradeSteps?
        for trade in rules.trades(of: single.position) ?? [] {
            for size in firstSizes(trade) {
                guard let pair = pair(trade, payingFirst: size) else { continue }
                if best.map({ pair.netUnits > $0.netUnits }) ?? true { best = pair }
            }
        }
        return best
    }

    // MARK: The first close

    /// The less is left, the less is kept from the second close: so the most that leaves the
    /// account under its line, or the most below that which the dust rule lets through.
    private func firstSizes(_ trade: Rules.Trade) -> [UInt256] {
        guard let most = mostLeavingEligible(trade) else { return [] }
        let search = TradeSearch(trade: trade, strategy: strategy, context: context)
        return [most] + search.edges.filter { $0 < most }
    }

    /// By the formula for a restored health, and a search where rounding or a second collateral
    /// make it too large.
    private func mostLeavingEligible(_ trade: Rules.Trade) -> UInt256? {
        if leavesEligible(trade.payMax, trade) { return trade.payMax }
        let targetPpm = 1_000_000 - Int64(marginPpm)
        guard let restoring = trade.payment(restoringPpm: targetPpm) else { return nil }
        var (low, high) = (UInt256.zero, min(restoring, trade.payMax))
        if leavesEligible(high, trade) { return high }
        let near = high - high / 1_000_000 - .one
        if !high.isZero, leavesEligible(near, trade) { return near }
        for _ in 0..<Self.halvingsMax {
            let middle = low + (high - low) / 2
            if leavesEligible(middle, trade) { low = middle } else { high = middle }
        }
        return low.isZero ? nil : low
    }

    /// A part in a million of any payment.
    private static var halvingsMax: Int { 20 }

    private func leavesEligible(_ amount: UInt256, _ trade: Rules.Trade) -> Bool {
        guard !amount.isZero, let left = left(by: amount, of: trade) else { return false }
        let line = wad - UInt256(marginPpm) * UInt256(1_000_000_000_000)
        return left.rules.isLiquidatable(left.position)
            && (marginPpm == 0 || left.rules.healthWad(left.position) <= line)
    }

    /// The market and the account as a close leaves them; nil where it is refused or nothing is
    /// left.
    private func left(
        by amount: UInt256, of trade: Rules.Trade
    ) -> (rules: Rules, position: Rules.Position)? {
        // A first close that is refused leaves nothing to a second.
        guard let repaid = try? trade.close(payingAtMost: amount) else { return nil }
        var after = rules
        _ = after.take(repaid.figures)
        return repaid.position.flatMap { after.position(from: $0) }.map { (after, $0) }
    }

    // MARK: The second

    private func pair(_ trade: Rules.Trade, payingFirst amount: UInt256) -> TradeSteps? {
        let search = TradeSearch(trade: trade, strategy: strategy, context: context)
        guard case .found(let first) = search.best(of: [amount]),
            let left = left(by: first.paidMax, of: trade),
            left.rules.isLiquidatable(left.position),
            case .found(let second) = TradePlanner(
                rules: left.rules, position: left.position, strategy: strategy,
                context: context.after(first)
            ).best()
        else { return nil }
        return TradeSteps(first: first, second: second)
    }
}

extension PlanningContext {
    /// As a close leaves it: its part of the book is gone, and so is what it paid, unless its own
    /// sale brought that back.
    fileprivate func after(_ option: TradeOption) -> PlanningContext {
        var (depth, available) = (depth, available)
        if option.exit.isSold, let book = depth[option.takeAsset] {
            depth[option.takeAsset] = book.sold(option.taken)
        } else if !option.exit.isSold {
            available[option.takeAsset] = (available[option.takeAsset] ?? .zero)
                .saturatingAdd(option.taken)
        }
        let isReturned = option.exit.isSold && option.payAsset == quote.asset
        if option.source == .inventory, !isReturned {
            available[option.payAsset] = (available[option.payAsset] ?? .zero)
                .saturatingSubtract(option.paidMax)
        }
        return PlanningContext(
            now: now, height: height, quote: quote, depth: depth, flashPools: flashPools,
            available: available, priceAges: priceAges, sendingCostUnits: sendingCostUnits,
            notionalMaxUnits: notionalMaxUnits.map { $0.saturatingSubtract(option.paidUnits) },
            capabilities: capabilities)
    }
}
