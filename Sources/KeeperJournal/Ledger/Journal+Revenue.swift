package import KeeperModel
package import WideMath

/// By what revenue is split.
package enum RevenueGrouping: String, Hashable, Sendable, CaseIterable {
    case total
    /// The UTC day of the settlement, as `2026-01-31`.
    case day
    case strategy
    case domain
    case market
    case account
    case asset
    case cause
    /// The way that the last attempt of the close took.
    case lane
}

/// One line of a revenue report, derived from postings and nothing else.
package struct RevenueLine: Hashable, Sendable {
    package let key: String
    package let earnedUnits: Int256
    /// How many closes and corrections are in it.
    package let entryCount: Int
}

/// What the books say the keeper owns.
package struct BookedBalance: Hashable, Sendable {
    package let domain: DomainID
    package let asset: AssetID
    package let amount: Int256
}

extension Journal {
    /// What closes earned, split and in the order of the keys. Capital brought or taken is none of
    /// it, and neither is what moved into or out of the reserve, but for its gas; corrections by
    /// the venue are. Without a domain it is what all of them earned together.
    package func revenue(
        by grouping: RevenueGrouping, from: Instant? = nil, until: Instant? = nil,
        in domain: DomainID? = nil
    ) throws(JournalError) -> [RevenueLine] {
        try database.rows(
            """
            SELECT \(grouping.expression) AS key, sum256(postings.value),
                count(DISTINCT CASE WHEN transfers.entry IS NULL THEN postings.entry END)
            FROM postings
            JOIN entries ON entries.id = postings.entry
            LEFT JOIN transfers ON transfers.entry = entries.id
            LEFT JOIN intents
                ON intents.client_id = coalesce(entries.client_id, transfers.client_id)
            WHERE postings.account = 'closes'
                AND entries.occurred_at >= ? AND entries.occurred_at < ?
                AND (? = '' OR entries.domain = ?)
            GROUP BY key ORDER BY key
            """,
            [
                .integer(from?.nanoseconds ?? .min), .integer(until?.nanoseconds ?? .max),
                .text(domain?.text ?? ""), .text(domain?.text ?? ""),
            ]
        ) { (row) throws(JournalError) in
            RevenueLine(
                key: row.text(0), earnedUnits: try earned(try amount(row.blob(1))),
                entryCount: Int(row.integer(2)))
        }
    }

    /// What the keeper owns by its own books, in the order of domains and assets.
    package func balances() throws(JournalError) -> [BookedBalance] {
        try balances(on: .inventory)
    }

    func balances(on account: LedgerAccount) throws(JournalError) -> [BookedBalance] {
        try database.rows(
            """
            SELECT entries.domain, postings.asset, sum256(postings.amount)
            FROM postings JOIN entries ON entries.id = postings.entry
            WHERE postings.account = ?
            GROUP BY 1, 2 ORDER BY 1, 2
            """, [.text(account.rawValue)]
        ) { (row) throws(JournalError) in
            guard let domain = DomainID(checking: row.text(0)),
                let asset = AssetID(checking: row.text(1))
            else {
                throw .malformedRow(table: "postings", detail: "\(row.text(0)) \(row.text(1))")
            }
            return BookedBalance(domain: domain, asset: asset, amount: try amount(row.blob(2)))
        }
    }
}

extension RevenueGrouping {
    /// A correction has no intent: it shows under `-`.
    fileprivate var expression: String {
        switch self {
        case .total: "'total'"
        case .day: "date(entries.occurred_at / 1000000000, 'unixepoch')"
        case .strategy: "coalesce(intents.strategy, '-')"
        case .domain: "entries.domain"
        case .market: "coalesce(intents.market, '-')"
        case .account: "coalesce(intents.account, '-')"
        case .asset: "postings.asset"
        case .cause: "postings.cause"
        case .lane:
            """
            coalesce((SELECT lane FROM attempts WHERE attempts.client_id = intents.client_id
                ORDER BY number DESC LIMIT 1), '-')
            """
        }
    }
}
