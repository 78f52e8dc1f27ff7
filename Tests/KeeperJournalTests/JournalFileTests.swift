import CSQLite
import Foundation
import KeeperJournal
import KeeperModel
import Testing

@Suite struct JournalFileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func withRawConnection(_ sql: String) throws {
        var handle: OpaquePointer?
        #expect(sqlite3_open(directory.journalPath, &handle) == SQLITE_OK)
        #expect(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
        #expect(sqlite3_close(handle) == SQLITE_OK)
    }

    @Test func `a journal has one keeper`() throws {
        let path = directory.journalPath
        do {
            let first = try Journal(path: path)
            for _ in 0..<2 {
                #expect(throws: JournalError.lockedElsewhere(path: path)) {
                    try Journal(path: path)
                }
            }
            // The refusals did not disturb the one who has it.
            try first.setMetaValue("still", "here")
        }
        #expect(try Journal(path: path).metaValue("still") == "here")
    }

    @Test func `an empty journal is locked as well`() throws {
        let first = try Journal(path: directory.journalPath)
        #expect(throws: JournalError.self) { try Journal(path: directory.journalPath) }
        #expect(try first.openIntents() == [])
    }

    @Test func `another program's database is left alone`() throws {
        try withRawConnection("CREATE TABLE theirs (a); PRAGMA user_version = 1")
        #expect(throws: JournalError.notOurs(path: directory.journalPath)) {
            try Journal(path: directory.journalPath)
        }
        #expect(throws: JournalError.notOurs(path: directory.journalPath)) {
            try DecisionLog(path: directory.journalPath)
        }
        try withRawConnection("DROP TABLE theirs")
    }

    @Test func `what is no database is left alone`() throws {
        let text = String(repeating: "not a database ", count: 500)
        try text.write(toFile: directory.journalPath, atomically: true, encoding: .utf8)
        #expect(throws: JournalError.notOurs(path: directory.journalPath)) {
            try Journal(path: directory.journalPath)
        }
        #expect(try String(contentsOfFile: directory.journalPath, encoding: .utf8) == text)
    }

    @Test func `a journal of a newer version is left alone`() throws {
        do { _ = try Journal(path: directory.journalPath) }
        try withRawConnection("PRAGMA user_version = 7")
        #expect(throws: JournalError.newerSchema(found: 7, known: Journal.schemaVersion)) {
            try Journal(path: directory.journalPath)
        }
    }

    @Test func `a journal in memory works like one on disk`() throws {
        let journal = try Journal(path: ":memory:")
        try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
        #expect(try journal.openIntents().count == 1)
        #expect(try Journal(path: ":memory:").openIntents() == [])
    }

    @Test func `a directory that is not there is an error`() {
        #expect(throws: JournalError.self) {
            try Journal(path: directory.path + "/none/journal.sqlite")
        }
    }

    @Test func `attempt bytes that changed on disk are noticed`() throws {
        do {
            let journal = try Journal(path: directory.journalPath)
            try journal.recordIntent(
                Sample.intent("c-1"), attempt: Sample.attempt(1, [1]),
                at: Sample.second)
        }
        try withRawConnection(
            "DROP TRIGGER attempts_are_never_changed; UPDATE attempts SET bytes = x'02'")
        let journal = try Journal(path: directory.journalPath)
        #expect(throws: JournalError.self) { try journal.attempts(of: ClientID("c-1")) }
    }

    @Test func `damage is found`() throws {
        do {
            let journal = try Journal(path: directory.journalPath)
            try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
            _ = try journal.recordEnding(
                .won(Sample.receipt("c-1")), of: ClientID("c-1"), at: Sample.second)
            #expect(try journal.findDamage() == [])
        }
        try withRawConnection(
            """
            DROP TRIGGER postings_are_never_changed; PRAGMA ignore_check_constraints = 1;
            UPDATE postings SET amount = zeroblob(32) WHERE line = 0
            """)
        let damage = try Journal(path: directory.journalPath).findDamage()
        #expect(
            damage == [
                "the schema: trigger postings_are_never_changed is missing",
                "entry 1 does not balance",
            ])
    }
}
