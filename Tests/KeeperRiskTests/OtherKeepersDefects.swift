import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// What went wrong in other keepers' limits: rows of the table in docs/other-keepers.md.
@Suite struct OtherKeepersDefects {
    private let gate = RiskGateTests()

    @Test(arguments: [201, 1_000, 1_900_000_000_000_000_000])
    func `row 26: a profit beyond what the notional can bear is refused`(net: Int) {
        var funded = gate.funded()
        #expect(
            funded.review(gate.intent(1, gross: net, notional: 1_000), now: gate.start)
                == .refused(.implausibleProfit))
        #expect(
            gate.isApproved(
                funded.review(gate.intent(1, gross: 200, notional: 1_000), now: gate.start)))
    }

    @Test func `row 26: a profit too large to be multiplied is refused, not a trap`() {
        var funded = gate.funded()
        let intent = gate.intent(1)
        let absurd = CloseIntent(
            plan: intent.plan, by: intent.run,
            expectation: Expectation(
                grossUnits: .max, costUnits: .zero, inventoryNeeded: [], notionalUnits: 1_000),
            proposedAt: intent.proposedAt, decidedBy: 1)
        #expect(funded.review(absurd, now: gate.start) == .refused(.implausibleProfit))
    }

    @Test func `row 18: a loss counts against the limits as it is, never as nothing`() {
        var funded = gate.funded()
        gate.lose(101, gate: &funded, key: "k1", at: gate.start)
        #expect(funded.review(gate.intent(2), now: gate.start) == .refused(.lossPerHour))
    }

    @Test func `row 7: funds are promised once, however many closes want them`() {
        var funded = gate.funded()
        #expect(gate.isApproved(funded.review(gate.intent(1, needs: 600), now: gate.start)))
        #expect(
            funded.review(gate.intent(2, needs: 401), now: gate.start) == .refused(.inventory))
        #expect(gate.isApproved(funded.review(gate.intent(2, needs: 400), now: gate.start)))
        let inventory = funded.inventory(of: gate.venue)
        #expect(inventory.reserved(gate.usd) == 1_000)
        #expect(inventory.available(gate.usd) == 0)
        funded.conclude(ClientID("k1"), .voided, now: gate.start)
        #expect(funded.inventory(of: gate.venue).available(gate.usd) == 600)
    }

    @Test func `what the limits leave is what may be begun`() {
        var funded = gate.funded()
        #expect(funded.room(now: gate.start).closeCount == 3)
        #expect(funded.room(now: gate.start).notionalUnits == 15_000)
        #expect(funded.room(now: gate.start).gasUnits == 100)
        _ = funded.review(gate.intent(1, notional: 9_000), now: gate.start)
        _ = funded.readmit(
            gate.attempt(gate.intent(1, notional: 9_000), costUnits: 60), height: 1,
            now: gate.start)
        #expect(funded.room(now: gate.start).closeCount == 2)
        #expect(funded.room(now: gate.start).notionalUnits == 6_000)
        #expect(funded.room(now: gate.start).gasUnits == 40)
        for number in 2...3 {
            funded.conclude(ClientID("k\(number - 1)"), .voided, now: gate.start)
            _ = funded.review(gate.intent(number), now: gate.start)
        }
        #expect(funded.room(now: gate.start).closeCount == 1, "four closes an hour")
    }
}
