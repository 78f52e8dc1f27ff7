import KeeperCodec
package import KeeperModel

/// A month that is closed: its entries are those that were there, for ever.
package struct ClosedPeriod: Hashable, Sendable {
    package let number: Int64
    /// `2026-01`.
    package let month: String
    package let startsAt: Instant
    package let endsAt: Instant
    package let entryCount: Int64
    package let previous: [UInt8]
    /// Over `previous` and every line of the period's entries and postings, as an export has them.
    package let sha256: [UInt8]
    package let closedAt: Instant
}

extension Journal {
    /// Closes a month and everything before it that is still open. Whatever becomes known later is
    /// booked on the first instant behind it.
    package func closePeriod(_ month: String, at now: Instant) throws(JournalError) -> ClosedPeriod
    {
        guard let end = UTCText.endOfMonth(month) else {
            throw .periodRefused(month: month, reason: "a month looks like 2026-01")
        }
        return try database.transaction { () throws(JournalError) in
            let last = try closedPeriods().last
            try requireClosable(month, end, after: last, at: now)
            let start = last?.endsAt ?? Instant(nanoseconds: .min)
            let previous = last?.sha256 ?? Self.noPeriod
            let content = try digest(from: start, until: end, behind: previous)
            let period = ClosedPeriod(
                number: (last?.number ?? 0) + 1, month: month, startsAt: start, endsAt: end,
                entryCount: content.entryCount, previous: previous, sha256: content.sha256,
                closedAt: now)
            try insert(period)
            return period
        }
    }

    /// All closed months in their order.
    package func closedPeriods() throws(JournalError) -> [ClosedPeriod] {
        try database.rows(
            """
            SELECT number, month, starts_at, ends_at, entry_count, previous, sha256, closed_at
            FROM periods ORDER BY number
            """
        ) { (row) throws(JournalError) in
            ClosedPeriod(
                number: row.integer(0), month: row.text(1),
                startsAt: Instant(nanoseconds: row.integer(2)),
                endsAt: Instant(nanoseconds: row.integer(3)), entryCount: row.integer(4),
                previous: row.blob(5), sha256: row.blob(6),
                closedAt: Instant(nanoseconds: row.integer(7)))
        }
    }

    /// Where the first open period begins; nil where none was closed yet.
    func closedUntil() throws(JournalError) -> Instant? {
        try database.rows("SELECT max(ends_at) FROM periods") { (row) throws(JournalError) in
            row.integerIfPresent(0)
        }.first?.map { Instant(nanoseconds: $0) }
    }

    /// Periods whose entries are no longer those that were closed, or whose chain is broken.
    func findBrokenPeriods() throws(JournalError) -> [String] {
        var damage: [String] = []
        var previous = Self.noPeriod
        for period in try closedPeriods() {
            let content = try digest(
                from: period.startsAt, until: period.endsAt, behind: period.previous)
            if period.previous != previous {
                damage.append("\(period.month) is not chained to the period before it")
            }
            if content.sha256 != period.sha256 || content.entryCount != period.entryCount {
                damage.append("the entries of \(period.month) are not those that were closed")
            }
            previous = period.sha256
        }
        return damage
    }

    private static let noPeriod = [UInt8](repeating: 0, count: 32)

    private func requireClosable(
        _ month: String, _ end: Instant, after last: ClosedPeriod?, at now: Instant
    ) throws(JournalError) {
        guard end <= now else {
            throw .periodRefused(month: month, reason: "it is not over yet")
        }
        if let last, end <= last.endsAt {
            throw .periodRefused(month: month, reason: "closed is everything up to \(last.month)")
        }
        let open = try database.rows(
            """
            SELECT client_id FROM intents WHERE state = 'open' AND created_at < ?
            ORDER BY created_at, client_id LIMIT 1
            """, [.integer(end.nanoseconds)]
        ) { (row) throws(JournalError) in row.text(0) }.first
        if let open {
            throw .periodRefused(month: month, reason: "how \(open) ends is not known yet")
        }
    }

    private func insert(_ period: ClosedPeriod) throws(JournalError) {
        try database.execute(
            "INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(period.number), .text(period.month),
                .integer(period.startsAt.nanoseconds), .integer(period.endsAt.nanoseconds),
                .integer(period.entryCount), .blob(period.previous), .blob(period.sha256),
                .integer(period.closedAt.nanoseconds),
            ])
    }

    private func digest(
        from start: Instant, until end: Instant, behind previous: [UInt8]
    ) throws(JournalError) -> (entryCount: Int64, sha256: [UInt8]) {
        var hash = SHA256()
        hash.update(previous)
        var entryCount: Int64 = 0
        let span: [SQLValue] = [.integer(start.nanoseconds), .integer(end.nanoseconds)]
        let model = try Database(
            path: ":memory:", schema: JournalSchema.schema.tables(ofVersion: Self.hashedSchema))
        for table in try model.tables() {
            guard let clause = Self.periodClauses[table.name] else { continue }
            try database.forEachRow(
                "SELECT \(table.columnList) FROM \(table.name) \(clause)", span
            ) { (row) throws(JournalError) in
                let values = row.values(table.columns.count)
                hash.update(try ExportForm.row(table.name, table.columns, values))
                if table.name == "entries" { entryCount += 1 }
            }
        }
        return (entryCount, hash.finish())
    }

    /// A column that a later schema adds is not in the hashes: what was closed stays as it is.
    private static let hashedSchema: Int64 = 2

    /// What belongs to a period, in the order in which it was booked.
    private static let periodClauses = [
        "entries": "WHERE occurred_at >= ? AND occurred_at < ? ORDER BY id",
        "postings": """
        WHERE entry IN (SELECT id FROM entries WHERE occurred_at >= ? AND occurred_at < ?)
        ORDER BY entry, line
        """,
    ]
}
