package import KeeperModel
package import WideMath

/// One movement of what the keeper owns, as the ledger has it.
package struct InventoryMovement: Hashable, Sendable {
    /// The entry's number: movements of one close share it.
    package let entry: Int64
    package let domain: DomainID
    package let asset: AssetID
    package let occurredAt: Instant
    package let cause: MovementCause
    /// Positive came in.
    package let amount: Int256
    /// What it was worth then, same sign.
    package let valueUnits: Int256

    package init(
        entry: Int64, domain: DomainID, asset: AssetID, occurredAt: Instant,
        cause: MovementCause, amount: Int256, valueUnits: Int256
    ) {
        self.entry = entry
        self.domain = domain
        self.asset = asset
        self.occurredAt = occurredAt
        self.cause = cause
        self.amount = amount
        self.valueUnits = valueUnits
    }
}

extension Journal {
    /// Everything that was acquired and disposed of, the earliest first, whichever purse it lies
    /// in: a transfer changes no owner. What was lent and given
    /// back within a close was never owned; what was taken back, and what took it back, cancel out.
    package func inventoryMovements() throws(JournalError) -> [InventoryMovement] {
        try database.rows(
            """
            SELECT entries.id, entries.domain, postings.asset, entries.occurred_at,
                postings.amount, postings.value, postings.cause
            FROM postings JOIN entries ON entries.id = postings.entry
            WHERE postings.account = 'inventory'
                AND postings.cause NOT IN ('flashBorrowed', 'flashRepaid', 'toppedUp', 'swept')
                AND entries.kind <> 'reversal'
                AND NOT EXISTS (SELECT 1 FROM entries AS later WHERE later.reverses = entries.id)
            ORDER BY entries.occurred_at, entries.id, postings.line
            """
        ) { (row) throws(JournalError) in
            guard let domain = DomainID(checking: row.text(1)),
                let asset = AssetID(checking: row.text(2)),
                let cause = MovementCause(rawValue: row.text(6))
            else {
                throw .malformedRow(table: "postings", detail: "\(row.text(1)) \(row.text(2))")
            }
            return InventoryMovement(
                entry: row.integer(0), domain: domain, asset: asset,
                occurredAt: Instant(nanoseconds: row.integer(3)), cause: cause,
                amount: try amount(row.blob(4)), valueUnits: try amount(row.blob(5)))
        }
    }
}
