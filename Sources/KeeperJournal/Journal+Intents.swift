import KeeperCodec
package import KeeperModel

/// Bytes that may be sent for an intent. They are durable before they leave.
package struct Attempt: Hashable, Sendable {
    package let terms: AttemptTerms
    package let bytes: [UInt8]

    package init(terms: AttemptTerms, bytes: [UInt8]) {
        self.terms = terms
        self.bytes = bytes
    }
}

extension Journal {
    /// Makes an intent durable, with its first attempt in the same commit where there is one.
    package func recordIntent(
        _ intent: CloseIntent, attempt: Attempt? = nil, at now: Instant
    ) throws(JournalError) {
        let plan = intent.plan
        let target = plan.target
        try database.transaction { () throws(JournalError) in
            guard try state(of: plan.clientID) == nil else { throw .clientIDUsed(plan.clientID) }
            guard try openIntent(for: target) == nil else { throw .targetBusy(target) }
            try database.execute(
                """
                INSERT INTO intents
                    (client_id, domain, market, account, strategy, intent, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(plan.clientID.text), .text(target.domain.text),
                    .text(target.market.text), .text(target.account.text),
                    .text(intent.strategy.text), .text(intent.jsonText),
                    .integer(now.nanoseconds),
                ])
            if let attempt { try insert(attempt, of: plan.clientID, at: now) }
        }
    }

    /// Makes one more attempt durable: a raised bid, another lane.
    package func recordAttempt(
        _ attempt: Attempt, of clientID: ClientID, at now: Instant
    ) throws(JournalError) {
        try database.transaction { () throws(JournalError) in
            try requireOpen(clientID)
            try insert(attempt, of: clientID, at: now)
        }
    }

    /// Keeps what the venue, or its silence, said. Answers change no state by themselves.
    package func recordAnswer(
        _ answer: CloseAnswer, to clientID: ClientID, at now: Instant
    ) throws(JournalError) {
        try database.transaction { () throws(JournalError) in
            guard try state(of: clientID) != nil else { throw .unknownIntent(clientID) }
            try database.execute(
                "INSERT INTO answers (client_id, answer, answered_at) VALUES (?, ?, ?)",
                [.text(clientID.text), .text(answer.jsonText), .integer(now.nanoseconds)])
        }
    }

    /// Every intent without an ending, oldest first: what recovery starts from. Bytes may have
    /// left for each of its attempts, because attempts are durable before they leave.
    package func openIntents() throws(JournalError) -> [RecoveredIntent] {
        let open: [CloseIntent] = try database.rows(
            "SELECT intent FROM intents WHERE state = 'open' ORDER BY created_at, client_id"
        ) { (row) throws(JournalError) in try stored(row.text(0), in: "intents") }
        var recovered: [RecoveredIntent] = []
        for intent in open {
            let clientID = intent.plan.clientID
            recovered.append(
                RecoveredIntent(
                    intent: intent, attempts: try attempts(of: clientID).map(\.terms),
                    booked: try bookedReceipt(of: clientID)))
        }
        return recovered
    }

    /// Every intent that ended since then, in the order of their endings.
    package func endings(since instant: Instant) throws(JournalError) -> PastDay {
        PastDay(
            endings: try database.rows(
                """
                SELECT ending, created_at, ended_at, domain, market, account FROM intents
                WHERE ended_at > ? ORDER BY ended_at, client_id
                """, [.integer(instant.nanoseconds)]
            ) { (row) throws(JournalError) in
                let ending: IntentEnding = try stored(row.text(0), in: "intents")
                guard let domain = DomainID(checking: row.text(3)),
                    let market = MarketID(checking: row.text(4)),
                    let account = AccountID(checking: row.text(5))
                else { throw .malformedRow(table: "intents", detail: "a target") }
                return PastDay.Ending(
                    ending, of: Target(domain: domain, market: market, account: account),
                    approvedAt: Instant(nanoseconds: row.integer(1)),
                    endedAt: Instant(nanoseconds: row.integer(2)))
            })
    }

    /// What each version of a strategy has won, in the order of their names.
    package func strategyRecords() throws(JournalError) -> [StrategyRecord] {
        try database.rows(
            """
            SELECT strategy,
                coalesce(CAST(json_extract(intent, '$.strategyVersion') AS TEXT), '0') AS version,
                count(*)
            FROM intents WHERE state = 'won' GROUP BY strategy, version ORDER BY strategy, version
            """
        ) { (row) throws(JournalError) in
            guard let name = StrategyName(checking: row.text(0)),
                let version = UInt64(row.text(1))
            else {
                throw .malformedRow(table: "intents", detail: "strategy \(row.text(0))")
            }
            return StrategyRecord(
                run: StrategyRun(name, version: version), wonCount: UInt64(row.integer(2)))
        }
    }

    /// All attempts of an intent, in their order: the only bytes that may be sent again for it.
    package func attempts(of clientID: ClientID) throws(JournalError) -> [Attempt] {
        try database.rows(
            """
            SELECT terms, bytes, sha256 FROM attempts WHERE client_id = ? ORDER BY number
            """, [.text(clientID.text)]
        ) { (row) throws(JournalError) in
            let bytes = row.blob(1)
            guard SHA256.hash(bytes) == row.blob(2) else {
                throw .malformedRow(table: "attempts", detail: "bytes of \(clientID) changed")
            }
            return Attempt(terms: try stored(row.text(0), in: "attempts"), bytes: bytes)
        }
    }

    package func answers(to clientID: ClientID) throws(JournalError) -> [CloseAnswer] {
        try database.rows(
            "SELECT answer FROM answers WHERE client_id = ? ORDER BY id", [.text(clientID.text)]
        ) { (row) throws(JournalError) in try stored(row.text(0), in: "answers") }
    }

    // MARK: Within a transaction

    func state(of clientID: ClientID) throws(JournalError) -> String? {
        try database.rows(
            "SELECT state FROM intents WHERE client_id = ?", [.text(clientID.text)]
        ) { (row) throws(JournalError) in row.text(0) }.first
    }

    func requireOpen(_ clientID: ClientID) throws(JournalError) {
        let row = try database.rows(
            "SELECT label FROM intents WHERE client_id = ?", [.text(clientID.text)]
        ) { (row) throws(JournalError) in row.textIfPresent(0) }.first
        guard let row else { throw .unknownIntent(clientID) }
        if let label = row { throw .endedOtherwise(clientID, label: label) }
    }

    private func openIntent(for target: Target) throws(JournalError) -> String? {
        try database.rows(
            """
            SELECT client_id FROM intents
            WHERE domain = ? AND market = ? AND account = ? AND state = 'open'
            """,
            [.text(target.domain.text), .text(target.market.text), .text(target.account.text)]
        ) { (row) throws(JournalError) in row.text(0) }.first
    }

    private func insert(
        _ attempt: Attempt, of clientID: ClientID, at now: Instant
    ) throws(JournalError) {
        try database.execute(
            """
            INSERT INTO attempts (client_id, number, lane, terms, bytes, sha256, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(clientID.text), .integer(Int64(attempt.terms.number)),
                .text(attempt.terms.lane.name.text), .text(attempt.terms.jsonText),
                .blob(attempt.bytes), .blob(SHA256.hash(attempt.bytes)),
                .integer(now.nanoseconds),
            ])
    }
}
