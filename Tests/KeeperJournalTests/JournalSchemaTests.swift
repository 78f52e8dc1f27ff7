import CSQLite
import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// What the file itself refuses, whatever the code above it does.
@Suite struct JournalSchemaTests {
    let directory: TemporaryDirectory
    let database: Database

    init() throws {
        directory = try TemporaryDirectory()
        do {
            let journal = try Journal(path: directory.journalPath)
            try journal.recordIntent(
                Sample.intent("c-1"), attempt: Sample.attempt(1, [1]),
                at: Sample.second)
            _ = try journal.recordEnding(
                .won(Sample.receipt("c-1", settlements: [Sample.settlement(7)])),
                of: ClientID("c-1"), at: Sample.second)
            try journal.recordIntent(
                Sample.intent("c-2"), attempt: Sample.attempt(1, [1]),
                at: Sample.second)
            try journal.recordAnswer(.notFound, to: ClientID("c-2"), at: Sample.second)
        }
        database = try Database(path: directory.journalPath, schema: JournalSchema.schema)
    }

    @Test(
        arguments: [
            // History does not change.
            "UPDATE postings SET amount = zeroblob(32)", "DELETE FROM postings",
            "UPDATE entries SET booked_at = 0", "DELETE FROM entries", "DELETE FROM seals",
            "UPDATE settlements SET keeper = 'x'", "DELETE FROM settlements",
            "UPDATE attempts SET bytes = x'00'", "DELETE FROM attempts", "DELETE FROM intents",
            "DELETE FROM answers", "UPDATE answers SET answered_at = 0",
            "UPDATE intents SET label = 'x' WHERE client_id = 'c-1'",
            "UPDATE intents SET account = 'x' WHERE client_id = 'c-2'",
            "UPDATE intents SET state = 'won' WHERE client_id = 'c-2'",
            // A second booking, attempt or open intent.
            """
            INSERT INTO entries (domain, kind, external_id, client_id, content, occurred_at,
                booked_at)
            SELECT domain, kind, external_id, 'c-2', content, 0, 0 FROM entries
            """,
            "INSERT INTO attempts SELECT * FROM attempts",
            """
            INSERT INTO attempts VALUES ('c-1', 2, 'api', '{}', x'', zeroblob(32), 0)
            """,
            """
            INSERT INTO intents (client_id, domain, market, account, strategy, intent, created_at)
            SELECT 'c-3', domain, market, account, strategy, intent, 0 FROM intents
            WHERE client_id = 'c-2'
            """,
            // Wrong types and lengths.
            "INSERT INTO postings VALUES (1, 99, 'closes', 'USD', 'repaid', x'01', zeroblob(32))",
            "INSERT INTO attempts VALUES ('c-2', 'two', 'api', '{}', x'', zeroblob(32), 0)",
            "INSERT INTO answers (client_id, answer, answered_at) VALUES ('c-2', '{', 0)",
            "INSERT INTO answers (client_id, answer, answered_at) VALUES ('c-9', '{}', 0)",
            // A line more in a finished entry.
            """
            INSERT INTO postings VALUES (1, 99, 'closes', 'USD', 'repaid', zeroblob(32),
                zeroblob(32))
            """,
        ])
    func `the file refuses`(sql: String) throws {
        let error = try #require(throws: JournalError.self) { try database.execute(sql) }
        guard case .failed(let code, _, sql) = error, code & 0xFF == SQLITE_CONSTRAINT else {
            Issue.record("refused, but by no constraint: \(error)")
            return
        }
    }

    private func insertEntry(_ amounts: [(asset: String, amount: Int256, value: Int256)])
        throws(JournalError)
    {
        try database.execute(
            """
            INSERT INTO entries (id, domain, kind, external_id, content, occurred_at, booked_at)
            VALUES (50, 'venue', 'transfer', 't', '{}', 0, 0)
            """)
        for (line, row) in amounts.enumerated() {
            try database.execute(
                "INSERT INTO postings VALUES (50, ?, 'inventory', ?, 'deposit', ?, ?)",
                [
                    .integer(Int64(line)), .text(row.asset), .blob(row.amount.bigEndianBytes),
                    .blob(row.value.bigEndianBytes),
                ])
        }
    }

    @Test(
        arguments: [
            [("USD", 1, 1), ("USD", -1, -1)], [("USD", 1, 0), ("USD", -1, 0), ("ETH", 0, 0)],
        ] as [[(String, Int256, Int256)]])
    func `an entry that balances is taken`(rows: [(String, Int256, Int256)]) throws {
        try database.transaction { () throws(JournalError) in
            try insertEntry(rows.map { (asset: $0.0, amount: $0.1, value: $0.2) })
            try database.execute("INSERT INTO seals VALUES (50)")
        }
    }

    @Test(
        arguments: [
            [("USD", 1, 0)], [("USD", 1, 0), ("ETH", -1, 0)], [("USD", 1, 2), ("USD", -1, -1)],
        ] as [[(String, Int256, Int256)]])
    func `an entry that does not balance gets no seal`(rows: [(String, Int256, Int256)]) throws {
        let error = try #require(throws: JournalError.self) {
            try database.transaction { () throws(JournalError) in
                try insertEntry(rows.map { (asset: $0.0, amount: $0.1, value: $0.2) })
                try database.execute("INSERT INTO seals VALUES (50)")
            }
        }
        guard case .failed(_, "the postings of an entry sum to zero", _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `an entry without a seal cannot be committed`() throws {
        let error = try #require(throws: JournalError.self) {
            try database.transaction { () throws(JournalError) in
                try insertEntry([("USD", 1, 1), ("USD", -1, -1)])
            }
        }
        guard case .failed(_, _, "COMMIT") = error else {
            Issue.record("\(error)")
            return
        }
        // The connection goes on: the failed transaction is gone altogether.
        let count = try database.rows("SELECT count(*) FROM entries") { $0.integer(0) }
        #expect(count == [1])
    }

    @Test func `code refuses what does not balance before the file has to`() throws {
        func posting(_ asset: String, _ amount: Int256, _ value: Int256) -> Posting {
            Posting(
                account: .inventory, asset: AssetID(asset), cause: .deposit, amount: amount,
                valueUnits: value)
        }
        try requireBalance([posting("USD", 1, 5), posting("USD", -1, -5)])
        #expect(throws: JournalError.unbalanced(asset: AssetID("ETH"))) {
            try requireBalance([posting("USD", 0, 0), posting("ETH", 1, 0)])
        }
        #expect(throws: JournalError.unbalanced(asset: nil)) {
            try requireBalance([posting("USD", 1, 1), posting("USD", -1, 0)])
        }
        #expect(throws: JournalError.overflow) {
            try requireBalance([posting("USD", .max, 0), posting("USD", 1, 0)])
        }
    }
}
