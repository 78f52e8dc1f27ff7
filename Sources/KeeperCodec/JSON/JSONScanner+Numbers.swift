package import WideMath

/// Numbers stay text until the caller says what they are; none ever becomes floating point.

extension JSONScanner {
    /// The next value, which must be a number, exactly as it is written.
    package mutating func readNumber() throws(JSONError) -> JSONNumber {
        let range = try scanNumber()
        return JSONNumber(alreadyChecked: String(decoding: bytes[range], as: UTF8.self))
    }

    package mutating func readUInt64() throws(JSONError) -> UInt64 {
        try integer(in: try scanNumber())
    }

    package mutating func readInt64() throws(JSONError) -> Int64 {
        try integer(in: try scanNumber())
    }

    /// The number times 10^scale, if that is an integer that fits.
    package mutating func readDecimal(scale: Int) throws(JSONError) -> Int64 {
        try decimal(in: try scanNumber(), scale: scale)
    }

    package mutating func readWideDecimal(scale: Int) throws(JSONError) -> Int256 {
        try decimal(in: try scanNumber(), scale: scale)
    }

    // Strings that hold a number: how venues send amounts and exchanges send prices.

    package mutating func readQuotedUInt64() throws(JSONError) -> UInt64 {
        try integer(in: try readText().range)
    }

    package mutating func readQuotedInt64() throws(JSONError) -> Int64 {
        try integer(in: try readText().range)
    }

    package mutating func readQuotedUInt256() throws(JSONError) -> UInt256 {
        try integer(in: try readText().range)
    }

    package mutating func readQuotedInt256() throws(JSONError) -> Int256 {
        try integer(in: try readText().range)
    }

    package mutating func readQuotedDecimal(scale: Int) throws(JSONError) -> Int64 {
        try decimal(in: try readText().range, scale: scale)
    }

    package mutating func readQuotedWideDecimal(scale: Int) throws(JSONError) -> Int256 {
        try decimal(in: try readText().range, scale: scale)
    }

    private func integer<Value: DecimalValue>(in range: Range<Int>) throws(JSONError) -> Value {
        guard let value = Decimal.integer(bytes, range, as: Value.self) else {
            throw error(.notRepresentable(as: Value.decimalName), at: range.lowerBound)
        }
        return value
    }

    private func decimal<Value: DecimalValue>(
        in range: Range<Int>, scale: Int
    ) throws(JSONError) -> Value {
        guard let value = Decimal.scaled(bytes, range, scale: scale, as: Value.self) else {
            throw error(
                .notRepresentable(as: Value.decimalName + " with \(scale) decimal places"),
                at: range.lowerBound)
        }
        return value
    }

    /// Passes one number of the RFC's grammar and returns where it is.
    mutating func scanNumber() throws(JSONError) -> Range<Int> {
        guard try peekKind() == .number else {
            throw error(.wrongValue(expected: "a number"), at: offset)
        }
        guard let end = Decimal.endOfNumber(in: bytes, from: offset) else {
            throw error(.malformedNumber, at: offset)
        }
        defer { offset = end }
        return offset..<end
    }
}
