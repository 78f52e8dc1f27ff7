/// Numbers stay text until the caller says what they are; none ever becomes floating point.

extension JSONScanner {
    /// The next value, which must be a number, exactly as it is written.
    package mutating func readNumber() throws(JSONError) -> JSONNumber {
        let range = try scanNumber()
        return JSONNumber(alreadyChecked: String(decoding: bytes[range], as: UTF8.self))
    }

    package mutating func readUInt64() throws(JSONError) -> UInt64 {
        let range = try scanNumber()
        guard let value = Decimal.integer(bytes, range, as: UInt64.self) else {
            throw error(.notRepresentable(as: "UInt64"), at: range.lowerBound)
        }
        return value
    }

    package mutating func readInt64() throws(JSONError) -> Int64 {
        let range = try scanNumber()
        guard let value = Decimal.integer(bytes, range, as: Int64.self) else {
            throw error(.notRepresentable(as: "Int64"), at: range.lowerBound)
        }
        return value
    }

    /// The number times 10^scale, if that is an integer that fits.
    package mutating func readDecimal(scale: Int) throws(JSONError) -> Int64 {
        let range = try scanNumber()
        guard let value = Decimal.scaled(bytes, range, scale: scale, as: Int64.self) else {
            throw error(.notRepresentable(as: "Int64 with scale \(scale)"), at: range.lowerBound)
        }
        return value
    }

    /// A string that holds an integer: how venues send amounts.
    package mutating func readQuotedUInt64() throws(JSONError) -> UInt64 {
        let text = try readText()
        guard let value = Decimal.integer(bytes, text.range, as: UInt64.self) else {
            throw error(.notRepresentable(as: "UInt64"), at: text.range.lowerBound)
        }
        return value
    }

    package mutating func readQuotedInt64() throws(JSONError) -> Int64 {
        let text = try readText()
        guard let value = Decimal.integer(bytes, text.range, as: Int64.self) else {
            throw error(.notRepresentable(as: "Int64"), at: text.range.lowerBound)
        }
        return value
    }

    /// A string that holds a decimal number: how exchanges send prices.
    package mutating func readQuotedDecimal(scale: Int) throws(JSONError) -> Int64 {
        let text = try readText()
        guard let value = Decimal.scaled(bytes, text.range, scale: scale, as: Int64.self) else {
            throw error(
                .notRepresentable(as: "Int64 with scale \(scale)"), at: text.range.lowerBound)
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
