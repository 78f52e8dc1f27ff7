import KeeperCodec
import WideMath

/// How rows look outside of SQLite: one JSON object per line, members in the order of the columns.
/// Integers stand in quotes and amounts in decimal, so that no reader makes floating point of them;
/// other bytes are hexadecimal.
enum ExportForm {
    static let format = "bailiff-journal"

    /// Columns of 32 bytes that are numbers.
    private static let amounts: Set<String> = ["amount", "value", "keeper_units"]

    static func head(schemaVersion: Int64) -> [UInt8] {
        line { json in
            json.member("format", format)
            json.member("schema", schemaVersion)
        }
    }

    /// The last line: without it something is missing.
    static func end(rowCount: Int64, sha256: [UInt8]) -> [UInt8] {
        line { json in
            json.member("rows", rowCount)
            json.member("sha256", Hex.encode(sha256))
        }
    }

    static func row(
        _ table: String, _ columns: [Column], _ values: [SQLValue]
    ) throws(JournalError) -> [UInt8] {
        var texts: [String?] = []
        for (column, value) in zip(columns, values) { texts.append(try text(value, in: column)) }
        return line { json in
            json.member("table", table)
            for (column, text) in zip(columns, texts) {
                json.key(column.name)
                if let text { json.string(text) } else { json.null() }
            }
        }
    }

    private static func text(
        _ value: SQLValue, in column: Column
    ) throws(JournalError) -> String? {
        switch value {
        case .null: return nil
        case .integer(let integer): return "\(integer)"
        case .text(let text): return text
        case .blob(let bytes) where isAmount(column):
            guard let amount = Int256(bigEndianBytes: bytes) else {
                throw .malformedRow(
                    table: column.name, detail: "an amount of \(bytes.count) bytes")
            }
            return amount.description
        case .blob(let bytes): return Hex.encode(bytes)
        }
    }

    /// The value that a text stands for; nil where the column cannot hold it.
    static func value(_ text: String?, in column: Column) -> SQLValue? {
        guard let text else { return .null }
        switch column.type {
        case "INTEGER": return Int64(text).map { .integer($0) }
        case "TEXT": return .text(text)
        case "BLOB" where isAmount(column):
            return Int256(decimal: text).map { .blob($0.bigEndianBytes) }
        case "BLOB":
            // Bytes that are none are answered with nil, and the caller names the line.
            return (try? Hex.decode(text, prefix: .forbidden)).map { .blob($0) }
        default: return nil
        }
    }

    private static func isAmount(_ column: Column) -> Bool {
        column.type == "BLOB" && amounts.contains(column.name)
    }

    private static func line(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        write(&json)
        json.endObject()
        return json.finish() + [UInt8(ascii: "\n")]
    }
}

/// A column as its table declares it.
struct Column: Hashable, Sendable {
    let name: String
    let type: String
    /// Its place in the primary key, from 1; 0 outside of it.
    let keyPlace: Int64
}

/// A table and its columns.
struct TableShape: Hashable, Sendable {
    let name: String
    let columns: [Column]

    /// Every row, in the order of the primary key.
    var selection: String { "SELECT \(columnList) FROM \(name) ORDER BY \(keyList)" }

    var columnList: String { columns.map(\.name).joined(separator: ", ") }

    var insertion: String {
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO \(name) (\(columnList)) VALUES (\(places))"
    }

    private var keyList: String {
        columns.filter { $0.keyPlace > 0 }.sorted { $0.keyPlace < $1.keyPlace }.map(\.name)
            .joined(separator: ", ")
    }
}

extension Database {
    /// The tables in the order in which they were made.
    func tables() throws(JournalError) -> [TableShape] {
        let names = try rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"
        ) { (row) throws(JournalError) in row.text(0) }
        var tables: [TableShape] = []
        for name in names {
            let columns = try rows(
                "SELECT name, type, pk FROM pragma_table_info(?)", [.text(name)]
            ) { (row) throws(JournalError) in
                Column(name: row.text(0), type: row.text(1), keyPlace: row.integer(2))
            }
            tables.append(TableShape(name: name, columns: columns))
        }
        return tables
    }
}
