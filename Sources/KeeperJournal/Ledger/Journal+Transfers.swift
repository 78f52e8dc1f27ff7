package import KeeperModel
import WideMath

/// A transfer between the keeper's purses with all that became of it.
package struct JournaledTransfer: Hashable, Sendable {
    package let intent: CloseIntent
    package let transfer: ReserveTransfer
    package let createdAt: Instant
    /// Nil while it is open.
    package let ending: IntentEnding?
    package let endedAt: Instant?
    /// Whether an entry of it stands on the books.
    package let isBooked: Bool
}

extension Journal {
    /// Transfers, the latest first.
    package func transfers(
        domain: DomainID? = nil, countMax: Int = 1_000
    ) throws(JournalError) -> [JournaledTransfer] {
        let rows = try database.rows(
            """
            SELECT intent, created_at, ending, ended_at, EXISTS (
                SELECT 1 FROM transfers WHERE transfers.client_id = intents.client_id
                    AND NOT EXISTS (SELECT 1 FROM entries WHERE reverses = transfers.entry))
            FROM intents WHERE market = ?1 AND (?2 = '' OR domain = ?2)
            ORDER BY created_at DESC, client_id DESC LIMIT ?3
            """,
            [
                .text(MarketID.treasury.text), .text(domain?.text ?? ""),
                .integer(Int64(countMax)),
            ]
        ) { (row) throws(JournalError) in
            let intent: CloseIntent = try stored(row.text(0), in: "intents")
            let ending: IntentEnding? = try row.textIfPresent(2).map {
                (text) throws(JournalError) in try stored(text, in: "intents")
            }
            return intent.plan.action.transfer.map {
                JournaledTransfer(
                    intent: intent, transfer: $0,
                    createdAt: Instant(nanoseconds: row.integer(1)), ending: ending,
                    endedAt: row.integerIfPresent(3).map { Instant(nanoseconds: $0) },
                    isBooked: row.integer(4) != 0)
            }
        }
        return rows.compactMap { $0 }
    }

    /// What the books say is kept aside, in the order of domains and assets.
    package func reserveBalances() throws(JournalError) -> [BookedBalance] {
        try balances(on: .reserve)
    }

    /// Opens the books of a reserve with what the venue says is in it: brought by the owners, and
    /// put aside. False where they are open already.
    package func openReserve(
        _ domain: DomainID, with balances: [AssetAmount], at now: Instant
    ) throws(JournalError) -> Bool {
        guard try !reserveBalances().contains(where: { $0.domain == domain }),
            // Of an empty reserve no line stands, and what a transfer put there is none of it.
            try transfers(domain: domain, countMax: 1).isEmpty
        else { return false }
        let movements = balances.flatMap { balance -> [Movement] in
            guard let amount = Int256(exactly: balance.amount) else { return [] }
            return [(amount, .openingBalance), (.zero - amount, .swept)].map {
                (amount: Int256, cause: MovementCause) in
                Movement(
                    asset: balance.asset, amount: amount, cause: cause, valueUnits: .zero)
            }
        }
        guard !movements.isEmpty else { return false }
        _ = try record(
            LedgerEntry(
                kind: .opening, domain: domain, externalID: "opening-reserve", occurredAt: now,
                movements: movements), at: now)
        return true
    }
}
