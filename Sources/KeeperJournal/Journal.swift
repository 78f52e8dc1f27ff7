import KeeperCodec

/// The only authority for money: what was intended, what was sent, how it ended, what moved.
///
/// A method that returns has made its rows durable, in the sense that the journal was opened with;
/// a method that throws has written nothing. The file is locked from open to close, so there is one
/// keeper per journal. Not Sendable: it belongs to the thread that opened it.
package final class Journal {
    let database: Database

    /// Opens or creates `journal.sqlite`. `disk` names a registered file system of SQLite's other
    /// than its usual one.
    package init(
        path: String, durability: Durability = .power, disk: String? = nil
    ) throws(JournalError) {
        database = try Database(
            path: path, schema: JournalSchema.schema, durability: durability, disk: disk)
    }

    /// Told before every commit: where a drill ends the process.
    package var willCommit: (() -> Void)? {
        get { database.willCommit }
        set { database.willCommit = newValue }
    }

    // MARK: Small state that must survive

    /// A value under a name, such as the last settlement seen or the state of a breaker.
    package func metaValue(_ key: String) throws(JournalError) -> String? {
        try database.rows(
            "SELECT value FROM meta WHERE key = ?", [.text(key)]
        ) { (row) throws(JournalError) in row.text(0) }.first
    }

    package func setMetaValue(_ key: String, _ value: String?) throws(JournalError) {
        guard let value else {
            try database.execute("DELETE FROM meta WHERE key = ?", [.text(key)])
            return
        }
        try database.execute(
            """
            INSERT INTO meta (key, value) VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """, [.text(key), .text(value)])
    }

    /// The value in a column that holds a JSON form of ours.
    func stored<Value: JSONForm>(
        _ text: String, in table: String, as type: Value.Type = Value.self
    ) throws(JournalError) -> Value {
        do {
            return try Value(jsonBytes: Array(text.utf8))
        } catch {
            throw .malformedRow(table: table, detail: error.description)
        }
    }
}

extension JSONForm {
    /// The text of the value's JSON form.
    var jsonText: String { String(decoding: jsonBytes, as: UTF8.self) }
}
