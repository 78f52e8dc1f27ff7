import CSQLite

/// What SQLite stores; there is no floating point here on purpose.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// One prepared statement. It is finalized exactly once, with its last reference.
final class Statement {
    private let handle: OpaquePointer
    let sql: String

    init(_ handle: OpaquePointer, sql: String) {
        self.handle = handle
        self.sql = sql
    }

    deinit {
        // The code repeats the statement's last failure, which was reported then.
        sqlite3_finalize(handle)
    }

    func bind(_ values: [SQLValue], in database: Database) throws(JournalError) {
        let count = Int(sqlite3_bind_parameter_count(handle))
        precondition(count == values.count, "a value for every place in: \(sql)")
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(handle, place)
                case .integer(let integer): sqlite3_bind_int64(handle, place, integer)
                case .text(let text):
                    csqlite_bind_text(handle, place, text, UInt64(text.utf8.count))
                case .blob(let bytes):
                    // An empty array may have no address, which would bind a null.
                    bytes.isEmpty
                        ? sqlite3_bind_zeroblob(handle, place, 0)
                        : csqlite_bind_blob(handle, place, bytes, UInt64(bytes.count))
                }
            guard code == SQLITE_OK else { throw database.failure(code, sql: sql) }
        }
    }

    /// True while there is a row to be read.
    func step(in database: Database) throws(JournalError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw database.failure(code, sql: sql)
        }
    }

    func reset() {
        // The code repeats the failure of the last step, which was thrown there.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    fileprivate func type(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }

    fileprivate func integer(_ column: Int32) -> Int64? {
        guard sqlite3_column_type(handle, column) == SQLITE_INTEGER else { return nil }
        return sqlite3_column_int64(handle, column)
    }

    fileprivate func bytes(_ column: Int32, type: Int32) -> [UInt8]? {
        guard sqlite3_column_type(handle, column) == type else { return nil }
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        guard let start, count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// The row that a statement stands on. Tables are STRICT, so a column of another type than asked
/// for is a bug in the query and stops the program; what is nullable has its own call.
package struct SQLRow {
    private let statement: Statement

    init(_ statement: Statement) {
        self.statement = statement
    }

    package func integer(_ column: Int32) -> Int64 {
        guard let integer = statement.integer(column) else { preconditionFailure(wrong(column)) }
        return integer
    }

    /// Whatever stands there; floating point, which no table of ours holds, is a bug.
    func value(_ column: Int32) -> SQLValue {
        switch statement.type(column) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_TEXT: .text(text(column))
        default: .blob(blob(column))
        }
    }

    package func integerIfPresent(_ column: Int32) -> Int64? { statement.integer(column) }

    package func text(_ column: Int32) -> String {
        guard let text = textIfPresent(column) else { preconditionFailure(wrong(column)) }
        return text
    }

    package func textIfPresent(_ column: Int32) -> String? {
        statement.bytes(column, type: SQLITE_TEXT).map { String(decoding: $0, as: UTF8.self) }
    }

    package func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = statement.bytes(column, type: SQLITE_BLOB) else {
            preconditionFailure(wrong(column))
        }
        return bytes
    }

    private func wrong(_ column: Int32) -> String {
        "column \(column) has another type: \(statement.sql)"
    }
}
