package import KeeperModel
package import WideMath

/// How far an account is from bankruptcy, in deviations of its price, and how much to close before
/// it comes to that (`settlement.md` section 8).
package struct PredictiveReduction: Hashable, Sendable {
    package enum Action: String, Hashable, Sendable {
        case liquidate, none, falling, capped, reduce
    }

    /// The position and its account when the question is asked.
    package struct Situation: Hashable, Sendable {
        package let equity: Int64
        package let maintenance: Int64
        package let lots: Int64
        package let mark: Int64
        package let lotStep: Int64
        /// In 1e-18 per step.
        package let variance: Int256
        /// Exit cost of such a size, from the depth.
        package let costPpm: Int64
        /// The position at the first reduction in the present window.
        package let windowLots: Int64
        package let windowClosed: Int64

        package init(
            equity: Int64, maintenance: Int64, lots: Int64, mark: Int64, lotStep: Int64,
            variance: Int256, costPpm: Int64, windowLots: Int64, windowClosed: Int64
        ) {
            self.equity = equity
            self.maintenance = maintenance
            self.lots = lots
            self.mark = mark
            self.lotStep = lotStep
            self.variance = variance
            self.costPpm = costPpm
            self.windowLots = windowLots
            self.windowClosed = windowClosed
        }

        func validate() throws(SettlementError) {
            try require(equity, "equity")
            try require(maintenance, atLeast: 0, "maintenance")
            try require(lots, atLeast: 0, "lots")
            try require(mark, atLeast: 1, "mark")
            try require(lotStep, atLeast: 1, "lotStep")
            try require(costPpm, atLeast: 0, "costPpm")
            try require(windowLots, atLeast: 0, "windowLots")
            try require(windowClosed, atLeast: 0, "windowClosed")
            try requireProduct(lots, mark, "lots at mark")
            guard variance >= 0, variance.magnitude.leadingZeroBitCount >= 64 else {
                throw .outOfRange("variance")
            }
        }
    }

    /// Deviation over the horizon, in 1e-9.
    package let sigma: Int256
    /// Nil without a position.
    package let zPpm: Int256?
    package let action: Action
    package let needLots: Int64
    package let closeLots: Int64
    /// Nil when nothing is left.
    package let zAfterPpm: Int256?

    package init(
        _ situation: Situation, rule: PredictiveRule
    ) throws(SettlementError) {
        try situation.validate()
        guard rule.horizonSteps >= 1, rule.windowHeights >= 1, rule.triggerPpm <= rule.targetPpm
        else { throw .invalidRule(.predictive) }
        let sizing = PredictiveSizing(situation: situation, rule: rule)
        sigma = sizing.sigma
        zPpm = sizing.distance(afterClosing: 0)
        action = sizing.action
        let isSized = action == .reduce || action == .capped
        needLots = isSized ? sizing.needLots : 0
        closeLots = isSized ? sizing.closeLots : 0
        zAfterPpm = sizing.distance(afterClosing: closeLots)
    }
}

private struct PredictiveSizing {
    let situation: PredictiveReduction.Situation
    let rule: PredictiveRule
    let sigma: Int256

    init(situation: PredictiveReduction.Situation, rule: PredictiveRule) {
        self.situation = situation
        self.rule = rule
        sigma = max(1, floorSquareRoot(situation.variance * Int256(rule.horizonSteps)))
    }

    private var notional: Int256 { Int256(situation.lots) * Int256(situation.mark) }

    /// z in ppm once lots were closed at their exit cost.
    func distance(afterClosing closed: Int64) -> Int256? {
        let left = Int256(situation.lots - closed) * Int256(situation.mark)
        guard left > 0 else { return nil }
        let cost = Int256(closed) * Int256(situation.mark) * Int256(situation.costPpm)
        let equity = max(0, Int256(situation.equity) * million - cost)
        return (equity * 1_000_000_000).quotient(dividingBy: sigma * left, rounding: .down)
    }

    var action: PredictiveReduction.Action {
        if situation.equity < situation.maintenance { return .liquidate }
        guard let zPpm = distance(afterClosing: 0), zPpm < Int256(rule.triggerPpm) else {
            return .none
        }
        let freed = Int256(situation.equity) * million
        if freed <= Int256(situation.costPpm) * notional { return .falling }
        return closeLots == 0 ? .capped : .reduce
    }

    /// The fewest lots that restore the target. The divisor is positive: a lot frees more than it
    /// costs, and z is below the target.
    var needLots: Int64 {
        let aimed = Int256(rule.targetPpm) * sigma
        let equityE15 = Int256(situation.equity) * 1_000_000_000_000_000
        let perLot =
            Int256(situation.mark) * (aimed - Int256(situation.costPpm) * 1_000_000_000)
        precondition(perLot > 0, "Each lot closed brings the target nearer")
        let need = (aimed * notional - equityE15).quotient(dividingBy: perLot, rounding: .up)
        return LotSteps(situation.lotStep).up(need, atMost: situation.lots)
    }

    var closeLots: Int64 {
        let lots = situation.lots
        let perStep = share(of: Int256(lots), ppm: rule.maxStepPpm, rounding: .down)
        let perWindow = share(
            of: Int256(situation.windowLots), ppm: rule.maxWindowPpm, rounding: .down)
        let windowLeft = max(0, perWindow - Int256(situation.windowClosed))
        let close = min(Int256(needLots), perStep, windowLeft)
        return LotSteps(situation.lotStep).down(close, unlessAll: lots)
    }
}

/// Lots come in steps, except that a whole position can always be closed.
struct LotSteps {
    private let step: Int256

    init(_ step: Int64) {
        precondition(step >= 1, "A lot step is at least one lot")
        self.step = Int256(step)
    }

    func up(_ lots: Int256, atMost all: Int64) -> Int64 {
        let rounded = lots.quotient(dividingBy: step, rounding: .up) * step
        return min(rounded, Int256(all)).asInt64 ?? all
    }

    func down(_ lots: Int256, unlessAll all: Int64) -> Int64 {
        guard lots < Int256(all) else { return all }
        let rounded = lots.quotient(dividingBy: step, rounding: .down) * step
        return rounded.asInt64 ?? all
    }
}
