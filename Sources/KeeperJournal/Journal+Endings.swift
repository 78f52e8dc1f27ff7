import KeeperCodec
package import KeeperModel
import WideMath

/// What became of something that was to be booked.
package enum Booking: Hashable, Sendable {
    case booked
    /// The same content under the same name was booked before: nothing was written.
    case alreadyBooked
    /// The ending moved nothing.
    case nothingToBook
}

extension Journal {
    /// Writes how an intent ended and books its fill, in one commit.
    ///
    /// Saying the same again changes nothing. An ending that contradicts the one on record, or a
    /// fill that came before with another content, is an error: somebody has to look.
    package func recordEnding(
        _ ending: IntentEnding, of clientID: ClientID, at now: Instant
    ) throws(JournalError) -> Booking {
        try database.transaction { () throws(JournalError) in
            let intent = try intentRow(clientID)
            if let label = intent.label {
                guard intent.ending == ending.jsonText else {
                    throw .endedOtherwise(clientID, label: label)
                }
                return ending.receipt == nil ? .nothingToBook : .alreadyBooked
            }
            try database.execute(
                """
                UPDATE intents SET state = ?, label = ?, ending = ?, ended_at = ?
                WHERE client_id = ?
                """,
                [
                    .text(ending.state), .text(ending.label), .text(ending.jsonText),
                    .integer(now.nanoseconds), .text(clientID.text),
                ])
            guard let receipt = ending.receipt else { return .nothingToBook }
            return try book(receipt, of: clientID, intent, at: now)
        }
    }

    /// Books a fill whose intent stays open, because what a chain included is not final yet.
    package func recordFill(
        _ receipt: CloseReceipt, of clientID: ClientID, at now: Instant
    ) throws(JournalError) -> Booking {
        try database.transaction { () throws(JournalError) in
            try requireOpen(clientID)
            return try book(receipt, of: clientID, intentRow(clientID), at: now)
        }
    }

    /// Takes back the fill that stands on the books for an intent. False where none does.
    package func recordReversal(
        of clientID: ClientID, at now: Instant
    ) throws(JournalError) -> Bool {
        try database.transaction { () throws(JournalError) in
            try requireOpen(clientID)
            guard let standing = try standingFill(of: clientID) else { return false }
            let domain = try intentRow(clientID).domain
            let entry = try LedgerEntry(standing.receipt, domain: domain, standing.kind).reversed()
            try write(entry, clientID: clientID, reverses: standing.entry, at: now)
            return true
        }
    }

    /// What is on the books for an intent and was not taken back.
    func bookedReceipt(of clientID: ClientID) throws(JournalError) -> CloseReceipt? {
        try standingFill(of: clientID)?.receipt
    }

    private func standingFill(
        of clientID: ClientID
    ) throws(JournalError) -> (entry: Int64, receipt: CloseReceipt, kind: LedgerEntry.Kind)? {
        try database.rows(
            """
            SELECT id, content, kind FROM entries AS fill
            WHERE id IN (
                    SELECT id FROM entries WHERE client_id = ?1 AND kind = 'close'
                    UNION ALL SELECT entry FROM transfers WHERE client_id = ?1)
                AND NOT EXISTS (SELECT 1 FROM entries WHERE reverses = fill.id)
            """, [.text(clientID.text)]
        ) { (row) throws(JournalError) in
            let receipt: CloseReceipt = try stored(row.text(1), in: "entries")
            let kind: LedgerEntry.Kind = row.text(2) == "transfer" ? .transfer : .close
            return (entry: row.integer(0), receipt: receipt, kind: kind)
        }.first
    }

    /// Books what moved without a close: opening balances, deposits, withdrawals, corrections.
    package func record(_ entry: LedgerEntry, at now: Instant) throws(JournalError) -> Booking {
        precondition(entry.kind != .close, "a close is booked with the ending of its intent")
        return try database.transaction { () throws(JournalError) in
            try book(entry, at: now)
        }
    }

    // MARK: Within a transaction

    private func book(
        _ receipt: CloseReceipt, of clientID: ClientID, _ intent: IntentRow, at now: Instant
    ) throws(JournalError) -> Booking {
        guard receipt.clientID == clientID else { throw .contentChanged(id: receipt.fillID) }
        if let standing = try standingFill(of: clientID) {
            guard standing.receipt == receipt else { throw .contentChanged(id: receipt.fillID) }
            return .alreadyBooked
        }
        let entry = LedgerEntry(
            receipt, domain: intent.domain, intent.isTransfer ? .transfer : .close)
        guard try standingContent(of: entry) == nil else {
            throw .contentChanged(id: receipt.fillID)
        }
        let row = try write(
            entry, content: receipt.jsonText, clientID: intent.isTransfer ? nil : clientID, at: now)
        guard intent.isTransfer else { return .booked }
        try database.execute(
            "INSERT INTO transfers (entry, client_id) VALUES (?, ?)",
            [.integer(row), .text(clientID.text)])
        return .booked
    }

    private func book(_ entry: LedgerEntry, at now: Instant) throws(JournalError) -> Booking {
        if let earlier = try standingContent(of: entry) {
            guard earlier == entry.contentText else {
                throw .contentChanged(id: entry.externalID)
            }
            return .alreadyBooked
        }
        try write(entry, clientID: nil, at: now)
        return .booked
    }

    /// What was booked under the entry's name and was not taken back.
    private func standingContent(of entry: LedgerEntry) throws(JournalError) -> String? {
        try database.rows(
            """
            SELECT content FROM entries AS booked
            WHERE domain = ? AND kind = ? AND external_id = ?
                AND NOT EXISTS (SELECT 1 FROM entries WHERE reverses = booked.id)
            """,
            [.text(entry.domain.text), .text(entry.kind.rawValue), .text(entry.externalID)]
        ) { (row) throws(JournalError) in row.text(0) }.first
    }

    /// The number of the entry that was written.
    @discardableResult
    private func write(
        _ entry: LedgerEntry, content: String? = nil, clientID: ClientID?,
        reverses: Int64? = nil, at now: Instant
    ) throws(JournalError) -> Int64 {
        let postings = try entry.postings()
        try requireBalance(postings)
        try insert(
            entry, content: content ?? entry.contentText, clientID: clientID, reverses: reverses,
            at: now)
        let row = database.lastInsertedRow
        for (line, posting) in postings.enumerated() { try insert(posting, line: line, of: row) }
        for settlement in entry.settlements { try insert(settlement, of: row, entry.domain) }
        try database.execute("INSERT INTO seals (entry) VALUES (?)", [.integer(row)])
        return row
    }

    private func insert(
        _ entry: LedgerEntry, content: String, clientID: ClientID?, reverses: Int64?,
        at now: Instant
    ) throws(JournalError) {
        // What became known after its month was closed belongs to the month that is open; the
        // content keeps the true time.
        let occurredAt = max(entry.occurredAt, try closedUntil() ?? entry.occurredAt)
        try database.execute(
            """
            INSERT INTO entries
                (domain, kind, external_id, client_id, reverses, content, occurred_at, booked_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(entry.domain.text), .text(entry.kind.rawValue), .text(entry.externalID),
                clientID.map { .text($0.text) } ?? .null, reverses.map { .integer($0) } ?? .null,
                .text(content),
                .integer(occurredAt.nanoseconds), .integer(now.nanoseconds),
            ])
    }

    private func insert(_ posting: Posting, line: Int, of entry: Int64) throws(JournalError) {
        try database.execute(
            """
            INSERT INTO postings (entry, line, account, asset, cause, amount, value)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(entry), .integer(Int64(line)), .text(posting.account.rawValue),
                .text(posting.asset.text), .text(posting.cause.rawValue),
                .blob(posting.amount.bigEndianBytes), .blob(posting.valueUnits.bigEndianBytes),
            ])
    }

    /// A venue that names one settlement in two fills does not stop the booking of the second;
    /// reconciliation shows it.
    private func insert(
        _ settlement: SettlementRecord, of entry: Int64, _ domain: DomainID
    ) throws(JournalError) {
        let units = try settlement.keeperUnits()
        try database.execute(
            """
            INSERT INTO settlements
                (domain, id, revision, entry, keeper, keeper_units, sha256)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            [
                .text(domain.text), .text(String(settlement.id)),
                .text(String(settlement.revision)), .integer(entry), .text(settlement.keeper),
                .blob(units.bigEndianBytes), .blob(SHA256.hash(settlement.jsonBytes)),
            ])
    }

    private func intentRow(
        _ clientID: ClientID
    ) throws(JournalError) -> IntentRow {
        let row = try database.rows(
            "SELECT domain, label, ending, market FROM intents WHERE client_id = ?",
            [.text(clientID.text)]
        ) { (row) throws(JournalError) in
            (row.text(0), row.textIfPresent(1), row.textIfPresent(2), row.text(3))
        }.first
        guard let (text, label, ending, market) = row else { throw .unknownIntent(clientID) }
        guard let domain = DomainID(checking: text) else {
            throw .malformedRow(table: "intents", detail: "the domain of \(clientID)")
        }
        return IntentRow(
            domain: domain, isTransfer: market == MarketID.treasury.text, label: label,
            ending: ending)
    }
}

private struct IntentRow {
    let domain: DomainID
    let isTransfer: Bool
    let label: String?
    let ending: String?
}

extension SettlementRecord {
    /// What the settlement gave its keeper, over all lines.
    func keeperUnits() throws(JournalError) -> Int256 {
        try exactSum(lines.filter { $0.beneficiary == "keeper" }.map(\.amountUnits))
    }
}

extension LedgerEntry {
    /// What must be equal for two bookings under one name to be the same.
    fileprivate var contentText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("occurredAt", occurredAt)
        json.member("movements", movements)
        json.member("settlements", settlements)
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}

extension IntentEnding {
    /// The intent's state in the journal; the label says more.
    fileprivate var state: String {
        switch self {
        case .won: "won"
        case .refused: "refused"
        case .voided: "voided"
        case .cancelled: "cancelled"
        case .reverted: "reverted"
        case .withdrawn: "withdrawn"
        }
    }
}
