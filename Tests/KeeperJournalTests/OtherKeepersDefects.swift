import Foundation
import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// What went wrong in other keepers' books: rows of the table in docs/other-keepers.md.
@Suite struct OtherKeepersDefects {
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

    private func unexplained(usd: UInt256, weth: UInt256) throws -> [String] {
        let statement = VenueStatement(
            domain: Sample.domain, keeper: "us", settlements: [],
            balances: [
                AssetAmount(asset: AssetID("USD"), amount: usd),
                AssetAmount(asset: AssetID("WETH"), amount: weth),
            ])
        return try journal.reconcile(against: statement).balanceDifferences.map {
            "\($0.asset) \($0.unexplained)"
        }
    }

    private func open(usd: Int256) throws {
        let opening = LedgerEntry(
            kind: .opening, domain: Sample.domain, externalID: "opening",
            occurredAt: Sample.second,
            movements: [Sample.movement("USD", usd, .openingBalance, value: usd)])
        _ = try journal.record(opening, at: Sample.second)
    }

    @Test func `row 5: what a close leaves behind is on the books to the last unit`() throws {
        try open(usd: 1_000)
        _ = try journal.recordEnding(.won(Sample.receipt("c-1")), of: key, at: Sample.second)
        #expect(try unexplained(usd: 898, weth: 5_000) == [])
        #expect(try unexplained(usd: 898, weth: 5_001) == ["WETH 1"], "residue has a name")
        #expect(try unexplained(usd: 899, weth: 5_000) == ["USD 1"])
    }

    @Test func `row 6: profit is all that is ours, wherever it lies`() throws {
        try open(usd: 1_000)
        // What was repaid left one asset, what was seized came in as another.
        _ = try journal.recordEnding(.won(Sample.receipt("c-1")), of: key, at: Sample.second)
        #expect(try earned() == 10)
        // Carried to another purse, it is still earned.
        let transfer = LedgerEntry(
            kind: .transfer, domain: Sample.domain, externalID: "t-1", occurredAt: Sample.january,
            movements: [Sample.movement("WETH", -5_000, .withdrawal, value: -112)])
        _ = try journal.record(transfer, at: Sample.january)
        #expect(try earned() == 10)
        #expect(try unexplained(usd: 898, weth: 0) == [])
    }

    @Test func `row 17: what is paid in one asset and earned in another is summed by its value`()
        throws
    {
        _ = try journal.recordEnding(.won(Sample.receipt("c-1")), of: key, at: Sample.second)
        let byAsset = try journal.revenue(by: .asset).map { "\($0.key) \($0.earnedUnits)" }
        #expect(byAsset == ["USD -102", "WETH 112"], "5,000 smallest units are worth 112")
        #expect(try earned() == 10, "not 4,898")
    }

    @Test func `row 18: a loss is booked as a loss, and what came in beside it is not its profit`()
        throws
    {
        try open(usd: 1_000)
        let receipt = CloseReceipt(
            clientID: key, fillID: "fill-1", height: 9, settledAt: Sample.january,
            movements: [
                Sample.movement("USD", -100, .repaid, value: -100),
                Sample.movement("USD", 70, .exitProceeds, value: 70),
            ], settlements: [])
        // Money that arrives while the close is under way.
        let deposit = LedgerEntry(
            kind: .transfer, domain: Sample.domain, externalID: "t-1", occurredAt: Sample.january,
            movements: [Sample.movement("USD", 500, .deposit, value: 500)])
        _ = try journal.record(deposit, at: Sample.january)
        _ = try journal.recordEnding(.won(receipt), of: key, at: Sample.january)
        #expect(try earned() == -30)
        #expect(try journal.closes().map(\.realisedUnits) == [-30])
        #expect(try unexplained(usd: 1_470, weth: 0) == [])
    }

    @Test func `row 19: failed gas is booked, at the price of its time, for ever`() throws {
        let gas = CloseReceipt(
            clientID: key, fillID: "8-0", height: 8, settledAt: Sample.january,
            movements: [Sample.movement("ETH", -3, .gas, value: -6)], settlements: [])
        _ = try journal.recordEnding(
            .reverted(Refusal(.healthy, detail: ""), gas), of: key, at: Sample.january)
        // The same three units are worth ten times as much a month later.
        let later = LedgerEntry(
            kind: .adjustment, domain: Sample.domain, externalID: "later",
            occurredAt: Sample.february,
            movements: [Sample.movement("ETH", -3, .gas, value: -60)])
        _ = try journal.record(later, at: Sample.february)
        let days = try journal.revenue(by: .day).map { "\($0.key) \($0.earnedUnits)" }
        #expect(days == ["2026-01-31 -6", "2026-02-01 -60"])
    }

    /// The last pages of the log are torn off, as by a crash in the middle of a write.
    @Test(arguments: [1, 700, 4_000])
    func `row 22: state that was half written is the state before it`(torn: Int) throws {
        let own = try TemporaryDirectory()
        do {
            let first = try Journal(path: own.journalPath)
            try first.recordIntent(Sample.intent("c-1"), at: Sample.second)
        }
        let second = try Journal(path: own.journalPath)
        try second.recordIntent(
            Sample.intent("c-2", target: Sample.target("acc-2")), at: Sample.second)
        let image = try own.crashImage()
        let log = image.journalPath + "-wal"
        let bytes = try Data(contentsOf: URL(filePath: log))
        try #require(bytes.count > torn)
        try bytes.dropLast(torn).write(to: URL(filePath: log))
        let recovered = try Journal(path: image.journalPath)
        #expect(try recovered.openIntents().map(\.intent.plan.clientID.text) == ["c-1"])
        #expect(try recovered.findDamage() == [])
        withExtendedLifetime(second) {}
    }
}
