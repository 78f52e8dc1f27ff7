import KeeperCodec

extension Journal {
    /// The schema that this program writes.
    package static var schemaVersion: Int64 { JournalSchema.schema.version }

    /// Everything in the journal as lines of JSON, each handed over as it is made.
    ///
    /// For an earlier schema, tables and columns that it does not have are left out: what is in
    /// them can be made again from the rest (a closed month is closed again).
    package func export(
        asOfSchema version: Int64 = schemaVersion, _ write: ([UInt8]) -> Void
    ) throws(JournalError) {
        var hash = SHA256()
        var rowCount: Int64 = 0
        func put(_ line: [UInt8]) {
            hash.update(line)
            write(line)
        }
        put(ExportForm.head(schemaVersion: version))
        let model = try Database(
            path: ":memory:", schema: JournalSchema.schema.tables(ofVersion: version))
        for table in try model.tables() {
            try database.forEachRow(table.selection) { (row) throws(JournalError) in
                put(try ExportForm.row(table.name, table.columns, row.values(table.columns.count)))
                rowCount += 1
            }
        }
        write(ExportForm.end(rowCount: rowCount, sha256: hash.finish()))
    }
}

extension SQLRow {
    func values(_ count: Int) -> [SQLValue] { (0..<Int32(count)).map { value($0) } }
}
