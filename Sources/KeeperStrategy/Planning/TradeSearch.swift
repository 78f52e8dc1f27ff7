import KeeperModel
import LiquidationRules
import WideMath

/// One trade: which sizes to try, and what each is worth.
struct TradeSearch<Trade: CollateralTrade> {
    let trade: Trade
    let strategy: Strategy
    let context: PlanningContext

    enum Result {
        case found(TradeOption)
        case none(SkipReason)
    }

    /// The best of the sizes; where sizes fail, the reason of the last that did.
    func best() -> Result {
        var best: TradeOption?
        var obstacle: SkipReason = .notCloseable
        for size in sizes() {
            let funded = fundable(size)
            guard !funded.isZero else {
                obstacle = .noFunds
                continue
            }
            switch option(payingAtMost: funded) {
            case .found(let option):
                if best.map({ option.netUnits > $0.netUnits }) ?? true { best = option }
            case .none(let reason):
                obstacle = reason
            }
        }
        return best.map { .found($0) } ?? .none(obstacle)
    }

    // MARK: Sizes

    /// Net profit is concave between the trade's own edges and those of the book, so the best
    /// size is one of them.
    private func sizes() -> [UInt256] {
        switch strategy.sizing {
        case .full:
            return wholeSizes()
        case .restoreHealth(let targetPpm):
            guard let least = trade.payment(restoringPpm: targetPpm) else { return wholeSizes() }
            let bounded = min(least, trade.payMax)
            return isRefused(bounded) ? [bounded] + wholeSizes() : [bounded]
        case .optimal:
            return wholeSizes() + trade.edges + depthEdges()
        }
    }

    /// The largest, or where it would not be let through the largest that is.
    private func wholeSizes() -> [UInt256] {
        isRefused(trade.payMax) ? trade.edges : [trade.payMax]
    }

    private func isRefused(_ amount: UInt256) -> Bool {
        do {
            _ = try trade.quote(payingAtMost: amount)
            return false
        } catch {
            return true
        }
    }

    /// Payments for which what is taken just empties one more level of the book.
    private func depthEdges() -> [UInt256] {
        guard let book = context.depth[trade.takeAsset] else { return [] }
        var edges: [UInt256] = []
        var sold = UInt256.zero
        for level in book.bids {
            sold = sold.saturatingAdd(level.quantity)
            guard let amount = trade.payment(taking: sold), amount < trade.payMax else { break }
            if !amount.isZero { edges.append(amount) }
        }
        return edges
    }

    // MARK: Worth

    /// No more than can be paid for: from inventory, or from the flash pool, which is paid back
    /// from a sale for quote and so lends quote only.
    private func fundable(_ amount: UInt256) -> UInt256 {
        switch strategy.funding {
        case .inventory: min(amount, context.available[trade.payAsset] ?? .zero)
        case .flash:
            trade.payAsset == context.quote.asset
                ? min(amount, context.flashPools[trade.payAsset]?.available ?? .zero) : .zero
        }
    }

    private func option(payingAtMost amount: UInt256) -> Result {
        // What the rules refuse here they refuse there.
        guard let quote = try? trade.quote(payingAtMost: amount), !quote.paid.isZero,
            let paidUnits = try? trade.worth(ofPaid: quote.paid, rounding: .up),
            let takenUnits = try? trade.worth(ofTaken: quote.taken, rounding: .down),
            let paidMax = try? paymentMax(quote),
            let paidMaxUnits = try? trade.worth(ofPaid: paidMax, rounding: .up),
            let premium = try? flashPremium(paidMax)
        else { return .none(.notCloseable) }
        guard let proceeds = proceeds(of: quote.taken, worth: takenUnits) else {
            return .none(.noDepth)
        }
        return .found(
            TradeOption(
                kind: trade.kind, payAsset: trade.payAsset, takeAsset: trade.takeAsset,
                paid: quote.paid, paidMax: paidMax, paidMaxUnits: paidMaxUnits,
                paidUnits: paidUnits, taken: quote.taken, takenUnits: takenUnits,
                proceedsUnits: proceeds, flashPremium: premium,
                sendingCostUnits: context.sendingCostUnits, ageSeconds: trade.ageSeconds))
    }

    /// A thousandth on top where the whole debt is meant, as far as there are funds for it.
    private func paymentMax(_ quote: TradeQuote) throws(ArithmeticError) -> UInt256 {
        guard quote.isWholeDebt else { return quote.paid }
        return fundable(try quote.paid.checkedAdd(quote.paid / 1_000 + .one))
    }

    private func flashPremium(_ amount: UInt256) throws(ArithmeticError) -> UInt256 {
        guard strategy.funding == .flash, let pool = context.flashPools[trade.payAsset]
        else { return .zero }
        return try percentMul(amount, UInt256(pool.premiumBps), rounding: .up)
    }

    /// What all of it fetches in the book now; nil where the book cannot take it.
    private func proceeds(of amount: UInt256, worth oracleUnits: UInt256) -> UInt256? {
        guard case .sell = strategy.exit else { return oracleUnits }
        return context.proceeds(of: amount, trade.takeAsset, unit: trade.takeUnit)
    }
}

extension PlanningContext {
    /// Nil where the book cannot take all of it. The quote currency fetches itself.
    func proceeds(of amount: UInt256, _ asset: AssetID, unit: UInt256) -> UInt256? {
        guard asset != quote.asset else { return amount }
        guard let book = depth[asset] else { return nil }
        let fill = book.selling(amount, downTo: 1, unitScale: unit)
        return fill.quantity == amount ? fill.valueUnits : nil
    }
}
