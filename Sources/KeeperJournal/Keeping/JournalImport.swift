import KeeperCodec

/// A journal made from an export, by this schema or an earlier one.
///
/// Rows go into tables as the export's schema had them, without triggers, since they come table by
/// table and not in the order of events. Then the schema is brought up to date, the triggers are
/// made, and the whole is looked through: what an import lets pass, a check lets pass.
package enum JournalImport {
    /// Makes the journal at a path where there is none. The caller takes away what is left when
    /// this throws.
    package static func make(_ path: String, from text: [UInt8]) throws(JournalError) {
        let lines = text.split(separator: UInt8(ascii: "\n"))
        guard let head = lines.first, let last = lines.last, lines.count >= 2 else {
            throw .malformedExport(line: 1, detail: "an export has a head and an end")
        }
        let version = try schemaVersion(head)
        try checkEnd(last, lines)
        try fill(path, lines[1..<(lines.count - 1)], version)
        let damage = try Journal(path: path).findDamage()
        guard damage.isEmpty else { throw .unsound(damage) }
    }

    private static func fill(
        _ path: String, _ lines: ArraySlice<ArraySlice<UInt8>>, _ version: Int64
    ) throws(JournalError) {
        let schema = JournalSchema.schema
        do {
            let database = try Database(path: path, schema: schema.tables(ofVersion: version))
            let tables = try database.tables()
            try database.transaction { () throws(JournalError) in
                // Rows may refer to rows of a later line.
                try database.execute("PRAGMA defer_foreign_keys = ON")
                for (index, line) in zip(lines.indices, lines) {
                    try insert(line, number: index + 1, into: tables, of: database)
                }
                if version == schema.version { try database.makeInvariants(of: schema) }
            }
        }
    }

    private static func insert(
        _ line: ArraySlice<UInt8>, number: Int, into tables: [TableShape], of database: Database
    ) throws(JournalError) {
        let row = try members(line, number)
        guard let name = row["table"] ?? nil, let table = tables.first(where: { $0.name == name })
        else { throw .malformedExport(line: number, detail: "no table of this schema") }
        guard row.count == table.columns.count + 1 else {
            throw .malformedExport(line: number, detail: "not the columns of \(name)")
        }
        var values: [SQLValue] = []
        for column in table.columns {
            guard let text = row[column.name], let value = ExportForm.value(text, in: column)
            else {
                throw .malformedExport(line: number, detail: "\(name) has no such \(column.name)")
            }
            values.append(value)
        }
        try database.execute(table.insertion, values)
    }

    private static func schemaVersion(_ head: ArraySlice<UInt8>) throws(JournalError) -> Int64 {
        do throws(JSONReadError) {
            var object = try read(head, number: 1).object()
            let format = try object.required("format")
            guard try format.string == ExportForm.format else {
                throw format.refused(ExportForm.format)
            }
            let version = try object.required("schema").int64
            try object.finish()
            guard version >= 1, version <= Journal.schemaVersion else {
                throw format.refused("a schema from 1 to \(Journal.schemaVersion)")
            }
            return version
        } catch {
            throw .malformedExport(line: 1, detail: error.description)
        }
    }

    /// Every byte before the last line is as it was written, and none is missing.
    private static func checkEnd(
        _ last: ArraySlice<UInt8>, _ lines: [ArraySlice<UInt8>]
    ) throws(JournalError) {
        var hash = SHA256()
        for line in lines.dropLast() { hash.update(Array(line) + [UInt8(ascii: "\n")]) }
        let end = ExportForm.end(rowCount: Int64(lines.count - 2), sha256: hash.finish())
        guard Array(last) + [UInt8(ascii: "\n")] == end else {
            throw .malformedExport(
                line: lines.count, detail: "its end does not fit what stands before it")
        }
    }

    private static func members(
        _ line: ArraySlice<UInt8>, _ number: Int
    ) throws(JournalError) -> [String: String?] {
        do throws(JSONReadError) {
            var object = try read(line, number: number).object()
            var members: [String: String?] = [:]
            for (key, value) in object.entries() {
                members[key] = .some(value.isNull ? nil : try value.freeText)
            }
            return members
        } catch {
            throw .malformedExport(line: number, detail: error.description)
        }
    }

    private static func read(
        _ line: ArraySlice<UInt8>, number: Int
    ) throws(JSONReadError) -> JSONReader {
        do {
            return JSONReader(try JSONValue.parse(Array(line)))
        } catch {
            throw JSONReader(.null).refused("one JSON object per line: \(error)")
        }
    }
}
