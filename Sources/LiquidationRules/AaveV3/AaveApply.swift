package import KeeperModel
package import WideMath

/// A position after a close, and the debt that nobody is left to pay.
package struct AaveCloseEffect: Hashable, Sendable {
    package let position: AavePosition
    /// One entry per reserve whose debt was written off, in the position's order.
    package let deficits: [AssetAmount]
}

extension AavePosition {
    /// Takes the scaled amounts off the balances. Holdings that are used up leave the position;
    /// where the collateral is exhausted, all debt that is left becomes the reserves' deficit.
    package func applying(
        _ quote: AaveCloseQuote, of close: AaveClose
    ) throws(ArithmeticError) -> AaveCloseEffect {
        precondition(quote.refusal == nil, "A close that would revert moves nothing")
        let generation = close.generation
        let collateralIndex = close.collateral.reserve.liquidityIndexRay
        let rounding = generation.collateralBurnRounding
        let collateralBurned = try rayDiv(
            quote.collateralToLiquidator, collateralIndex, rounding: rounding
        ).checkedAdd(rayDiv(quote.protocolFee, collateralIndex, rounding: rounding))
        let isDebtCleared = quote.actualDebtToLiquidate == quote.reserveDebt
        let debtBurned =
            isDebtCleared
            ? close.debt.scaledAmount
            : try rayDiv(
                quote.actualDebtToLiquidate, close.debt.reserve.variableBorrowIndexRay,
                rounding: generation.debtBurnRounding)
        var after = self
        after.collateral.take(collateralBurned, of: close.collateral.reserve.terms.asset)
        after.debts.take(debtBurned, of: close.debt.reserve.terms.asset)
        guard quote.hasNoCollateralLeft else {
            return AaveCloseEffect(position: after, deficits: [])
        }
        // All debt is burned at once: what was not paid is a difference of balances, never a
        // balance that was rounded a second time.
        var deficits: [AssetAmount] = []
        for holding in debts {
            let asset = holding.reserve.terms.asset
            let repaid =
                asset == close.debt.reserve.terms.asset ? quote.actualDebtToLiquidate : .zero
            let unpaid = try holding.debtBalance(generation).checkedSubtract(repaid)
            if !unpaid.isZero { deficits.append(AssetAmount(asset: asset, amount: unpaid)) }
        }
        after.debts = []
        return AaveCloseEffect(position: after, deficits: deficits)
    }
}

extension [AaveHolding] {
    /// Rounding up may ask for more than there is; the balance is then simply used up.
    fileprivate mutating func take(_ scaledAmount: UInt256, of asset: AssetID) {
        guard let index = firstIndex(where: { $0.reserve.terms.asset == asset }) else {
            preconditionFailure("A close names holdings of its own position")
        }
        self[index].scaledAmount = self[index].scaledAmount.saturatingSubtract(scaledAmount)
        if self[index].scaledAmount.isZero { remove(at: index) }
    }
}
