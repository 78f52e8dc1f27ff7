import KeeperCodec

extension Journal {
    /// What is wrong with the file, one sentence each; nothing when it is sound. Reads everything.
    ///
    /// SQLite judges the pages; the rest is what the schema keeps from being written and a hand
    /// with another tool could still have done.
    package func findDamage() throws(JournalError) -> [String] {
        var damage = try findDamagedPages()
        damage += try findForeignShapes()
        damage += try findUnbalancedEntries()
        damage += try findDoubleBookings()
        damage += try findChangedBytes()
        damage += try findBrokenPeriods()
        return damage
    }

    private func findDamagedPages() throws(JournalError) -> [String] {
        let pages = try sentences("PRAGMA integrity_check") { $0 }.filter { $0 != "ok" }
        let orphans = try sentences("PRAGMA foreign_key_check") {
            "a row of \($0) refers to nothing"
        }
        return pages + orphans
    }

    /// Tables, indexes and triggers as a new file has them: none missing, none changed, none more.
    private func findForeignShapes() throws(JournalError) -> [String] {
        let ours = try Database(path: ":memory:", schema: JournalSchema.schema).shapes()
        let found = try database.shapes()
        var damage: [String] = []
        for name in Set(ours.keys).union(found.keys).sorted() where ours[name] != found[name] {
            let what =
                found[name] == nil ? "is missing" : ours[name] == nil ? "is not ours" : "is changed"
            damage.append("the schema: \(name) \(what)")
        }
        return damage
    }

    private func findUnbalancedEntries() throws(JournalError) -> [String] {
        try sentences(
            """
            SELECT DISTINCT entry FROM postings GROUP BY entry, asset
            HAVING sum256(amount) <> zeroblob(32)
            UNION
            SELECT entry FROM postings GROUP BY entry HAVING sum256(value) <> zeroblob(32)
            """
        ) { "entry \($0) does not balance" }
    }

    private func findDoubleBookings() throws(JournalError) -> [String] {
        try sentences(
            """
            SELECT external_id FROM entries AS booked
            WHERE kind <> 'reversal'
                AND NOT EXISTS (SELECT 1 FROM entries WHERE reverses = booked.id)
            GROUP BY domain, kind, external_id HAVING count(*) > 1
            """
        ) { "\($0) is booked more than once" }
            + sentences(
                """
                SELECT client_id FROM entries AS booked
                WHERE kind = 'close'
                    AND NOT EXISTS (SELECT 1 FROM entries WHERE reverses = booked.id)
                GROUP BY client_id HAVING count(*) > 1
                """
            ) { "the intent \($0) is booked more than once" }
            + sentences(
                """
                SELECT client_id FROM transfers AS booked
                WHERE NOT EXISTS (SELECT 1 FROM entries WHERE reverses = booked.entry)
                GROUP BY client_id HAVING count(*) > 1
                """
            ) { "the transfer \($0) is booked more than once" }
    }

    private func findChangedBytes() throws(JournalError) -> [String] {
        try database.rows(
            "SELECT client_id, number, bytes, sha256 FROM attempts ORDER BY client_id, number"
        ) { (row) throws(JournalError) in
            SHA256.hash(row.blob(2)) == row.blob(3)
                ? nil : "the bytes of attempt \(row.integer(1)) of \(row.text(0)) are changed"
        }.compactMap { $0 }
    }

    /// One sentence for the first column of each row.
    private func sentences(
        _ sql: String, _ say: (String) -> String
    ) throws(JournalError) -> [String] {
        try database.rows(sql) { (row) throws(JournalError) in
            switch row.value(0) {
            case .text(let text): say(text)
            case .integer(let number): say("\(number)")
            case .null, .blob: say("?")
            }
        }
    }
}

extension Database {
    /// What the file is made of: kind and name of each object, and the text that made it.
    fileprivate func shapes() throws(JournalError) -> [String: String] {
        let shapes = try rows(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        ) { (row) throws(JournalError) in ("\(row.text(0)) \(row.text(1))", row.text(2)) }
        return Dictionary(shapes) { first, _ in first }
    }
}
