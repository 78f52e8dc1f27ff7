import KeeperModel
import LiquidationRules
import WideMath

/// Settles a close that is paid for: the keeper pays, is handed collateral, and perhaps sells it
/// and pays a loan back in the same breath. What such a close does to the market is the market's
/// own business, and comes between the exchange and the receipt.
struct TradeDesk<Trade: CollateralTrade> {
    let order: CloseOrder
    let close: LendingClose
    let trade: Trade

    func settle(
        in world: inout ClosingWorld,
        _ change: (TradeQuote, inout ClosingWorld) throws(CloseRefused) -> MarketChange
    ) throws(CloseRefused) -> SettledClose {
        let quote = try quote()
        var ledger = MovementLedger(world)
        try fund(quote, &ledger, &world)
        try exchange(quote, &ledger, &world)
        let sold = try exit(quote, &ledger, &world)
        try payBack(quote, &ledger, &world)
        let change = try change(quote, &world)
        return SettledClose(
            change: change, receipt: world.receipt(of: order, ledger.movements, change.records),
            bidsTaken: sold.map { [$0] } ?? [], asksTaken: [])
    }

    private func quote() throws(CloseRefused) -> TradeQuote {
        let quote: TradeQuote
        do {
            quote = try trade.quote(payingAtMost: close.repayAmountMax)
        } catch {
            throw CloseRefused(.limitViolated, error.description)
        }
        guard !quote.paid.isZero else {
            throw CloseRefused(.limitViolated, "nothing would be paid")
        }
        guard quote.taken >= close.seizeAmountMin else {
            throw CloseRefused(
                .slippage, "seizes \(quote.taken), minimum \(close.seizeAmountMin)")
        }
        return quote
    }

    // MARK: Movements

    private func fund(
        _ quote: TradeQuote, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) {
        guard case .flash(let premiumMax) = close.funding else { return }
        guard trade.payAsset == world.quote.asset, let pool = world.flashPools[trade.payAsset],
            pool.available >= quote.paid
        else { throw CloseRefused(.flashUnavailable, "no flash pool for \(quote.paid)") }
        guard try flashPremium(quote, world) <= premiumMax else {
            throw CloseRefused(.slippage, "the flash premium is above \(premiumMax)")
        }
        try world.move(quote.paid, of: trade.payAsset, from: .flashPool, to: order.holder)
        ledger.came(quote.paid, trade.payAsset, .flashBorrowed)
    }

    private func exchange(
        _ quote: TradeQuote, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) {
        try world.move(quote.paid, of: trade.payAsset, from: order.holder, to: order.pool)
        ledger.went(quote.paid, trade.payAsset, .repaid)
        try world.move(quote.taken, of: trade.takeAsset, from: order.pool, to: order.holder)
        ledger.came(quote.taken, trade.takeAsset, .seized)
        try world.move(quote.fee, of: trade.takeAsset, from: order.pool, to: .treasury)
    }

    /// Returns what the book lost.
    private func exit(
        _ quote: TradeQuote, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> AssetAmount? {
        guard case .sell(let proceedsMin) = close.exit else { return nil }
        let seized = AssetAmount(asset: trade.takeAsset, amount: quote.taken)
        return try world.sell(
            seized, forAtLeast: proceedsMin, unit: trade.takeUnit, by: order, &ledger)
    }

    private func payBack(
        _ quote: TradeQuote, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) {
        guard case .flash = close.funding else { return }
        let premium = try flashPremium(quote, world)
        try world.move(quote.paid, of: trade.payAsset, from: order.holder, to: .flashPool)
        ledger.went(quote.paid, trade.payAsset, .flashRepaid)
        try world.move(premium, of: trade.payAsset, from: order.holder, to: .flashPool)
        ledger.went(premium, trade.payAsset, .flashPremium)
    }

    private func flashPremium(
        _ quote: TradeQuote, _ world: ClosingWorld
    ) throws(CloseRefused) -> UInt256 {
        let bps = world.flashPools[trade.payAsset]?.premiumBps ?? 0
        do {
            return try percentMul(quote.paid, UInt256(bps), rounding: .up)
        } catch {
            throw CloseRefused(.limitViolated, "the flash premium overflows")
        }
    }
}

extension ClosingWorld {
    /// Sells into the book, all of it or nothing; returns what the book lost. The quote currency
    /// needs no sale.
    mutating func sell(
        _ held: AssetAmount, forAtLeast proceedsMin: UInt256, unit: UInt256, by order: CloseOrder,
        _ ledger: inout MovementLedger
    ) throws(CloseRefused) -> AssetAmount? {
        guard held.asset != quote.asset, !held.amount.isZero else { return nil }
        guard let book = depth[held.asset] else {
            throw CloseRefused(.slippage, "there is no book for \(held.asset)")
        }
        let fill = book.selling(held.amount, downTo: 1, unitScale: unit)
        guard fill.quantity == held.amount, fill.valueUnits >= proceedsMin else {
            throw CloseRefused(
                .slippage,
                "the book pays \(fill.valueUnits) for \(fill.quantity) of \(held.amount), "
                    + "minimum \(proceedsMin)")
        }
        try move(fill.quantity, of: held.asset, from: order.holder, to: .bookMakers)
        ledger.went(fill.quantity, held.asset, .exitSold)
        try move(fill.valueUnits, of: quote.asset, from: .bookMakers, to: order.holder)
        ledger.came(fill.valueUnits, quote.asset, .exitProceeds)
        return held
    }
}
