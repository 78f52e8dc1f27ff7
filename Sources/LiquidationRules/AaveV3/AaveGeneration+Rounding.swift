/// The table of `protocols.md` A1.1: what each generation of Aave v3 rounds which way. A difference
/// of one unit decides whether an exact amount reverts, so nothing here has a default.
package import KeeperModel
package import WideMath

extension AaveGeneration {
    private var isAtLeast3_3: Bool { self != .v3_0 }
    private var isAtLeast3_5: Bool { self == .v3_5 || self == .v3_7 }

    package var collateralBalanceRounding: Rounding { isAtLeast3_5 ? .down : .halfUp }
    package var debtBalanceRounding: Rounding { isAtLeast3_5 ? .up : .halfUp }
    package var debtValueRounding: Rounding { isAtLeast3_5 ? .up : .down }
    package var bonusRounding: Rounding { self == .v3_7 ? .down : .halfUp }
    package var backSolvedDebtRounding: Rounding { isAtLeast3_5 ? .up : .halfUp }
    /// Of the part of the collateral that is not bonus: rounding it down makes the bonus larger.
    package var bonusBaseRounding: Rounding { self == .v3_7 ? .down : .halfUp }
    package var protocolFeeRounding: Rounding { self == .v3_7 ? .up : .halfUp }
    package var flashPremiumRounding: Rounding { isAtLeast3_5 ? .up : .halfUp }
    /// What leaves a scaled collateral balance: the pool never pays out more than it takes off.
    package var collateralBurnRounding: Rounding { isAtLeast3_5 ? .up : .halfUp }
    /// What leaves a scaled debt balance: nobody's debt falls by more than was paid.
    package var debtBurnRounding: Rounding { isAtLeast3_5 ? .down : .halfUp }

    /// From v3.4 on, which is counted among v3.3 here: nobody of ours closes an account of ours.
    package var refusesSelfLiquidation: Bool { isAtLeast3_5 }
    package var hasSentinel: Bool { self != .v3_7 }

    /// Each reserve is weighed with its own threshold; before, with a truncated average.
    package var weighsEachThreshold: Bool { isAtLeast3_5 }
    /// Half of the whole debt, unless a side is small; before, half of the reserve's debt.
    package var limitsByWholeDebt: Bool { isAtLeast3_3 }
    package var refusesDust: Bool { isAtLeast3_3 }
    package var writesOffDeficit: Bool { isAtLeast3_3 }
    /// Whether collateral is exhausted is asked of the scaled balance instead of the amount.
    package var countsScaledConsumption: Bool { self == .v3_7 }
    /// Collateral with a threshold of zero is neither counted nor seized (from v3.6 on it counts,
    /// with no weight; that release is the last one here under `v3_5`).
    package var skipsZeroThreshold: Bool { self != .v3_7 }

    package func flashPremium(
        on amount: UInt256, premiumBps: UInt64
    ) throws(ArithmeticError) -> UInt256 {
        try percentMul(amount, UInt256(premiumBps), rounding: flashPremiumRounding)
    }
}
