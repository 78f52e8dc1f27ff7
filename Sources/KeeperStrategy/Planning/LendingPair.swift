import KeeperModel
import LiquidationRules
import WideMath

/// One debt against one collateral of a borrower: which sizes to try, and what each is worth.
struct LendingPair {
    let planner: LendingPlanner
    let account: AaveAccountData
    let debt: AaveHolding
    let collateral: AaveHolding

    enum Result {
        case found(LendingOption)
        case none(SkipReason)
    }

    /// The best of the sizes; where sizes fail, the reason of the last that did.
    func best() -> Result {
        let market = planner.market.terms
        let template = close(covering: .max)
        // A pair whose arithmetic would revert on the chain is no pair.
        guard let isAdmitted = try? template.refusal(account: account) == nil, isAdmitted,
            let largest = try? template.quote(account: account),
            let sizes = try? LendingSizes(
                pair: self, largest: largest, baseUnit: market.baseUnit
            ).amounts(planner.strategy.sizing)
        else { return .none(.notCloseable) }
        var best: LendingOption?
        var obstacle: SkipReason = .notCloseable
        for size in sizes {
            let funded = fundable(size)
            guard !funded.isZero else {
                obstacle = .noFunds
                continue
            }
            switch option(covering: funded) {
            case .found(let option):
                if best.map({ option.netUnits > $0.netUnits }) ?? true { best = option }
            case .none(let reason):
                obstacle = reason
            }
        }
        return best.map { .found($0) } ?? .none(obstacle)
    }

    func close(covering amount: UInt256) -> AaveClose {
        AaveClose(
            generation: planner.market.terms.generation, baseUnit: planner.market.terms.baseUnit,
            collateral: collateral, debt: debt, debtToCover: amount)
    }

    private var repayAsset: AssetID { debt.reserve.terms.asset }
    private var seizeAsset: AssetID { collateral.reserve.terms.asset }
    private var isQuoteDebt: Bool { repayAsset == planner.context.quote.asset }

    /// No more than can be paid for: from inventory, or from the flash pool, which is paid back
    /// from a sale for quote and so lends quote only.
    private func fundable(_ amount: UInt256) -> UInt256 {
        switch planner.strategy.funding {
        case .inventory: min(amount, planner.context.available[repayAsset] ?? .zero)
        case .flash:
            isQuoteDebt
                ? min(amount, planner.context.flashPools[repayAsset]?.available ?? .zero) : .zero
        }
    }

    private func option(covering amount: UInt256) -> Result {
        // Arithmetic that reverts here reverts there.
        guard let quote = try? close(covering: amount).quote(account: account),
            quote.refusal == nil, !quote.actualDebtToLiquidate.isZero,
            let repaidUnits = try? debt.reserve.value(
                of: quote.actualDebtToLiquidate, rounding: .up),
            let seizedUnits = try? collateral.reserve.value(
                of: quote.collateralToLiquidator, rounding: .down),
            let repaidMax = try? repaymentMax(quote),
            let repaidMaxUnits = try? debt.reserve.value(of: repaidMax, rounding: .up),
            let premium = try? flashPremium(repaidMax)
        else { return .none(.notCloseable) }
        guard let proceeds = proceeds(of: quote.collateralToLiquidator, worth: seizedUnits) else {
            return .none(.noDepth)
        }
        return .found(
            LendingOption(
                repayAsset: repayAsset, seizeAsset: seizeAsset,
                repaid: quote.actualDebtToLiquidate, repaidMax: repaidMax,
                repaidMaxUnits: repaidMaxUnits, repaidUnits: repaidUnits,
                seizedNet: quote.collateralToLiquidator, seizedUnits: seizedUnits,
                proceedsUnits: proceeds, flashPremium: premium,
                sendingCostUnits: planner.context.sendingCostUnits))
    }

    /// A thousandth on top where the whole debt is meant, as far as there are funds for it.
    private func repaymentMax(_ quote: AaveCloseQuote) throws(ArithmeticError) -> UInt256 {
        let repaid = quote.actualDebtToLiquidate
        guard repaid == quote.reserveDebt else { return repaid }
        return fundable(try repaid.checkedAdd(repaid / 1_000 + .one))
    }

    private func flashPremium(_ amount: UInt256) throws(ArithmeticError) -> UInt256 {
        guard planner.strategy.funding == .flash,
            let pool = planner.context.flashPools[repayAsset]
        else { return .zero }
        return try percentMul(amount, UInt256(pool.premiumBps), rounding: .up)
    }

    /// What all of it fetches in the book now; nil where the book cannot take it.
    private func proceeds(of amount: UInt256, worth oracleUnits: UInt256) -> UInt256? {
        guard case .sell = planner.strategy.exit else { return oracleUnits }
        guard seizeAsset != planner.context.quote.asset else { return amount }
        // Decimals too many for a unit in 256 bits: nothing that a book could count.
        guard let book = planner.context.depth[seizeAsset],
            let unitScale = try? collateral.reserve.tokenUnit
        else { return nil }
        let fill = book.selling(amount, downTo: 1, unitScale: unitScale)
        return fill.quantity == amount ? fill.valueUnits : nil
    }
}
