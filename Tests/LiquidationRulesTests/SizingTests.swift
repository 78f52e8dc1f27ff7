import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

/// Goal: every closed formula that says "the fewest" agrees with counting up one by one.
@Suite struct SizingTests {
    @Test func `a partial repayment is the least that restores the target`() throws {
        var generator = SeededGenerator(seed: 31)
        var partialCount = 0
        for _ in 0..<400 {
            let debt = Int64.random(in: 1...3_000, using: &generator)
            let situation = PartialLendingClose.Situation(
                collateral: Int64.random(in: debt...debt * 2, using: &generator), debt: debt,
                thresholdPpm: Int64.random(in: 500_000...950_000, using: &generator),
                bonusPpm: Int64.random(in: 1_000_000...1_150_000, using: &generator))
            let target = Int64.random(in: 1_000_000...1_300_000, using: &generator)
            let close = try PartialLendingClose(
                situation,
                rule: PartialRule(targetPpm: target, maxStepPpm: 1_000_000, dust: 0))
            guard close.reason == .target else { continue }
            partialCount += 1
            let least = (Int256.zero...Int256(debt)).firstCount { repay in
                restores(situation, repay, target: target)
            }
            try #require(close.repay == least, "\(situation)")
        }
        #expect(partialCount > 50)
    }

    /// (C − b·r)·LT ≥ T·(D − r), all ppm multiplied out.
    private func restores(
        _ situation: PartialLendingClose.Situation, _ repay: Int256, target: Int64
    ) -> Bool {
        let million: Int256 = 1_000_000
        let left = Int256(situation.collateral) * million - Int256(situation.bonusPpm) * repay
        let debt = Int256(situation.debt) - repay
        return left * Int256(situation.thresholdPpm) >= Int256(target) * debt * million
    }

    @Test func `a partial margin close takes the fewest lots across tiers`() throws {
        var generator = SeededGenerator(seed: 32)
        var partialCount = 0
        for _ in 0..<600 {
            let bounds = [2_000, 9_000, 30_000].map {
                Int64.random(in: 1_000...$0 * 2, using: &generator)
            }.sorted()
            let tiers = zip(Set(bounds).sorted(), [10_000, 60_000, 200_000]).map {
                MarginTier(upTo: $0, ratePpm: Int64($1))
            }
            let lots = Int64.random(in: 1...120, using: &generator)
            let mark = Int64.random(in: 1...700, using: &generator)
            let schedule = try MaintenanceSchedule(
                tiers, volatilityRatePpm: Int64.random(in: 0...30_000, using: &generator))
            let required = schedule.maintenance(of: Int256(lots * mark)).asInt64 ?? 0
            let situation = PartialMarginClose.Situation(
                lots: lots, mark: mark,
                equity: Int64.random(in: 0...max(1, required), using: &generator),
                schedule: schedule, costPpm: Int64.random(in: 0...20_000, using: &generator),
                lotStep: 1)
            let rule = PartialRule(
                targetPpm: Int64.random(in: 1_000_000...1_500_000, using: &generator),
                maxStepPpm: 1_000_000, dust: 0)
            let close = try PartialMarginClose(situation, rule: rule)
            guard close.reason == .target || close.reason == .whole else { continue }
            partialCount += 1
            let fewest = (Int256.zero...Int256(lots)).firstCount {
                restores(situation, $0, targetPpm: rule.targetPpm)
            }
            try #require(Int256(close.closeLots) == fewest, "\(situation)")
        }
        #expect(partialCount > 100)
    }

    private func restores(
        _ situation: PartialMarginClose.Situation, _ lots: Int256, targetPpm: Int64
    ) -> Bool {
        let million: Int256 = 1_000_000
        let mark = Int256(situation.mark)
        let notional = (Int256(situation.lots) - lots) * mark
        let tier = situation.schedule.tiers[situation.schedule.tierIndex(of: notional)]
        let equity =
            Int256(situation.equity) * million - lots * mark * Int256(situation.costPpm)
        let required = notional * Int256(tier.ratePpm) - tier.cumulativeE6
        return equity * million >= Int256(targetPpm) * required
    }

    @Test func `a predictive reduction takes the fewest lots that reach the target`() throws {
        var generator = SeededGenerator(seed: 33)
        var reducedCount = 0
        for _ in 0..<600 {
            let lots = Int64.random(in: 1...150, using: &generator)
            let mark = Int64.random(in: 1...2_000, using: &generator)
            let situation = PredictiveReduction.Situation(
                equity: Int64.random(in: 0...lots * mark / 2, using: &generator), maintenance: 0,
                lots: lots, mark: mark, lotStep: 1,
                variance: Int256(Int64.random(in: 1...Int64(1e16), using: &generator)),
                costPpm: Int64.random(in: 0...5_000, using: &generator), windowLots: lots,
                windowClosed: 0)
            let rule = PredictiveRule(
                horizonSteps: 4, triggerPpm: 2_500_000, targetPpm: 3_000_000,
                maxStepPpm: 1_000_000, maxWindowPpm: 1_000_000, windowHeights: 1)
            let reduction = try PredictiveReduction(situation, rule: rule)
            guard reduction.action == .reduce else { continue }
            reducedCount += 1
            let fewest = (Int256.zero...Int256(lots)).firstCount { closed in
                let left = (Int256(lots) - closed) * Int256(mark)
                let equity =
                    Int256(situation.equity) * 1_000_000
                    - closed * Int256(mark) * Int256(situation.costPpm)
                return equity * 1_000_000_000 >= Int256(rule.targetPpm) * reduction.sigma * left
            }
            try #require(Int256(reduction.closeLots) == fewest, "\(situation)")
        }
        #expect(reducedCount > 50)
    }

    /// Continuous and rising, and the same as charging each bracket at its own rate.
    @Test func `maintenance charges each bracket at its own rate`() throws {
        let tiers = [
            MarginTier(upTo: 100, ratePpm: 10_000), MarginTier(upTo: 250, ratePpm: 30_000),
            MarginTier(upTo: 600, ratePpm: 100_000),
        ]
        for volatilityRatePpm in [0, 20_000, 200_000] as [Int64] {
            let schedule = try MaintenanceSchedule(tiers, volatilityRatePpm: volatilityRatePpm)
            for notional in 0...900 as ClosedRange<Int64> {
                var charged = Int256.zero
                var from = Int64(0)
                for (index, tier) in tiers.enumerated() {
                    let end = index == tiers.count - 1 ? notional : min(notional, tier.upTo)
                    let rate = max(tier.ratePpm, volatilityRatePpm)
                    charged += Int256(max(0, end - from) * rate)
                    from = tier.upTo
                }
                let required = charged.quotient(dividingBy: 1_000_000, rounding: .up)
                try #require(schedule.maintenance(of: Int256(notional)) == required)
            }
        }
    }

    @Test func `rules that validation would refuse are refused here too`() throws {
        #expect(throws: SettlementError.invalidRule(.tiers)) {
            try MaintenanceSchedule([], volatilityRatePpm: 0)
        }
        #expect(throws: SettlementError.invalidRule(.volatility)) {
            try VolatilityEstimate(
                rule: VolatilityRule(
                    lambdaPpm: 0, initialVariance: 0, initialRatePpm: 0, multiplierPpm: 0,
                    capPpm: 0, maxRisePpm: 0))
        }
        let position = MarginPosition(side: .long, lots: 3, entryPrice: 5, marginUnits: 1)
        #expect(throws: SettlementError.tooManyLots) {
            try MarginReduction(
                of: position, closing: 4, fill: MarginFill(value: 1, exitCost: 0), mark: 5)
        }
    }

    /// A long and its mirror: what one releases and owes, the other has and owes.
    @Test func `surplus less deficit is the margin and the result of the closed lots`() throws {
        var generator = SeededGenerator(seed: 34)
        for _ in 0..<2_000 {
            let lots = Int64.random(in: 1...50, using: &generator)
            let position = MarginPosition(
                side: generator.chance(ppm: 500_000) ? .long : .short, lots: lots,
                entryPrice: Int64.random(in: 1...1_000, using: &generator),
                marginUnits: Int64.random(in: -500...20_000, using: &generator))
            let closed = Int64.random(in: 1...lots, using: &generator)
            let fill = MarginFill(
                value: Int64.random(in: 0...50_000, using: &generator),
                exitCost: Int64.random(in: 0...100, using: &generator))
            let reduction = try MarginReduction(of: position, closing: closed, fill: fill, mark: 7)
            let result =
                position.side.sign * (fill.value - closed * position.entryPrice) - fill.exitCost
            try #require(
                reduction.surplus - reduction.deficit == reduction.releasedMargin + result)
            try #require(reduction.proceeds >= 0 && reduction.obligations >= 0)
        }
    }
}

extension ClosedRange<Int256> {
    /// Counts up to the first number that satisfies; one past the end where none does.
    fileprivate func firstCount(where satisfies: (Int256) -> Bool) -> Int256 {
        var value = lowerBound
        while value <= upperBound && !satisfies(value) { value += 1 }
        return value
    }
}
