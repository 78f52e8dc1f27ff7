package import WideMath

/// Numbers stay text until the caller says what they are; none ever becomes floating point.

extension JSONScanner {
    /// The next value, which must be a number, exactly as it is written.
    package mutating func readNumber() throws(JSONError) -> JSONNumber {
        let range = try scanNumber()
        return JSONNumber(alreadyChecked: String(decoding: bytes[range], as: UTF8.self))
    }

    // Where a number is is found out first: in one expression the scanner itself would be copied.

    package mutating func readUInt64() throws(JSONError) -> UInt64 {
        let range = try scanNumber()
        return try integer(in: range)
    }

    package mutating func readInt64() throws(JSONError) -> Int64 {
        let range = try scanNumber()
        return try integer(in: range)
    }

    /// The number times 10^scale, if that is an integer that fits.
    package mutating func readDecimal(scale: Int) throws(JSONError) -> Int64 {
        let range = try scanNumber()
        return try decimal(in: range, scale: scale)
    }

    package mutating func readWideDecimal(scale: Int) throws(JSONError) -> Int256 {
        let range = try scanNumber()
        return try decimal(in: range, scale: scale)
    }

    // Strings that hold a number: how venues send amounts and exchanges send prices.

    package mutating func readQuotedUInt64() throws(JSONError) -> UInt64 {
        let range = try readText().range
        return try integer(in: range)
    }

    package mutating func readQuotedInt64() throws(JSONError) -> Int64 {
        let range = try readText().range
        return try integer(in: range)
    }

    package mutating func readQuotedUInt256() throws(JSONError) -> UInt256 {
        let range = try readText().range
        return try integer(in: range)
    }

    /// An amount of at most two words, as accounts hold them: found, checked and read in one piece
    /// where it is plain.
    package mutating func readQuotedUInt128() throws(JSONError) -> UInt128 {
        let range = try readText().range
        guard let value = Decimal.plainUInt128(bytes, range) else {
            throw error(.notRepresentable(as: "an unsigned 128-bit integer"), at: range.lowerBound)
        }
        return value
    }

    package mutating func readQuotedInt256() throws(JSONError) -> Int256 {
        let range = try readText().range
        return try integer(in: range)
    }

    package mutating func readQuotedDecimal(scale: Int) throws(JSONError) -> Int64 {
        let range = try readText().range
        return try decimal(in: range, scale: scale)
    }

    package mutating func readQuotedWideDecimal(scale: Int) throws(JSONError) -> Int256 {
        let range = try readText().range
        return try decimal(in: range, scale: scale)
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
