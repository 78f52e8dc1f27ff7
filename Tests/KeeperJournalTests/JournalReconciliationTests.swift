import KeeperJournal
import KeeperModel
import Testing
import WideMath

@Suite struct JournalReconciliationTests {
    let directory: TemporaryDirectory
    let journal: Journal

    init() throws {
        directory = try TemporaryDirectory()
        journal = try Journal(path: directory.journalPath)
        let opening = LedgerEntry(
            kind: .opening, domain: Sample.domain, externalID: "opening",
            occurredAt: Sample.second,
            movements: [Sample.movement("USD", 1_000, .openingBalance, value: 1_000)])
        _ = try journal.record(opening, at: Sample.second)
        try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
        _ = try journal.recordEnding(
            .won(Sample.receipt("c-1", settlements: [Sample.settlement(7)])), of: ClientID("c-1"),
            at: Sample.second)
    }

    private func reconcile(
        _ settlements: [SettlementRecord], usd: UInt256 = 898, weth: UInt256 = 5_000
    ) throws -> Reconciliation {
        try journal.reconcile(
            against: VenueStatement(
                domain: Sample.domain, keeper: "us", settlements: settlements,
                balances: [
                    AssetAmount(asset: AssetID("USD"), amount: usd),
                    AssetAmount(asset: AssetID("WETH"), amount: weth),
                ]))
    }

    @Test func `books that agree are clean, whatever others did`() throws {
        let result = try reconcile([Sample.settlement(8, keeper: "rival"), Sample.settlement(7)])
        #expect(result.isClean)
        #expect(result.matchedSettlementCount == 1 && result.explainedUnits == 15)
    }

    /// One row per way to disagree.
    @Test(
        arguments: [
            ([Sample.settlement(7), Sample.settlement(9, units: 4)], .notBooked, 9, 4),
            ([], .notAtVenue, 7, -15),
            ([Sample.settlement(7, units: 16)], .changed, 7, 1),
            (
                [Sample.settlement(7), Sample.settlement(7, revision: 1, units: -15)],
                .notBooked, 7, -15
            ),
        ] as [([SettlementRecord], SettlementDifference.Kind, UInt64, Int256)])
    func `a settlement that differs is named with its units`(
        settlements: [SettlementRecord], kind: SettlementDifference.Kind, id: UInt64, units: Int256
    ) throws {
        let result = try reconcile(settlements)
        let difference = try #require(result.settlementDifferences.first)
        #expect(result.settlementDifferences.count == 1)
        #expect(difference.kind == kind && difference.id == id)
        #expect(difference.unexplainedUnits == units)
    }

    @Test func `a single missing unit is found`() throws {
        let result = try reconcile([Sample.settlement(7)], usd: 897)
        let difference = try #require(result.balanceDifferences.first)
        #expect(result.balanceDifferences.count == 1 && difference.asset == AssetID("USD"))
        #expect(difference.reported == 897 && difference.booked == 898)
        #expect(difference.unexplained == -1)
        let nothing = try journal.reconcile(
            against: VenueStatement(
                domain: Sample.domain, keeper: "us", settlements: [Sample.settlement(7)],
                balances: []))
        #expect(nothing.balanceDifferences.map(\.unexplained) == [-898, -5_000])
    }
}
