import KeeperCodec
package import KeeperModel

/// Why things were done or not: `decisions.sqlite`, apart from the journal because losing its last
/// rows with the power costs an explanation and no money. Not Sendable.
package final class DecisionLog {
    private let database: Database

    package init(path: String, disk: String? = nil) throws(JournalError) {
        database = try Database(path: path, schema: Self.schema, disk: disk)
    }

    /// Appends a batch in one commit, in its order.
    package func append(_ decisions: [Decision]) throws(JournalError) {
        try database.transaction { () throws(JournalError) in
            for decision in decisions { try insert(decision) }
        }
    }

    /// What was decided about one target, the latest first.
    package func decisions(
        about target: Target, countMax: Int = 100
    ) throws(JournalError) -> [Decision] {
        try read(
            """
            WHERE domain = ? AND market = ? AND account = ? ORDER BY id DESC LIMIT ?
            """,
            [
                .text(target.domain.text), .text(target.market.text), .text(target.account.text),
                .integer(Int64(countMax)),
            ])
    }

    /// What was decided about an account in any market, the latest first.
    package func decisions(
        about account: AccountID, countMax: Int = 1_000
    ) throws(JournalError) -> [Decision] {
        try read(
            "WHERE account = ? ORDER BY id DESC LIMIT ?",
            [.text(account.text), .integer(Int64(countMax))])
    }

    /// What was decided in a span of time, the earliest first.
    package func decisions(
        from: Instant, until: Instant, countMax: Int = 1_000
    ) throws(JournalError) -> [Decision] {
        try read(
            "WHERE decided_at >= ? AND decided_at < ? ORDER BY decided_at, id LIMIT ?",
            [
                .integer(from.nanoseconds), .integer(until.nanoseconds),
                .integer(Int64(countMax)),
            ])
    }

    /// The last so many that were decided since a moment, the earliest of them first.
    package func latest(since: Instant, countMax: Int) throws(JournalError) -> [Decision] {
        try read(
            "WHERE decided_at >= ? ORDER BY id DESC LIMIT ?",
            [.integer(since.nanoseconds), .integer(Int64(countMax))]
        ).reversed()
    }

    /// How many decisions had each verdict in a span of time, in the order of the labels.
    package func verdictCounts(
        from: Instant, until: Instant
    ) throws(JournalError) -> [(label: String, count: Int)] {
        try database.rows(
            """
            SELECT verdict, count(*) FROM decisions
            WHERE decided_at >= ? AND decided_at < ? GROUP BY verdict ORDER BY verdict
            """, [.integer(from.nanoseconds), .integer(until.nanoseconds)]
        ) { (row) throws(JournalError) in (row.text(0), Int(row.integer(1))) }
    }

    /// What decisions take of the disk. Room that was taken and is free again is used first, so the
    /// file itself does not grow beyond the most that they ever took.
    package func byteCount() throws(JournalError) -> UInt64 {
        let pragmas = ["page_count", "freelist_count", "page_size"]
        var numbers: [Int64] = []
        for pragma in pragmas {
            numbers += try database.rows("PRAGMA \(pragma)") { (row) throws(JournalError) in
                row.integer(0)
            }
        }
        return UInt64((numbers[0] - numbers[1]) * numbers[2])
    }

    /// Forgets one part in so many, the oldest, and says how many they were.
    package func forgetOldest(onePartIn parts: Int64) throws(JournalError) -> Int {
        try database.execute(
            """
            DELETE FROM decisions WHERE id IN (
                SELECT id FROM decisions ORDER BY id
                LIMIT (SELECT (count(*) + ? - 1) / ? FROM decisions))
            """, [.integer(parts), .integer(parts)])
        return database.changedRowCount
    }

    /// Forgets what was decided before a moment, and says how much.
    package func forget(before end: Instant) throws(JournalError) -> Int {
        try database.execute(
            "DELETE FROM decisions WHERE decided_at < ?", [.integer(end.nanoseconds)])
        return database.changedRowCount
    }

    private func insert(_ decision: Decision) throws(JournalError) {
        let target = decision.target
        try database.execute(
            """
            INSERT INTO decisions (decided_at, domain, market, account, verdict, record)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(decision.decidedAt.nanoseconds), .text(target.domain.text),
                .text(target.market.text), .text(target.account.text),
                .text(decision.verdict.label), .text(decision.jsonText),
            ])
    }

    func read(_ clause: String, _ values: [SQLValue]) throws(JournalError) -> [Decision] {
        try database.rows(
            "SELECT record FROM decisions \(clause)", values
        ) { (row) throws(JournalError) in
            do throws(JSONFormError) {
                return try Decision(jsonBytes: Array(row.text(0).utf8))
            } catch {
                throw .malformedRow(table: "decisions", detail: error.description)
            }
        }
    }

    private static let schema = Schema(
        applicationID: 0x4261_6964,
        migrations: [
            [
                """
                CREATE TABLE decisions (
                    id INTEGER PRIMARY KEY,
                    decided_at INTEGER NOT NULL,
                    domain TEXT NOT NULL,
                    market TEXT NOT NULL,
                    account TEXT NOT NULL,
                    verdict TEXT NOT NULL,
                    record TEXT NOT NULL CHECK (record GLOB '{*}')
                ) STRICT
                """,
                "CREATE INDEX decisions_by_target ON decisions (domain, market, account, id)",
                "CREATE INDEX decisions_by_time ON decisions (decided_at)",
            ]
        ], invariants: [])
}
