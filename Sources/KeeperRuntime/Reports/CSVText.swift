/// Tables for spreadsheets, by RFC 4180: a head, then a row each, fields in quotes where they need
/// them. Amounts are whole numbers of smallest units: a spreadsheet that rounds shows it.
package enum CSVText {
    package static func lines(_ rows: [[String]]) -> [String] {
        rows.map { row in row.map(field).joined(separator: ",") }
    }

    private static func field(_ text: String) -> String {
        let special = text.utf8.contains { byte in
            [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D].contains(byte)
        }
        guard special else { return text }
        let quoted = text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"")
        return "\"\(quoted)\""
    }
}
