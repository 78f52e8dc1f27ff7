import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// A version of a strategy that has shown nothing yet closes little.
@Suite struct CanaryTests {
    private let gate = RiskGateTests()
    private let rule = CanaryRule(notionalMaxUnits: 800, wonCountMin: 2)

    @Test func `a new version is refused above its canary size until enough of it is booked`() {
        var canary = funded()
        #expect(canary.review(gate.intent(1), now: gate.start) == .refused(.canarySize))
        for number in 1...2 {
            let small = gate.intent(number, notional: 800)
            #expect(gate.isApproved(canary.review(small, now: gate.start)))
            canary.conclude(
                small.plan.clientID, .won(gate.receipt("k\(number)", net: 20)), now: gate.start)
        }
        #expect(canary.canaryMaxUnits(of: gate.intent(3).run) == nil)
        #expect(gate.isApproved(canary.review(gate.intent(3), now: gate.start)))
    }

    @Test func `what did not settle shows nothing`() {
        var canary = funded()
        let small = gate.intent(1, notional: 800)
        let endings: [IntentEnding] = [
            .voided, .cancelled(reason: "drain"), .refused(Refusal(.healthy, detail: "")),
        ]
        for ending in endings {
            _ = canary.review(small, now: gate.start)
            canary.conclude(small.plan.clientID, ending, now: gate.start)
        }
        #expect(canary.canaryMaxUnits(of: small.run) == 800)
    }

    @Test func `the books speak for a version after a restart, and for no other version`() {
        var canary = funded()
        let run = gate.intent(1).run
        let next = StrategyRun(run.name, version: run.version + 1)
        canary.recall([StrategyRecord(run: run, wonCount: 2)])
        #expect(canary.canaryMaxUnits(of: run) == nil)
        #expect(canary.canaryMaxUnits(of: next) == 800)
    }

    @Test func `without the rule every version begins at full size`() {
        #expect(RiskGate(limits: gate.limits).canaryMaxUnits(of: gate.intent(1).run) == nil)
    }

    private func funded() -> RiskGate {
        var canary = RiskGate(limits: gate.limits.with(rule))
        canary.reportBalances(
            [AssetAmount(asset: gate.usd, amount: 1_000)], domain: gate.venue, height: 4)
        return canary
    }
}

extension RiskLimits {
    fileprivate func with(_ canary: CanaryRule) -> RiskLimits {
        RiskLimits(
            notionalPerCloseMaxUnits: notionalPerCloseMaxUnits,
            notionalOpenMaxUnits: notionalOpenMaxUnits, openIntentsMax: openIntentsMax,
            closesPerHourMax: closesPerHourMax, lossPerHourMaxUnits: lossPerHourMaxUnits,
            lossPerDayMaxUnits: lossPerDayMaxUnits, gasPerDayMaxUnits: gasPerDayMaxUnits,
            failuresPerHourMax: failuresPerHourMax, unknownOpenMax: unknownOpenMax,
            profitPlausibleMaxPpm: profitPlausibleMaxPpm, canary: canary)
    }
}
