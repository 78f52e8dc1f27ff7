import KeeperCodec

/// The only authority for money: what was intended, what was sent, how it ended, what moved.
///
/// A method that returns has made its rows durable; a method that throws has written nothing. The
/// file is locked from open to close, so there is one keeper per journal. Not Sendable: it belongs
/// to the thread that opened it.
package final class Journal {
    let database: Database

    /// Opens or creates `journal.sqlite`.
    package init(path: String) throws(JournalError) {
        database = try Database(path: path, schema: JournalSchema.schema)
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

    // MARK: Health of the file

    /// What is wrong with the file, one sentence each; nothing when it is sound. Reads everything.
    package func findDamage() throws(JournalError) -> [String] {
        let text = { (row: SQLRow) throws(JournalError) in row.text(0) }
        var damage = try database.rows("PRAGMA integrity_check", [], text).filter { $0 != "ok" }
        let orphans = try database.rows("PRAGMA foreign_key_check", [], text)
        damage += orphans.map { "a row of \($0) refers to nothing" }
        let unbalanced = try database.rows(
            """
            SELECT DISTINCT entry FROM postings GROUP BY entry, asset
            HAVING sum256(amount) <> zeroblob(32)
            """
        ) { (row) throws(JournalError) in row.integer(0) }
        damage += unbalanced.map { "entry \($0) does not balance" }
        return damage
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
