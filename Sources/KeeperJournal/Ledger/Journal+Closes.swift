import KeeperCodec
package import KeeperModel
package import WideMath

/// Which closes are asked for; what is nil does not narrow.
package struct CloseFilter: Hashable, Sendable {
    package var domain: DomainID?
    package var market: MarketID?
    package var account: AccountID?
    package var strategy: StrategyName?
    /// When the intent was made: from here, and before there.
    package var from: Instant?
    package var until: Instant?
    package var countMax: Int

    package init(
        domain: DomainID? = nil, market: MarketID? = nil, account: AccountID? = nil,
        strategy: StrategyName? = nil, from: Instant? = nil, until: Instant? = nil,
        countMax: Int = 1_000
    ) {
        self.domain = domain
        self.market = market
        self.account = account
        self.strategy = strategy
        self.from = from
        self.until = until
        self.countMax = countMax
    }
}

/// An intent with all that became of it.
package struct JournaledClose: Hashable, Sendable {
    package let intent: CloseIntent
    package let createdAt: Instant
    package let attemptCount: Int
    /// Nil while the intent is open.
    package let ending: IntentEnding?
    package let endedAt: Instant?
    /// What the ledger says it earned; to be held against `intent.expectation.netUnits`.
    package let realisedUnits: Int256?
}

extension Journal {
    /// Closes that match, the latest first.
    package func closes(_ filter: CloseFilter = CloseFilter()) throws(JournalError)
        -> [JournaledClose]
    {
        let (condition, values) = filter.condition
        return try database.rows(
            """
            SELECT intent, created_at, ending, ended_at,
                (SELECT count(*) FROM attempts WHERE attempts.client_id = intents.client_id),
                (SELECT max(entries.id) FROM entries
                    WHERE entries.client_id = intents.client_id AND kind = 'close'
                        AND NOT EXISTS (
                            SELECT 1 FROM entries AS later WHERE later.reverses = entries.id))
            FROM intents WHERE \(condition)
            ORDER BY created_at DESC, client_id DESC LIMIT ?
            """, values + [.integer(Int64(filter.countMax))]
        ) { (row) throws(JournalError) in
            JournaledClose(
                intent: try stored(row.text(0), in: "intents"),
                createdAt: Instant(nanoseconds: row.integer(1)),
                attemptCount: Int(row.integer(4)),
                ending: try row.textIfPresent(2).map { (text) throws(JournalError) in
                    try stored(text, in: "intents")
                },
                endedAt: row.integerIfPresent(3).map { Instant(nanoseconds: $0) },
                realisedUnits: try row.integerIfPresent(5).map { (entry) throws(JournalError) in
                    try earnedUnits(entry: entry)
                })
        }
    }

    private func earnedUnits(entry: Int64) throws(JournalError) -> Int256 {
        let booked = try database.rows(
            "SELECT sum256(value) FROM postings WHERE entry = ? AND account = 'closes'",
            [.integer(entry)]
        ) { (row) throws(JournalError) in try amount(row.blob(0)) }
        return try earned(booked.first ?? .zero)
    }

    /// A stored amount. The schema lets no other length in.
    func amount(_ bytes: [UInt8]) throws(JournalError) -> Int256 {
        guard let amount = Int256(bigEndianBytes: bytes) else {
            throw .malformedRow(table: "postings", detail: "an amount of \(bytes.count) bytes")
        }
        return amount
    }

    /// What the account `closes` holds is what closes cost: earnings are its negative.
    func earned(_ booked: Int256) throws(JournalError) -> Int256 {
        try negated(booked)
    }
}

extension CloseFilter {
    fileprivate var condition: (sql: String, values: [SQLValue]) {
        var parts: [(String, SQLValue)] = []
        if let domain { parts.append(("domain = ?", .text(domain.text))) }
        if let market { parts.append(("market = ?", .text(market.text))) }
        if let account { parts.append(("account = ?", .text(account.text))) }
        if let strategy { parts.append(("strategy = ?", .text(strategy.text))) }
        if let from { parts.append(("created_at >= ?", .integer(from.nanoseconds))) }
        if let until { parts.append(("created_at < ?", .integer(until.nanoseconds))) }
        // Transfers are no closes: see `transfers`.
        parts.append(("market <> ?", .text(MarketID.treasury.text)))
        return (parts.map(\.0).joined(separator: " AND "), parts.map(\.1))
    }
}
