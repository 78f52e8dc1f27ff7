import KeeperModel
import LiquidationRules
import Testing
import VenueSimulator

/// What went wrong in other keepers' dry runs: rows of the table in docs/other-keepers.md.
@Suite struct OtherKeepersDefects {
    @Test func `row 13: a close that is only pretended ends with a receipt like any other`() throws
    {
        var crash = try FedVenue()
        let plan = try #require(TestVenue.lendingPlan(crash.real, key: "k"))
        let (answer, _) = crash.venue.close(plan)
        guard case .settled(let receipt) = answer else {
            Issue.record("expected a settled close, got \(answer)")
            return
        }
        #expect(receipt.clientID == ClientID("k"))
        #expect(!receipt.movements.isEmpty, "its own record, which the books take")
        #expect(crash.real.closes.settledCount == 0, "and nothing at the real venue")
    }
}
