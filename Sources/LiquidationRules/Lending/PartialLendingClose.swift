package import KeeperModel
package import WideMath

/// The least repayment that restores a loan to its target (`settlement.md` section 9).
package struct PartialLendingClose: Hashable, Sendable {
    package struct Situation: Hashable, Sendable {
        /// Value of the collateral.
        package let collateral: Int64
        package let debt: Int64
        package let thresholdPpm: Int64
        /// Including the 100 %: 1050000 gives five percent.
        package let bonusPpm: Int64

        package init(collateral: Int64, debt: Int64, thresholdPpm: Int64, bonusPpm: Int64) {
            self.collateral = collateral
            self.debt = debt
            self.thresholdPpm = thresholdPpm
            self.bonusPpm = bonusPpm
        }

        func validate() throws(SettlementError) {
            try require(collateral, atLeast: 0, "collateral")
            try require(debt, atLeast: 0, "debt")
            try require(thresholdPpm, atLeast: 0, "thresholdPpm")
            try require(bonusPpm, atLeast: 0, "bonusPpm")
        }
    }

    /// Nil without a debt.
    package let healthPpm: Int256?
    package let mode: PartialMode
    package let reason: PartialReason
    package let repay: Int256
    package let seized: Int256

    package init(
        _ situation: Situation, rule: PartialRule
    ) throws(SettlementError) {
        try situation.validate()
        guard rule.targetPpm >= 1_000_000, rule.maxStepPpm >= 1 else {
            throw .invalidRule(.partial)
        }
        let sizing = PartialLendingSizing(situation: situation, rule: rule)
        healthPpm = sizing.healthPpm
        (mode, reason, repay, seized) = sizing.decide()
    }
}

private struct PartialLendingSizing {
    let collateral: Int256
    let debt: Int256
    let thresholdPpm: Int256
    let bonusPpm: Int256
    let rule: PartialRule

    init(situation: PartialLendingClose.Situation, rule: PartialRule) {
        collateral = Int256(situation.collateral)
        debt = Int256(situation.debt)
        thresholdPpm = Int256(situation.thresholdPpm)
        bonusPpm = Int256(situation.bonusPpm)
        self.rule = rule
    }

    var healthPpm: Int256? {
        guard debt > 0 else { return nil }
        return (collateral * thresholdPpm).quotient(dividingBy: debt, rounding: .down)
    }

    func decide() -> (PartialMode, PartialReason, repay: Int256, seized: Int256) {
        if collateral * thresholdPpm >= debt * million { return (.none, .healthy, 0, 0) }
        // Each partial step would lower the health, or keep it.
        if bonusPpm * debt >= collateral * million { return full(.falling) }
        let need = self.need
        let repay = min(
            need, (debt * Int256(rule.maxStepPpm)).quotient(dividingBy: million, rounding: .up))
        let seized = withBonus(repay)
        if repay == debt { return full(.whole) }
        let dust = Int256(rule.dust)
        if debt - repay < dust || collateral - seized < dust { return full(.dust) }
        return (.partial, repay == need ? .target : .step, repay, seized)
    }

    /// The divisor is positive: bonus · threshold is below the health, which is below one.
    private var need: Int256 {
        let target = Int256(rule.targetPpm)
        let divisor = target * million - bonusPpm * thresholdPpm
        precondition(divisor > 0, "Each unit repaid raises the health")
        return ((target * debt - thresholdPpm * collateral) * million).quotient(
            dividingBy: divisor, rounding: .up)
    }

    private func full(
        _ reason: PartialReason
    ) -> (PartialMode, PartialReason, repay: Int256, seized: Int256) {
        (.full, reason, debt, min(collateral, withBonus(debt)))
    }

    private func withBonus(_ amount: Int256) -> Int256 {
        (amount * bonusPpm).quotient(dividingBy: million, rounding: .down)
    }
}
