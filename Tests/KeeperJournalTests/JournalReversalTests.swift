import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// What a chain includes is booked before it is final, and a reorganisation takes it back.
@Suite struct JournalReversalTests {
    let directory: TemporaryDirectory
    let journal: Journal
    private let key = ClientID("c-1")

    init() throws {
        directory = try TemporaryDirectory()
        journal = try Journal(path: directory.journalPath)
        try journal.recordIntent(
            Sample.intent("c-1"), attempt: Sample.attempt(1, [1]), at: Sample.second)
    }

    private func earned() throws -> Int256 {
        try journal.revenue(by: .total).reduce(.zero) { $0 + $1.earnedUnits }
    }

    @Test func `a fill that is not final is on the books, and final it is booked no second time`()
        throws
    {
        let receipt = Sample.receipt("c-1")
        #expect(try journal.recordFill(receipt, of: key, at: Sample.second) == .booked)
        #expect(try journal.recordFill(receipt, of: key, at: Sample.second) == .alreadyBooked)
        #expect(try earned() == 10)
        #expect(try journal.openIntents().first?.booked == receipt)
        #expect(
            try journal.recordEnding(.won(receipt), of: key, at: Sample.january)
                == .alreadyBooked)
        #expect(try earned() == 10)
        #expect(try journal.closes().map(\.realisedUnits) == [10])
    }

    @Test func `a reversal leaves nothing, and the same close may be booked elsewhere`() throws {
        _ = try journal.recordFill(
            Sample.receipt("c-1", fill: "8-0", settlements: [Sample.settlement(7)]), of: key,
            at: Sample.second)
        #expect(try journal.recordReversal(of: key, at: Sample.second))
        #expect(try journal.recordReversal(of: key, at: Sample.second) == false, "once")
        #expect(try earned() == 0)
        #expect(try journal.balances().allSatisfy { $0.amount.isZero })
        #expect(try journal.openIntents().first?.booked == nil)

        // The venue gave the number of the settlement that is gone to another.
        let again = Sample.receipt(
            "c-1", fill: "9-1", settlements: [Sample.settlement(7, units: 15)])
        #expect(try journal.recordFill(again, of: key, at: Sample.second) == .booked)
        _ = try journal.recordEnding(.won(again), of: key, at: Sample.january)
        #expect(try earned() == 10)
        let reconciliation = try journal.reconcile(
            against: VenueStatement(
                domain: Sample.domain, keeper: "us", settlements: [Sample.settlement(7)],
                balances: [
                    AssetAmount(asset: AssetID("WETH"), amount: 5_000)
                ]))
        #expect(reconciliation.settlementDifferences == [])
    }

    @Test func `two fills of one intent never stand together`() throws {
        _ = try journal.recordFill(Sample.receipt("c-1", fill: "8-0"), of: key, at: Sample.second)
        #expect(throws: JournalError.contentChanged(id: "9-1")) {
            try journal.recordFill(Sample.receipt("c-1", fill: "9-1"), of: key, at: Sample.second)
        }
        #expect(try earned() == 10)
    }

    @Test func `what failed at a cost is booked at its cost`() throws {
        let gas = CloseReceipt(
            clientID: key, fillID: "8-0", height: 8, settledAt: Sample.second,
            movements: [Sample.movement("ETH", -3, .gas, value: -6)], settlements: [])
        let refusal = Refusal(.staleVersion, detail: "somebody was first")
        #expect(
            try journal.recordEnding(.reverted(refusal, gas), of: key, at: Sample.second)
                == .booked)
        #expect(try earned() == -6)
        #expect(try journal.revenue(by: .cause).map(\.key) == ["gas"])
        #expect(try journal.closes().map(\.ending?.label) == ["reverted-staleVersion"])
    }
}
