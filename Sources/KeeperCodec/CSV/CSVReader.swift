/// How large a table may be before the reader says no.
package struct CSVLimits: Sendable, Equatable {
    package var byteCountMax: Int
    package var columnCountMax: Int

    package init(byteCountMax: Int, columnCountMax: Int) {
        precondition(byteCountMax >= 0 && columnCountMax > 0)
        self.byteCountMax = byteCountMax
        self.columnCountMax = columnCountMax
    }

    package static let standard = CSVLimits(byteCountMax: 256 << 20, columnCountMax: 256)
}

/// Reads a table as RFC 4180 has it: comma, quotes that double inside quotes, lines that end in a
/// newline with or without a carriage return. The first line names the columns, each once, and
/// every row has a field for each of them.
///
///     var reader = try CSVReader(bytes)
///     let price = try reader.column("price")
///     while let row = try reader.next() {
///         prices.append(try row.decimal(price, scale: 18))
///     }
package struct CSVReader: Sendable {
    package let columns: [String]
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1

    package init(
        _ bytes: [UInt8], limits: CSVLimits = .standard
    ) throws(CSVError) {
        guard bytes.count <= limits.byteCountMax else {
            throw CSVError(.tooLarge(byteCountMax: limits.byteCountMax), line: 1)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw CSVError(.malformedUTF8, line: 1)
        }
        self.bytes = bytes
        guard !bytes.isEmpty else { throw CSVError(.noHeader, line: 1) }
        var fields = CSVFields(bytes, from: 0, line: 1)
        let header = try fields.row(fieldCountMax: limits.columnCountMax)
        guard header.count <= limits.columnCountMax else {
            throw CSVError(.tooManyColumns(countMax: limits.columnCountMax), line: 1)
        }
        columns = header.map { String(decoding: $0, as: UTF8.self) }
        (offset, line) = (fields.offset, fields.line)
        var seen: Set<String> = []
        for name in columns where !seen.insert(name).inserted {
            throw CSVError(.duplicateColumn(name), line: 1)
        }
    }

    /// Where the fields of this column are in every row.
    package func column(_ name: String) throws(CSVError) -> Int {
        guard let index = columns.firstIndex(of: name) else {
            throw CSVError(.missingColumn(name), line: 1)
        }
        return index
    }

    /// The next row, or nil behind the last.
    package mutating func next() throws(CSVError) -> CSVRow? {
        guard offset < bytes.count else { return nil }
        let start = line
        var fields = CSVFields(bytes, from: offset, line: line)
        let found = try fields.row(fieldCountMax: columns.count)
        guard found.count == columns.count else {
            throw CSVError(
                .fieldCount(expected: columns.count, found: found.count), line: start)
        }
        (offset, line) = (fields.offset, fields.line)
        return CSVRow(line: start, columns: columns, fields: found)
    }
}

/// One row of a table. Numbers stay text until the caller says what they are.
package struct CSVRow: Sendable {
    package let line: Int
    private let columns: [String]
    private let fields: [[UInt8]]

    fileprivate init(line: Int, columns: [String], fields: [[UInt8]]) {
        self.line = line
        self.columns = columns
        self.fields = fields
    }

    package func isEmpty(_ column: Int) -> Bool { fields[column].isEmpty }

    package func text(_ column: Int) -> String { String(decoding: fields[column], as: UTF8.self) }

    /// A plain integer, without point and exponent.
    package func integer<Value: DecimalValue>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(CSVError) -> Value {
        let field = fields[column]
        guard let value = Decimal.integer(field, 0..<field.count, as: type) else {
            throw notRepresentable(column, as: type.decimalName)
        }
        return value
    }

    /// The number times 10^scale, where that is an integer and fits.
    package func decimal<Value: DecimalValue>(
        _ column: Int, scale: Int, as type: Value.Type = Value.self
    ) throws(CSVError) -> Value {
        let field = fields[column]
        guard let value = Decimal.scaled(field, 0..<field.count, scale: scale, as: type) else {
            throw notRepresentable(
                column, as: type.decimalName + " with \(scale) decimal places")
        }
        return value
    }

    private func notRepresentable(_ column: Int, as type: String) -> CSVError {
        CSVError(.notRepresentable(column: columns[column], as: type), line: line)
    }
}

/// Takes one row apart.
private struct CSVFields {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private(set) var line: Int

    init(_ bytes: [UInt8], from offset: Int, line: Int) {
        self.bytes = bytes
        self.offset = offset
        self.line = line
    }

    /// Stops one field behind the limit, so that a line of commas costs no memory.
    mutating func row(fieldCountMax: Int) throws(CSVError) -> [[UInt8]] {
        let start = line
        var fields: [[UInt8]] = []
        while fields.count <= fieldCountMax {
            let isQuoted = offset < bytes.count && bytes[offset] == UInt8(ascii: "\"")
            fields.append(isQuoted ? try quotedField(start) : try plainField(start))
            if try !passComma(start) { break }
        }
        return fields
    }

    private mutating func plainField(_ start: Int) throws(CSVError) -> [UInt8] {
        let first = offset
        while offset < bytes.count, !Self.endsField(bytes[offset]) {
            guard bytes[offset] != UInt8(ascii: "\"") else {
                throw CSVError(.strayQuote, line: start)
            }
            offset += 1
        }
        return Array(bytes[first..<offset])
    }

    private mutating func quotedField(_ start: Int) throws(CSVError) -> [UInt8] {
        var field: [UInt8] = []
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                field.append(byte)
                continue
            }
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
                guard offset == bytes.count || Self.endsField(bytes[offset]) else {
                    throw CSVError(.strayQuote, line: start)
                }
                return field
            }
            field.append(byte)
            offset += 1
        }
        throw CSVError(.unterminatedQuote, line: start)
    }

    /// False at the end of the row, whose line end is passed.
    private mutating func passComma(_ start: Int) throws(CSVError) -> Bool {
        guard offset < bytes.count else { return false }
        let byte = bytes[offset]
        offset += 1
        if byte == UInt8(ascii: ",") { return true }
        if byte == UInt8(ascii: "\r") {
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\n") else {
                throw CSVError(.strayCarriageReturn, line: start)
            }
            offset += 1
        }
        line += 1
        return false
    }

    private static func endsField(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
