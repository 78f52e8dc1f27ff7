import KeeperCodec
import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// A journal of schema 1 in the hands of today's program, and the way back.
@Suite struct JournalMigrationTests {
    let directory: TemporaryDirectory
    /// 2^200.
    static let huge: Int256 = 0x1_0000000000_0000000000_0000000000_0000000000_0000000000

    init() throws { directory = try TemporaryDirectory() }

    /// As the program of schema 1 left it: `c-1` is open with bytes that may be out there, `c-2`
    /// was won, and its entry moves 2^200.
    private func writeVersion1() throws {
        let database = try Database(
            path: directory.journalPath, schema: JournalSchemaVersion1.schema)
        try insertIntent("c-1", account: "acc-1", into: database)
        try database.execute(
            "INSERT INTO attempts VALUES ('c-1', 1, 'api', ?, x'01', ?, 2)",
            [.text(text(Sample.attempt(1, [1]).terms)), .blob(SHA256.hash([1]))])
        try database.execute(
            "INSERT INTO answers (client_id, answer, answered_at) VALUES ('c-1', ?, 3)",
            [.text(text(CloseAnswer.unknown(evidence: "timeout")))])
        try insertIntent("c-2", account: "acc-2", into: database)
        let receipt = CloseReceipt(
            clientID: ClientID("c-2"), fillID: "fill-2", height: 9, settledAt: Sample.january,
            movements: [Sample.movement("WETH", Self.huge, .seized, value: Self.huge)],
            settlements: [])
        try insertFill(receipt, into: database)
    }

    private func insertIntent(
        _ clientID: String, account: String, into database: Database
    ) throws {
        let intent = Sample.intent(clientID, target: Sample.target(account))
        try database.execute(
            """
            INSERT INTO intents (client_id, domain, market, account, strategy, intent, created_at)
            VALUES (?, 'venue', 'core', ?, 'default', ?, ?)
            """,
            [
                .text(clientID), .text(account), .text(text(intent)),
                .integer(Sample.february.nanoseconds),
            ])
    }

    private func insertFill(_ receipt: CloseReceipt, into database: Database) throws {
        try database.transaction { () throws(JournalError) in
            try database.execute(
                """
                UPDATE intents SET state = 'won', label = 'won', ending = ?, ended_at = 4
                WHERE client_id = 'c-2'
                """, [.text(text(IntentEnding.won(receipt)))])
            try database.execute(
                """
                INSERT INTO entries (id, domain, kind, external_id, client_id, content,
                    occurred_at, booked_at) VALUES (1, 'venue', 'close', 'fill-2', 'c-2', ?, ?, 4)
                """, [.text(text(receipt)), .integer(receipt.settledAt.nanoseconds)])
            for (line, amount) in [Self.huge, .zero - Self.huge].enumerated() {
                let account = line == 0 ? "inventory" : "closes"
                try database.execute(
                    "INSERT INTO postings VALUES (1, ?, ?, 'WETH', 'seized', ?, ?)",
                    [
                        .integer(Int64(line)), .text(account), .blob(amount.bigEndianBytes),
                        .blob(amount.bigEndianBytes),
                    ])
            }
            try database.execute("INSERT INTO seals VALUES (1)")
        }
    }

    private func text(_ value: some JSONForm) -> String {
        String(decoding: value.jsonBytes, as: UTF8.self)
    }

    @Test func `a journal of schema 1 comes along with an unknown intent open`() throws {
        try writeVersion1()
        let journal = try Journal(path: directory.journalPath)
        let open = try journal.openIntents()
        #expect(open.map(\.intent) == [Sample.intent("c-1")])
        #expect(open.first?.attempts == [Sample.attempt(1, [1]).terms])
        #expect(try journal.attempts(of: ClientID("c-1")).map(\.bytes) == [[1]])
        #expect(try journal.answers(to: ClientID("c-1")) == [.unknown(evidence: "timeout")])
        #expect(try journal.balances().map(\.amount) == [Self.huge])
        #expect(try journal.revenue(by: .total).map(\.earnedUnits) == [Self.huge])
        #expect(try journal.findDamage() == [])
    }

    @Test func `what was unknown before the upgrade is settled and booked after it`() throws {
        try writeVersion1()
        let journal = try Journal(path: directory.journalPath)
        let ending = IntentEnding.won(Sample.receipt("c-1"))
        #expect(
            try journal.recordEnding(ending, of: ClientID("c-1"), at: Sample.february) == .booked)
        #expect(try journal.revenue(by: .total).map(\.earnedUnits) == [Self.huge + 10])
        #expect(try journal.findDamage() == [])
    }

    @Test func `the invariants of today hold in a file of yesterday`() throws {
        try writeVersion1()
        do { _ = try Journal(path: directory.journalPath) }
        let database = try Database(path: directory.journalPath, schema: JournalSchema.schema)
        for sql in [
            "DELETE FROM postings", "UPDATE attempts SET bytes = x'00'",
            "UPDATE intents SET account = 'x' WHERE client_id = 'c-1'",
            "UPDATE intents SET label = 'x' WHERE client_id = 'c-2'",
        ] {
            #expect(throws: JournalError.self, "\(sql)") { try database.execute(sql) }
        }
    }

    @Test func `an upgrade that fails leaves the file as it was`() throws {
        try writeVersion1()
        let broken = Schema(
            applicationID: 0x4261_696C,
            migrations: JournalSchemaVersion1.migrations
                + [["CREATE TABLE half (a INTEGER) STRICT", "CREATE TABLE meta (a) STRICT"]],
            invariants: [])
        #expect(throws: JournalError.self) {
            try Database(path: directory.journalPath, schema: broken)
        }
        let journal = try Journal(path: directory.journalPath)
        #expect(try journal.findDamage() == [])
        #expect(try journal.openIntents().count == 1)
    }

    @Test func `an older program says which export leads back`() throws {
        do { _ = try Journal(path: directory.journalPath) }
        let error = try #require(throws: JournalError.self) {
            try Database(path: directory.journalPath, schema: JournalSchemaVersion1.schema)
        }
        #expect(error == .newerSchema(found: Journal.schemaVersion, known: 1))
        #expect("\(error)".contains("bailiff db export --schema 1"))
    }

    @Test func `the export that leads back has the unknown intent and every unit`() throws {
        try writeVersion1()
        var lines: [UInt8] = []
        let closed: ClosedPeriod
        do {
            let journal = try Journal(path: directory.journalPath)
            closed = try journal.closePeriod("2026-01", at: Sample.february)
            try journal.export(asOfSchema: 1) { lines += $0 }
        }
        let text = String(decoding: lines, as: UTF8.self)
        #expect(text.hasPrefix(#"{"format":"bailiff-journal","schema":1}"#))
        #expect(!text.contains(#""table":"periods""#))
        #expect(text.contains(Self.huge.description))
        let copy = directory.path + "/copy.sqlite"
        try JournalImport.make(copy, from: lines)
        let journal = try Journal(path: copy)
        #expect(try journal.openIntents().map(\.intent) == [Sample.intent("c-1")])
        #expect(try journal.balances().map(\.amount) == [Self.huge])
        // Left out is what can be made again, the same.
        #expect(try journal.closePeriod("2026-01", at: Sample.february) == closed)
    }
}
