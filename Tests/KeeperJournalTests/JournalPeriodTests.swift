import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// Months that are closed stay as they are.
@Suite struct JournalPeriodTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func journal(_ fills: [(key: String, at: Instant)]) throws -> Journal {
        let journal = try Journal(path: directory.journalPath)
        for (key, instant) in fills { try fill(key, at: instant, in: journal) }
        return journal
    }

    private func fill(_ key: String, at instant: Instant, in journal: Journal) throws {
        try journal.recordIntent(
            Sample.intent(key, target: Sample.target(key)), at: Sample.second)
        _ = try journal.recordEnding(
            .won(Sample.receipt(key, fill: "fill-\(key)", at: instant)), of: ClientID(key),
            at: Sample.february)
    }

    private static let april = Instant(nanoseconds: Sample.february.nanoseconds + 60 * day)
    private static let day: Int64 = 86_400_000_000_000

    @Test func `a closed month counts its entries and is chained to the one before`() throws {
        let journal = try journal([
            ("c-1", Sample.january), ("c-2", Sample.february), ("c-3", Sample.february),
        ])
        let first = try journal.closePeriod("2026-01", at: Self.april)
        let second = try journal.closePeriod("2026-02", at: Self.april)
        #expect([first.entryCount, second.entryCount] == [1, 2])
        #expect(second.previous == first.sha256)
        #expect(second.startsAt == first.endsAt)
        #expect(first.endsAt == Sample.february)
        #expect(try journal.closedPeriods() == [first, second])
        #expect(try journal.findDamage() == [])
    }

    @Test func `what becomes known after the close is booked in the open month`() throws {
        let journal = try journal([("c-1", Sample.january)])
        let period = try journal.closePeriod("2026-01", at: Self.april)
        try fill("c-2", at: Sample.january, in: journal)
        let days = try journal.revenue(by: .day).map { "\($0.key) \($0.entryCount)" }
        #expect(days == ["2026-01-31 1", "2026-02-01 1"])
        #expect(try journal.closedPeriods() == [period])
        #expect(try journal.findDamage() == [])
    }

    @Test func `a reversal of a closed month stands in the open one`() throws {
        let journal = try journal([])
        try journal.recordIntent(Sample.intent("c-1"), at: Self.april)
        _ = try journal.recordFill(
            Sample.receipt("c-1"), of: ClientID("c-1"), at: Sample.february)
        _ = try journal.closePeriod("2026-01", at: Self.april)
        #expect(try journal.recordReversal(of: ClientID("c-1"), at: Self.april))
        let days = try journal.revenue(by: .day).map { "\($0.key) \($0.earnedUnits)" }
        #expect(days == ["2026-01-31 10", "2026-02-01 -10"])
    }

    @Test(
        arguments: [
            ("2026-13", "a month looks like 2026-01"), ("January", "a month looks like 2026-01"),
            ("2026-04", "it is not over yet"), ("2026-01", "closed is everything up to 2026-01"),
            ("2026-02", "how c-2 ends is not known yet"),
        ])
    func `a month is refused with the reason`(month: String, reason: String) throws {
        let journal = try journal([("c-1", Sample.january)])
        _ = try journal.closePeriod("2026-01", at: Self.april)
        try journal.recordIntent(
            Sample.intent("c-2", target: Sample.target("x")), at: Sample.february)
        #expect(throws: JournalError.periodRefused(month: month, reason: reason)) {
            try journal.closePeriod(month, at: Self.april)
        }
    }

    @Test(
        arguments: [
            ("UPDATE periods SET entry_count = 9", "periods are never changed"),
            ("DELETE FROM periods", "periods are never deleted"),
            (
                """
                INSERT INTO entries (domain, kind, external_id, content, occurred_at, booked_at)
                VALUES ('venue', 'transfer', 't', '{}', 0, 0)
                """, "the period is closed"
            ),
            (
                """
                INSERT INTO periods
                VALUES (2, '2026-02', 0, 9, 0, zeroblob(32), zeroblob(32), 9)
                """, "a period follows the one before it"
            ),
        ])
    func `the file refuses to change what is closed`(sql: String, reason: String) throws {
        do {
            _ = try journal([("c-1", Sample.january)]).closePeriod("2026-01", at: Self.april)
        }
        let database = try Database(path: directory.journalPath, schema: JournalSchema.schema)
        let error = try #require(throws: JournalError.self) { try database.execute(sql) }
        guard case .failed(_, reason, _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `a hand that changes a closed month with another tool is noticed`() throws {
        do {
            _ = try journal([("c-1", Sample.january)]).closePeriod("2026-01", at: Self.april)
        }
        do {
            let database = try Database(path: directory.journalPath, schema: JournalSchema.schema)
            try database.execute("DROP TRIGGER entries_are_never_changed")
            try database.execute("UPDATE entries SET booked_at = 5")
        }
        let journal = try Journal(path: directory.journalPath)
        #expect(
            try journal.findDamage() == [
                "the schema: trigger entries_are_never_changed is missing",
                "the entries of 2026-01 are not those that were closed",
            ])
    }
}
