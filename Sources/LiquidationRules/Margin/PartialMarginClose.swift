package import KeeperModel
package import WideMath

/// How a partial close ends and why (`settlement.md` section 9).
package enum PartialMode: String, Hashable, Sendable {
    case none, partial, full
}

package enum PartialReason: String, Hashable, Sendable {
    case healthy, bankrupt, falling, whole, dust, target, step
}

/// The fewest lots whose close restores a margin account to its target (`settlement.md` section 9).
package struct PartialMarginClose: Hashable, Sendable {
    package struct Situation: Hashable, Sendable {
        package let lots: Int64
        package let mark: Int64
        package let equity: Int64
        package let schedule: MaintenanceSchedule
        /// Penalty rate and exit cost rate together.
        package let costPpm: Int64
        package let lotStep: Int64

        package init(
            lots: Int64, mark: Int64, equity: Int64, schedule: MaintenanceSchedule, costPpm: Int64,
            lotStep: Int64
        ) {
            self.lots = lots
            self.mark = mark
            self.equity = equity
            self.schedule = schedule
            self.costPpm = costPpm
            self.lotStep = lotStep
        }

        func validate() throws(SettlementError) {
            try require(lots, atLeast: 0, "lots")
            try require(mark, atLeast: 1, "mark")
            try require(equity, "equity")
            try require(costPpm, atLeast: 0, "costPpm")
            try require(lotStep, atLeast: 1, "lotStep")
            try requireProduct(lots, mark, "lots at mark")
        }
    }

    package let maintenance: Int256
    /// Equity over maintenance; nil where nothing is required.
    package let healthPpm: Int256?
    package let mode: PartialMode
    package let reason: PartialReason
    package let closeLots: Int64

    package init(
        _ situation: Situation, rule: PartialRule
    ) throws(SettlementError) {
        try situation.validate()
        guard rule.targetPpm >= 1_000_000, rule.maxStepPpm >= 1 else {
            throw .invalidRule(.partial)
        }
        let sizing = PartialMarginSizing(situation: situation, rule: rule)
        maintenance = sizing.maintenance
        healthPpm =
            maintenance.isZero
            ? nil
            : (Int256(situation.equity) * million).quotient(
                dividingBy: maintenance, rounding: .down)
        (mode, reason, closeLots) = sizing.decide()
    }
}

private struct PartialMarginSizing {
    let situation: PartialMarginClose.Situation
    let rule: PartialRule
    let notional: Int256
    let maintenance: Int256

    init(situation: PartialMarginClose.Situation, rule: PartialRule) {
        self.situation = situation
        self.rule = rule
        notional = Int256(situation.lots) * Int256(situation.mark)
        maintenance = situation.schedule.maintenance(of: notional)
    }

    func decide() -> (PartialMode, PartialReason, closeLots: Int64) {
        let (lots, equity) = (situation.lots, Int256(situation.equity))
        if equity >= maintenance { return (.none, .healthy, 0) }
        if equity <= 0 { return (.full, .bankrupt, lots) }
        if equity * million <= Int256(situation.costPpm) * notional {
            return (.full, .falling, lots)
        }
        let need = LotSteps(situation.lotStep).up(fewestLots, atMost: lots)
        let close = min(need, stepCap)
        if close == lots { return (.full, .whole, lots) }
        if Int256(lots - close) * Int256(situation.mark) < Int256(rule.dust) {
            return (.full, .dust, lots)
        }
        return (.partial, close == need ? .target : .step, close)
    }

    /// At least one step, so that a reduction is never too small to be made.
    private var stepCap: Int64 {
        let most = share(of: Int256(situation.lots), ppm: rule.maxStepPpm, rounding: .down)
        let down = LotSteps(situation.lotStep).down(most, unlessAll: situation.lots)
        return max(down, min(situation.lotStep, situation.lots))
    }

    /// Tier by tier downwards from the present one: in each the condition is linear in the lots, so
    /// the first tier with an answer has the fewest.
    private var fewestLots: Int256 {
        let present = situation.schedule.tierIndex(of: notional)
        for index in stride(from: present, through: 0, by: -1) {
            if let lots = fewestLots(inTier: index, isPresent: index == present) { return lots }
        }
        return Int256(situation.lots)
    }

    private func fewestLots(inTier index: Int, isPresent: Bool) -> Int256? {
        let tier = situation.schedule.tiers[index]
        let (lots, mark) = (Int256(situation.lots), Int256(situation.mark))
        let target = Int256(rule.targetPpm)
        let first = isPresent ? 0 : lots - lotsWithin(tier.upTo)
        let last =
            index == 0 ? lots : lots - lotsWithin(situation.schedule.tiers[index - 1].upTo) - 1
        guard first <= last else { return nil }
        // lots · gain ≥ shortfall restores the target inside this tier.
        let gain = mark * (target * Int256(tier.ratePpm) - Int256(situation.costPpm) * million)
        let shortfall =
            target * (notional * Int256(tier.ratePpm) - tier.cumulativeE6)
            - Int256(situation.equity) * million * million
        guard gain > 0 else { return first * gain >= shortfall ? first : nil }
        let needed = max(first, shortfall.quotient(dividingBy: gain, rounding: .up))
        return needed <= last ? needed : nil
    }

    /// How many lots a notional bound admits.
    private func lotsWithin(_ bound: Int64) -> Int256 {
        Int256(bound).quotient(dividingBy: Int256(situation.mark), rounding: .down)
    }
}
