import KeeperModel
import LiquidationRules
import WideMath

/// One trade: which sizes to try from which source, and what each is worth.
struct TradeSearch<Trade: CollateralTrade> {
    let trade: Trade
    let strategy: Strategy
    let context: PlanningContext

    enum Result {
        case found(TradeOption)
        case none(SkipReason)
    }

    /// The best of the sizes; where sizes fail, the reason of the last that did.
    func best() -> Result { best(of: sizes()) }

    /// A source that costs nothing is asked first, so at equal profit it is the one.
    func best(of sizes: [UInt256]) -> Result {
        var best: TradeOption?
        var obstacle: SkipReason = .notCloseable
        for source in strategy.funding.sources {
            for size in sizes {
                let funded = fundable(size, from: source)
                guard !funded.isZero else {
                    obstacle = .noFunds
                    continue
                }
                switch option(payingAtMost: funded, from: source) {
                case .found(let option):
                    if best.map({ option.netUnits > $0.netUnits }) ?? true { best = option }
                case .none(let reason):
                    obstacle = reason
                }
            }
        }
        return best.map { .found($0) } ?? .none(obstacle)
    }

    // MARK: Sizes

    /// Net profit is concave between the trade's own edges, those of the book and that of what may
    /// be held, so the best size is one of them.
    private func sizes() -> [UInt256] {
        switch strategy.sizing {
        case .full:
            return wholeSizes()
        case .restoreHealth(let targetPpm):
            guard let least = trade.payment(restoringPpm: targetPpm) else { return wholeSizes() }
            let bounded = min(least, trade.payMax)
            return isRefused(bounded) ? [bounded] + wholeSizes() : [bounded]
        case .optimal, .twoStep:
            return [trade.payMax] + edges + depthEdges() + holdEdges()
        }
    }

    /// Two ppm more than the drift, because each side is rounded once.
    var edges: [UInt256] { trade.edges(driftPpm: strategy.driftPpm + 2) }

    /// The largest, or where it would not be let through the largest that is.
    private func wholeSizes() -> [UInt256] {
        isRefused(trade.payMax) ? edges : [trade.payMax]
    }

    private func isRefused(_ amount: UInt256) -> Bool {
        do {
            return try trade.quote(payingAtMost: amount).driftMaxPpm < strategy.driftPpm
        } catch {
            return true
        }
    }

    /// Payments for which what is taken just empties one more level of the book.
    private func depthEdges() -> [UInt256] {
        guard strategy.exit.maySell, let book = context.depth[trade.takeAsset] else { return [] }
        var edges: [UInt256] = []
        var sold = UInt256.zero
        for level in book.bids {
            sold = sold.saturatingAdd(level.quantity)
            guard let amount = payment(takingAtMost: sold), amount < trade.payMax else { break }
            if !amount.isZero { edges.append(amount) }
        }
        return edges
    }

    /// The payment for which as much is taken as may still be held.
    private func holdEdges() -> [UInt256] {
        guard case .holdUpTo(let rule) = strategy.exit,
            let limit = rule.limitUnits[trade.takeAsset],
            // What does not fit is more than anybody holds.
            let tokenUnits = try? trade.worth(ofTaken: trade.takeUnit, rounding: .up),
            !tokenUnits.isZero,
            let amount = try? mulDiv(
                limit.saturatingSubtract(heldUnits), trade.takeUnit, dividingBy: tokenUnits,
                rounding: .down),
            let payment = payment(takingAtMost: amount), !payment.isZero
        else { return [] }
        return [min(payment, trade.payMax)]
    }

    /// A trade names a payment to the unit or so; one unit taken too many, and the book could not
    /// take it all.
    private func payment(takingAtMost amount: UInt256) -> UInt256? {
        guard var payment = trade.payment(taking: amount) else { return nil }
        var step = UInt256.one
        for _ in 0..<Self.stepsMax {
            // What is refused for other reasons is not for the book to say.
            guard let quote = try? trade.quote(payingAtMost: payment), quote.taken > amount else {
                break
            }
            payment = payment.saturatingSubtract(step)
            step += step
        }
        return payment
    }

    private static var stepsMax: Int { 16 }

    // MARK: Worth

    /// No more than can be paid for: from inventory, or from the flash pool, which is paid back
    /// from a sale for quote and so lends quote only. And no more than the plan may be worth.
    private func fundable(_ amount: UInt256, from source: PaymentSource) -> UInt256 {
        let wanted = min(amount, notionalMax)
        switch source {
        case .inventory: return min(wanted, context.available[trade.payAsset] ?? .zero)
        case .flash:
            guard trade.payAsset == context.quote.asset else { return .zero }
            return min(wanted, context.flashPools[trade.payAsset]?.available ?? .zero)
        }
    }

    /// The payment that is worth as much as the plan may be.
    private var notionalMax: UInt256 {
        guard let units = context.notionalMaxUnits,
            // What cannot be valued is no payment either.
            let wholeUnits = try? trade.worth(ofPaid: trade.payMax, rounding: .up),
            wholeUnits > units
        else { return .max }
        // A share of the payment fits where the payment does.
        return (try? mulDiv(trade.payMax, units, dividingBy: wholeUnits, rounding: .down)) ?? .zero
    }

    private var heldUnits: UInt256 {
        // What has no worth that fits counts for more than any limit.
        (try? trade.worth(
            ofTaken: context.available[trade.takeAsset] ?? .zero, rounding: .up)) ?? .max
    }

    private func option(payingAtMost amount: UInt256, from source: PaymentSource) -> Result {
        // What the rules refuse here they refuse there.
        guard let quote = try? trade.quote(payingAtMost: amount), !quote.paid.isZero,
            quote.driftMaxPpm >= strategy.driftPpm,
            let paidUnits = try? trade.worth(ofPaid: quote.paid, rounding: .up),
            let takenUnits = try? trade.worth(ofTaken: quote.taken, rounding: .down),
            let premium = try? flashPremium(quote.paid, from: source)
        else { return .none(.notCloseable) }
        let taken = TakenCollateral(
            asset: trade.takeAsset, amount: quote.taken, unit: trade.takeUnit,
            worthUnits: takenUnits, heldUnits: heldUnits)
        guard
            let exit = context.exitValue(
                of: taken, by: strategy.exit, mustSell: source == .flash)
        else { return .none(.noDepth) }
        let most = firmPayment(quote, exit, from: source)
        return .found(
            TradeOption(
                kind: trade.kind, payAsset: trade.payAsset, takeAsset: trade.takeAsset,
                paid: quote.paid, paidMax: most?.amount ?? quote.paid,
                paidMaxUnits: most?.units ?? paidUnits, paidUnits: paidUnits,
                taken: quote.taken, takenUnits: takenUnits, exit: exit, source: source,
                flashPremium: premium, flashPremiumMax: most?.premium ?? premium,
                sendingCostUnits: context.sendingCostUnits, ageSeconds: trade.ageSeconds))
    }

    /// A little more than planned where the whole of a side is meant, as far as there are funds for
    /// it; nil where nothing more is needed, or the sale would not cover it.
    private func firmPayment(
        _ quote: TradeQuote, _ exit: ExitValue, from source: PaymentSource
    ) -> (amount: UInt256, units: UInt256, premium: UInt256)? {
        guard quote.isWholeDebt || quote.isWholeCollateral else { return nil }
        let slackPpm = quote.isWholeDebt ? Self.interestPpm : strategy.driftPpm
        let slack = quote.paid / 1_000_000 * UInt256(slackPpm) + .one
        let amount = fundable(quote.paid.saturatingAdd(slack), from: source)
        // Where the slack does not fit, the plan goes without.
        guard amount > quote.paid,
            let units = try? trade.worth(ofPaid: amount, rounding: .up),
            let premium = try? flashPremium(amount, from: source),
            !exit.isSold || units.saturatingAdd(premium) <= exit.units
        else { return nil }
        return (amount, units, premium)
    }

    /// More than any debt grows by while a plan is valid.
    private static var interestPpm: UInt64 { 1_000 }

    private func flashPremium(
        _ amount: UInt256, from source: PaymentSource
    ) throws(ArithmeticError) -> UInt256 {
        guard source == .flash, let pool = context.flashPools[trade.payAsset] else {
            return .zero
        }
        return try percentMul(amount, UInt256(pool.premiumBps), rounding: .up)
    }
}
