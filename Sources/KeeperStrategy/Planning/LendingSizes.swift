import KeeperModel
import LiquidationRules
import WideMath

/// Which repayments are worth trying for a pair. Net profit is concave between these points: the
/// bonus is linear, the book falls in steps, and the dust rule cuts the range in pieces. So the
/// best size is one of the ends of a step or of a piece.
struct LendingSizes {
    let pair: LendingPair
    /// The quote of the largest call that the rules allow.
    let largest: AaveCloseQuote
    let baseUnit: UInt64

    func amounts(_ sizing: Sizing) throws(ArithmeticError) -> [UInt256] {
        switch sizing {
        case .full:
            return try wholeAmounts()
        case .restoreHealth(let targetPpm):
            guard let least = try restoring(targetPpm: targetPpm) else {
                return try wholeAmounts()
            }
            return [min(least, largest.maxLiquidatableDebt)]
                + (try isRefused(least) ? wholeAmounts() : [])
        case .optimal:
            return try wholeAmounts() + dustEdges() + depthEdges()
        }
    }

    /// The largest call, or where it would leave dust the largest that does not.
    private func wholeAmounts() throws(ArithmeticError) -> [UInt256] {
        guard largest.refusal == .mustNotLeaveDust else {
            return [largest.actualDebtToLiquidate]
        }
        return try dustEdges()
    }

    private func isRefused(_ amount: UInt256) throws(ArithmeticError) -> Bool {
        try pair.close(covering: amount).quote(account: pair.account).refusal != nil
    }

    /// Repayments after which exactly the least leftover stays on one side.
    private func dustEdges() throws(ArithmeticError) -> [UInt256] {
        let leastBase = UInt256(1_000) * UInt256(baseUnit)
        let debtKept = try tokens(worth: leastBase, of: pair.debt.reserve)
        let collateralKept = try tokens(worth: leastBase, of: pair.collateral.reserve)
        let byDebt = largest.reserveDebt.saturatingSubtract(debtKept)
        let byCollateral = try repaymentSeizing(
            largest.collateralBalance.saturatingSubtract(collateralKept), isNetOfFee: false)
        return [byDebt, byCollateral, min(byDebt, byCollateral)]
            .filter { !$0.isZero && $0 <= largest.maxLiquidatableDebt }
    }

    /// Repayments whose seized collateral just empties one more level of the book.
    private func depthEdges() throws(ArithmeticError) -> [UInt256] {
        let asset = pair.collateral.reserve.terms.asset
        guard let book = pair.planner.context.depth[asset] else { return [] }
        var edges: [UInt256] = []
        var sold = UInt256.zero
        for level in book.bids {
            sold = try sold.checkedAdd(level.quantity)
            let amount = try repaymentSeizing(sold, isNetOfFee: true)
            guard amount < largest.maxLiquidatableDebt else { break }
            if !amount.isZero { edges.append(amount) }
        }
        return edges
    }

    /// The least repayment d, in tokens, after which the health is the target T again: with
    /// weighted collateral W, debt D, bonus b and threshold LT of the seized collateral,
    /// (W − d·b·LT) / (D − d) = T. Nil where each unit repaid lowers the health.
    private func restoring(targetPpm: Int64) throws(ArithmeticError) -> UInt256? {
        let target = UInt256(targetPpm)
        let terms = pair.collateral.reserve.terms
        let weightedBps = try pair.account.totalCollateralBase
            .checkedMultiply(pair.account.averageThresholdBps)
        // All in parts of 1e14: a share in ppm times 1e8, one in bps times 1e10.
        let owed = try pair.account.totalDebtBase.checkedMultiply(target)
            .checkedMultiply(100_000_000)
        let held = try weightedBps.checkedMultiply(10_000_000_000)
        let gain = target * UInt256(100_000_000)
        let loss =
            UInt256(terms.liquidationBonusBps) * UInt256(terms.liquidationThresholdBps)
            * UInt256(1_000_000)
        guard gain > loss, owed > held else { return nil }
        let base = try (owed - held).divided(by: gain - loss, rounding: .up)
        return try tokens(worth: base, of: pair.debt.reserve)
    }

    /// How much repaid debt seizes so much collateral, rounded down.
    private func repaymentSeizing(
        _ collateral: UInt256, isNetOfFee: Bool
    ) throws(ArithmeticError) -> UInt256 {
        let terms = pair.collateral.reserve.terms
        let bonus = UInt256(terms.liquidationBonusBps)
        let fee = isNetOfFee ? UInt256(terms.protocolFeeBps) : .zero
        // Parts of 1e8 that leave per unit of base collateral.
        let factor = bonus * percentageFactor - bonus.saturatingSubtract(percentageFactor) * fee
        let base = try collateral.checkedMultiply(100_000_000)
            .divided(by: factor, rounding: .down)
        let value = try pair.collateral.reserve.value(of: base, rounding: .down)
        return try value.checkedMultiply(pair.debt.reserve.tokenUnit)
            .divided(by: pair.debt.reserve.price, rounding: .down)
    }

    /// Rounded up: never a unit too little.
    private func tokens(
        worth base: UInt256, of reserve: AaveReserve
    ) throws(ArithmeticError) -> UInt256 {
        try base.checkedMultiply(reserve.tokenUnit).divided(by: reserve.price, rounding: .up)
    }
}
