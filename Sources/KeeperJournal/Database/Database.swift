import CSQLite

/// One connection to one SQLite file, held exclusively from `init` to the end of its life.
///
/// Every result code is checked. A code that says the interface was misused is a bug and stops the
/// program. Statements are prepared once and kept. Not Sendable: a database belongs to one thread.
package final class Database {
    let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    let path: String
    /// The disk failed under this connection: what is on it is not known any more, so nothing is
    /// read, written or tidied up through it. The next start reads what is really there.
    private(set) var isBroken = false
    var willCommit: (() -> Void)?

    /// Opens or creates the file, takes its lock and brings its schema up to date. `disk` names a
    /// registered file system of SQLite's other than its usual one.
    package init(
        path: String, schema: Schema, durability: Durability = .process, disk: String? = nil
    ) throws(JournalError) {
        var opened: OpaquePointer?
        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, disk)
        guard let opened else {
            throw .failed(code: code, message: "out of memory", sql: "open \(path)")
        }
        handle = opened
        self.path = path
        guard code == SQLITE_OK else { throw failure(code, sql: "open \(path)") }
        try prepareConnection()
        try identify(schema)
        let mode = try rows("PRAGMA journal_mode = WAL") { (row) throws(JournalError) in
            row.text(0)
        }
        // A journal in memory is for runs that nothing depends on afterwards, such as backtests.
        guard mode == [path == ":memory:" ? "memory" : "wal"] else {
            throw .failed(code: SQLITE_IOERR, message: "no write-ahead log here", sql: path)
        }
        // A log that once grew, because somebody was reading, would keep that size for ever.
        _ = try rows("PRAGMA journal_size_limit = \(Self.logByteCountMax)") {
            (row) throws(JournalError) in row.integer(0)
        }
        try execute("PRAGMA synchronous = \(durability == .power ? "FULL" : "NORMAL")")
        try migrate(to: schema)
    }

    /// What the write-ahead log is cut back to once it is empty: as much as SQLite lets it have
    /// before it empties it.
    package static let logByteCountMax = 4 << 20

    deinit {
        // Statements hold the connection: they go first.
        statements = [:]
        if isBroken { configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) }
        let code = sqlite3_close(handle)
        precondition(code == SQLITE_OK, "SQLite refused to close: \(code)")
    }

    // MARK: Running statements

    /// Runs a statement whose rows nobody wants.
    package func execute(_ sql: String, _ values: [SQLValue] = []) throws(JournalError) {
        try forEachRow(sql, values) { (_) throws(JournalError) in }
    }

    /// Runs a statement and maps each of its rows.
    package func rows<Row>(
        _ sql: String, _ values: [SQLValue] = [],
        _ map: (SQLRow) throws(JournalError) -> Row
    ) throws(JournalError) -> [Row] {
        var rows: [Row] = []
        try forEachRow(sql, values) { (row) throws(JournalError) in rows.append(try map(row)) }
        return rows
    }

    /// Runs a statement and looks at its rows one at a time, however many there are.
    func forEachRow(
        _ sql: String, _ values: [SQLValue] = [],
        _ look: (SQLRow) throws(JournalError) -> Void
    ) throws(JournalError) {
        guard !isBroken else { throw .broken(path: path) }
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values, in: self)
        while try statement.step(in: self) { try look(SQLRow(statement)) }
    }

    /// All or nothing: commits when the body returns, rolls back when it throws.
    package func transaction<Result>(
        _ body: () throws(JournalError) -> Result
    ) throws(JournalError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do throws(JournalError) {
            let result = try body()
            willCommit?()
            try execute("COMMIT")
            return result
        } catch {
            // Some failures have rolled back already; then there is nothing left to undo.
            if !isBroken, sqlite3_get_autocommit(handle) == 0 { try execute("ROLLBACK") }
            throw error
        }
    }

    /// How many rows the last statement changed.
    var changedRowCount: Int { Int(sqlite3_changes64(handle)) }
    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    func failure(_ code: Int32, sql: String) -> JournalError {
        precondition(code & 0xFF != SQLITE_MISUSE, "SQLite was misused: \(sql)")
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: return .lockedElsewhere(path: path)
        case SQLITE_NOTADB: return .notOurs(path: path)
        case SQLITE_CORRUPT: return .damaged(path: path)
        default:
            // A write that failed was undone. A sync that failed may have thrown pages away and
            // says success the next time, so there is no next time.
            if Self.syncFailures.contains(code) { isBroken = true }
            let message = String(cString: sqlite3_errmsg(handle))
            if message == Sum256.overflowMessage { return .overflow }
            return .failed(code: code, message: message, sql: sql)
        }
    }

    private func statement(_ sql: String) throws(JournalError) -> Statement {
        if let statement = statements[sql] { return statement }
        var prepared: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = sqlite3_prepare_v3(handle, sql, -1, flags, &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw failure(code, sql: sql) }
        let statement = Statement(prepared, sql: sql)
        statements[sql] = statement
        return statement
    }

    // MARK: Opening

    private func prepareConnection() throws(JournalError) {
        let options: [(Int32, Int32)] = [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
            (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0),
            (SQLITE_DBCONFIG_ENABLE_FKEY, 1),
        ]
        for (option, value) in options { configure(option, value) }
        let code = Sum256.register(on: handle)
        guard code == SQLITE_OK else { throw failure(code, sql: "sum256") }
        // Before the first access, so that the log's index stays in memory of this process and the
        // lock is kept between transactions.
        try execute("PRAGMA locking_mode = EXCLUSIVE")
    }

    private func configure(_ option: Int32, _ value: Int32) {
        let code = csqlite_configure(handle, option, value)
        precondition(code == SQLITE_OK, "every SQLite since 3.31 knows option \(option)")
    }

    /// Refuses a file of somebody else before anything in it is changed.
    private func identify(_ schema: Schema) throws(JournalError) {
        let applicationID = try integer("PRAGMA application_id")
        let objectCount = try integer("SELECT count(*) FROM sqlite_schema")
        let version = try integer("PRAGMA user_version")
        let isEmpty = applicationID == 0 && objectCount == 0 && version == 0
        guard isEmpty || applicationID == Int64(schema.applicationID) else {
            throw .notOurs(path: path)
        }
        guard version <= schema.version else {
            throw .newerSchema(found: version, known: schema.version)
        }
    }

    /// All steps from the file's version to ours in one transaction: a crash between two leaves the
    /// file as it was.
    private func migrate(to schema: Schema) throws(JournalError) {
        let version = try schemaVersion()
        guard version < schema.version else { return }
        try transaction { () throws(JournalError) in
            try dropTriggers()
            for migration in schema.migrations.dropFirst(Int(version)) {
                for statement in migration { try execute(statement) }
            }
            try makeInvariants(of: schema)
            try execute("PRAGMA application_id = \(schema.applicationID)")
            try execute("PRAGMA user_version = \(schema.version)")
        }
        // Statements of a migration are never run again.
        statements = [:]
    }

    /// Within a transaction; for a file whose rows were written without them.
    func makeInvariants(of schema: Schema) throws(JournalError) {
        for invariant in schema.invariants { try execute(invariant) }
    }

    private func dropTriggers() throws(JournalError) {
        let names = try rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
            (row) throws(JournalError) in row.text(0)
        }
        for name in names { try execute("DROP TRIGGER \(name)") }
    }

    func schemaVersion() throws(JournalError) -> Int64 { try integer("PRAGMA user_version") }

    private static let syncFailures: Set<Int32> = [
        csqlite_io_error_sync(), csqlite_io_error_directory_sync(),
    ]

    private func integer(_ sql: String) throws(JournalError) -> Int64 {
        try rows(sql) { (row) throws(JournalError) in row.integer(0) }.first ?? 0
    }
}
