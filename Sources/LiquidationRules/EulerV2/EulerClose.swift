package import WideMath

/// The most that can be repaid and taken in one liquidation of an Euler vault (`protocols.md` A6).
/// Values are in the unit of account at mid-point quotes.
package struct EulerClose: Hashable, Sendable {
    package struct Collateral: Hashable, Sendable {
        package let value: UInt256
        package let loanToValueBps: UInt64

        package init(value: UInt256, loanToValueBps: UInt64) {
            self.value = value
            self.loanToValueBps = loanToValueBps
        }
    }

    /// The debt, and the collateral that the liquidator chose.
    package struct Situation: Hashable, Sendable {
        package let liabilityValue: UInt256
        package let debtAssets: UInt256
        package let seizedValue: UInt256
        package let seizedBalance: UInt256
        package let maxDiscountBps: UInt64

        package init(
            liabilityValue: UInt256, debtAssets: UInt256, seizedValue: UInt256,
            seizedBalance: UInt256, maxDiscountBps: UInt64
        ) {
            self.liabilityValue = liabilityValue
            self.debtAssets = debtAssets
            self.seizedValue = seizedValue
            self.seizedBalance = seizedBalance
            self.maxDiscountBps = maxDiscountBps
        }
    }

    package let adjustedCollateral: UInt256
    package let minDiscountFactorWad: UInt256
    /// Nil for a healthy account.
    package let discountFactorWad: UInt256?
    package let maxRepay: UInt256
    package let maxYield: UInt256

    /// Adjusted collateral that equals the liability is liquidatable, at no discount.
    package init(
        _ situation: Situation, collaterals: [Collateral]
    ) throws(ArithmeticError) {
        var adjusted = UInt256.zero
        for collateral in collaterals {
            adjusted = try adjusted.checkedAdd(
                percentMul(
                    collateral.value, UInt256(collateral.loanToValueBps), rounding: .down))
        }
        adjustedCollateral = adjusted
        minDiscountFactorWad = try wad.checkedSubtract(
            percentMul(wad, UInt256(situation.maxDiscountBps), rounding: .down))
        let liability = situation.liabilityValue
        guard !liability.isZero, adjusted <= liability else {
            (discountFactorWad, maxRepay, maxYield) = (nil, .zero, .zero)
            return
        }
        let factor = max(
            minDiscountFactorWad, try wadDiv(adjusted, liability, rounding: .down))
        discountFactorWad = factor
        (maxRepay, maxYield) = try Self.amounts(situation, discountFactorWad: factor)
    }

    private static func amounts(
        _ situation: Situation, discountFactorWad: UInt256
    ) throws(ArithmeticError) -> (repay: UInt256, yield: UInt256) {
        let value = situation.seizedValue
        // Worthless collateral may be taken for nothing.
        guard !value.isZero else { return (.zero, situation.seizedBalance) }
        var repayValue = situation.liabilityValue
        var yieldValue = try wadDiv(repayValue, discountFactorWad, rounding: .down)
        if value < yieldValue {
            repayValue = try wadMul(value, discountFactorWad, rounding: .down)
            yieldValue = value
        }
        let repay = try narrowMulDiv(
            repayValue, situation.debtAssets, dividingBy: situation.liabilityValue,
            rounding: .down)
        let yield = try narrowMulDiv(
            yieldValue, situation.seizedBalance, dividingBy: value, rounding: .down)
        return (repay, yield)
    }

    /// What repaying less than the most yields.
    package func yield(forRepaying amount: UInt256) throws(ArithmeticError) -> UInt256 {
        guard amount <= maxRepay else { throw .overflow }
        return amount == maxRepay
            ? maxYield
            : try narrowMulDiv(amount, maxYield, dividingBy: maxRepay, rounding: .down)
    }
}
