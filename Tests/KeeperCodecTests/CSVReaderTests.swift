import KeeperCodec
import Testing
import WideMath

@Suite struct CSVReaderTests {
    static func rows(_ text: String) throws(CSVError) -> [[String]] {
        var reader = try CSVReader(Array(text.utf8))
        var rows: [[String]] = []
        while let row = try reader.next() {
            rows.append(reader.columns.indices.map { row.text($0) })
        }
        return rows
    }

    @Test(
        arguments: [
            ("a,b\n1,2\n", [["1", "2"]]),
            ("a,b\r\n1,2\r\n3,4", [["1", "2"], ["3", "4"]]),
            ("a,b\n,\n", [["", ""]]),
            ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [["x,y", "say \"hi\""]]),
            ("a\n\"two\r\nlines\"\n", [["two\r\nlines"]]),
            ("a,\n1,2\n", [["1", "2"]]),
            ("a\n", []),
        ])
    func `a table is read row by row`(text: String, expected: [[String]]) throws {
        #expect(try Self.rows(text) == expected)
    }

    @Test(
        arguments: [
            ("", CSVError(.noHeader, line: 1)),
            ("a,b,a\n", CSVError(.duplicateColumn("a"), line: 1)),
            ("a,b\n1\n", CSVError(.fieldCount(expected: 2, found: 1), line: 2)),
            ("a,b\n1,2\n1,2,3,4\n", CSVError(.fieldCount(expected: 2, found: 3), line: 3)),
            ("a\n\"1\n2\"\n\"3\n", CSVError(.unterminatedQuote, line: 4)),
            ("a\n1\"2\n", CSVError(.strayQuote, line: 2)),
            ("a\n\"1\"2\n", CSVError(.strayQuote, line: 2)),
            ("a\n1\r2\n", CSVError(.strayCarriageReturn, line: 2)),
        ])
    func `what is no table is refused with its line`(text: String, expected: CSVError) {
        #expect(throws: expected) { try Self.rows(text) }
    }

    @Test func `limits hold before anything is read`() {
        let bytes = Array("a,b,c\n".utf8)
        #expect(throws: CSVError(.tooLarge(byteCountMax: 5), line: 1)) {
            try CSVReader(bytes, limits: CSVLimits(byteCountMax: 5, columnCountMax: 9))
        }
        #expect(throws: CSVError(.tooManyColumns(countMax: 2), line: 1)) {
            try CSVReader(bytes, limits: CSVLimits(byteCountMax: 99, columnCountMax: 2))
        }
        #expect(throws: CSVError(.malformedUTF8, line: 1)) { try CSVReader([0x61, 0xFF]) }
    }

    @Test func `numbers are exact or refused by name`() throws {
        var reader = try CSVReader(Array("price,count\n1.4397e+3,7\n0.1,1.5\n".utf8))
        let price = try reader.column("price")
        let count = try reader.column("count")
        let first = try #require(try reader.next())
        #expect(try first.decimal(price, scale: 2, as: UInt256.self) == 143_970)
        #expect(try first.integer(count, as: UInt64.self) == 7)
        let second = try #require(try reader.next())
        #expect(
            throws: CSVError(
                .notRepresentable(column: "count", as: "a whole number of 64 bits"), line: 3)
        ) { try second.integer(count, as: UInt64.self) }
        #expect(throws: CSVError(.missingColumn("size"), line: 1)) { try reader.column("size") }
    }
}
