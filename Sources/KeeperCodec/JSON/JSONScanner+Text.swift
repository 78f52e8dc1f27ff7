/// Strings: found and checked in one pass, decoded only when the caller wants the text.

/// A string in the scanner's bytes, without its quotes, already checked to the last escape.
package struct JSONText: Equatable, Sendable {
    package let range: Range<Int>
    package let hasEscapes: Bool
}

extension JSONScanner {
    /// The next value, which must be a string, without decoding it.
    package mutating func readText() throws(JSONError) -> JSONText {
        if let text = plainText() { return text }
        guard try nextByte(expected: "a string") == UInt8(ascii: "\"") else {
            throw error(.wrongValue(expected: "a string"), at: offset)
        }
        return try scanText(expected: "a string")
    }

    package mutating func readString() throws(JSONError) -> String {
        string(of: try readText())
    }

    package func string(of text: JSONText) -> String {
        if text.hasEscapes { return String(decoding: unescaped(text), as: UTF8.self) }
        return String(decoding: bytes[text.range], as: UTF8.self)
    }

    /// Compares without building a string.
    package func text(_ text: JSONText, equals literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        if text.hasEscapes {
            let plain = unescaped(text)
            guard plain.count == count else { return false }
            for index in 0..<count where unsafe plain[index] != literal.utf8Start[index] {
                return false
            }
            return true
        }
        guard text.range.count == count else { return false }
        return unsafe bytes.withUnsafeBytes { buffer in
            precondition(text.range.upperBound <= buffer.count, "a text is of these bytes")
            for index in 0..<count
            where unsafe buffer[text.range.lowerBound + index] != literal.utf8Start[index] {
                return false
            }
            return true
        }
    }

    // MARK: Scanning

    mutating func scanText(expected: @autoclosure () -> String) throws(JSONError) -> JSONText {
        let opening = try nextByte(expected: expected())
        guard opening == UInt8(ascii: "\"") else {
            throw error(.unexpected(opening, expected: expected()), at: offset)
        }
        offset += 1
        let start = offset
        var hasEscapes = false
        while true {
            skipPlainText()
            guard offset < bytes.count else {
                throw error(.endOfText(expected: "a closing quote"), at: offset)
            }
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return JSONText(range: start..<offset - 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape()
            case 0..<0x20: throw error(.controlCharacter(byte), at: offset)
            case 0x80...: try scanMultibyteScalar(leading: byte)
            default: offset += 1
            }
        }
    }

    // What machines write has no space between its parts and no escapes in short texts. The two
    // that follow take that and nothing else; whatever they leave is read, and refused, byte by
    // byte.

    /// `,"key":`, without the comma where nothing stands before it.
    @inline(__always)
    mutating func plainKey(isFirst: Bool) -> JSONText? {
        unsafe bytes.withUnsafeBytes { buffer in
            var start = offset
            guard start + 1 < buffer.count else { return nil }
            if !isFirst {
                guard unsafe buffer[start] == UInt8(ascii: ",") else { return nil }
                start += 1
            }
            guard unsafe buffer[start] == UInt8(ascii: "\"") else { return nil }
            let end = unsafe Self.endOfPlainText(in: buffer, from: start + 1)
            guard end + 1 < buffer.count, unsafe buffer[end] == UInt8(ascii: "\""),
                unsafe buffer[end + 1] == UInt8(ascii: ":")
            else { return nil }
            offset = end + 2
            return JSONText(range: start + 1..<end, hasEscapes: false)
        }
    }

    /// A text in quotes.
    @inline(__always)
    mutating func plainText() -> JSONText? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard offset < buffer.count, unsafe buffer[offset] == UInt8(ascii: "\"") else {
                return nil
            }
            let end = unsafe Self.endOfPlainText(in: buffer, from: offset + 1)
            guard end < buffer.count, unsafe buffer[end] == UInt8(ascii: "\"") else { return nil }
            let start = offset + 1
            offset = end + 1
            return JSONText(range: start..<end, hasEscapes: false)
        }
    }

    private mutating func skipPlainText() {
        offset = unsafe bytes.withUnsafeBytes { unsafe Self.endOfPlainText(in: $0, from: offset) }
    }

    /// Passes ASCII text eight bytes at a time, up to a quote, backslash, control character or the
    /// first byte of a longer scalar. Below eight bytes from the end the caller goes on byte by
    /// byte.
    @inline(__always)
    private static func endOfPlainText(
        in buffer: UnsafeRawBufferPointer, from start: Int
    ) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var position = start
        while position + 8 <= buffer.count {
            let word = unsafe UInt64(
                littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let control = (word &- (ones &* 0x20)) & ~word
            let special =
                ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | control | word)
                & highs
            // Borrows can only mark bytes above a true hit, so the lowest mark is exact.
            if special != 0 { return position + special.trailingZeroBitCount / 8 }
            position += 8
        }
        return position
    }

    private mutating func scanEscape() throws(JSONError) {
        let start = offset
        guard start + 1 < bytes.count else {
            throw error(.endOfText(expected: "an escape"), at: start + 1)
        }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            let unit = try hexUnit(at: start + 2)
            offset += 6
            if UTF16.isLeadSurrogate(unit) {
                let isPaired =
                    offset + 1 < bytes.count && bytes[offset] == UInt8(ascii: "\\")
                    && bytes[offset + 1] == UInt8(ascii: "u")
                guard isPaired, UTF16.isTrailSurrogate(try hexUnit(at: offset + 2)) else {
                    throw error(.loneSurrogate, at: start)
                }
                offset += 6
            } else if UTF16.isTrailSurrogate(unit) {
                throw error(.loneSurrogate, at: start)
            }
        default: throw error(.malformedEscape, at: start)
        }
    }

    private func hexUnit(at position: Int) throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else {
            throw error(.endOfText(expected: "four hex digits"), at: bytes.count)
        }
        var unit: UInt16 = 0
        for index in position..<position + 4 {
            guard let digit = Hex.value(of: bytes[index]) else {
                throw error(.malformedEscape, at: index)
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The well-formed sequences of the Unicode Standard, table 3-7.
    private mutating func scanMultibyteScalar(leading: UInt8) throws(JSONError) {
        let second: ClosedRange<UInt8>
        let length: Int
        switch leading {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: throw error(.malformedUTF8, at: offset)
        }
        guard offset + length <= bytes.count, second.contains(bytes[offset + 1]),
            bytes[offset + 2..<offset + length].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw error(.malformedUTF8, at: offset) }
        offset += length
    }

    // MARK: Decoding

    /// The UTF-8 of a text whose escapes were checked by `scanText`.
    private func unescaped(_ text: JSONText) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.range.count)
        var position = text.range.lowerBound
        while position < text.range.upperBound {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                position += 1
                continue
            }
            position += appendEscape(at: position, to: &plain)
        }
        return plain
    }

    /// Appends what the escape stands for and returns its length.
    private func appendEscape(at position: Int, to plain: inout [UInt8]) -> Int {
        switch bytes[position + 1] {
        case UInt8(ascii: "b"): plain.append(0x08)
        case UInt8(ascii: "f"): plain.append(0x0C)
        case UInt8(ascii: "n"): plain.append(0x0A)
        case UInt8(ascii: "r"): plain.append(0x0D)
        case UInt8(ascii: "t"): plain.append(0x09)
        case UInt8(ascii: "u"): return appendUnicodeEscape(at: position, to: &plain)
        case let itself: plain.append(itself)
        }
        return 2
    }

    private func appendUnicodeEscape(at position: Int, to plain: inout [UInt8]) -> Int {
        let unit = checkedUnit(at: position + 2)
        let isPair = UTF16.isLeadSurrogate(unit)
        var value = UInt32(unit)
        if isPair {
            let low = UInt32(checkedUnit(at: position + 8))
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else {
            preconditionFailure("scanText let half of a surrogate pair through")
        }
        plain.append(contentsOf: String(Character(scalar)).utf8)
        return isPair ? 12 : 6
    }

    private func checkedUnit(at position: Int) -> UInt16 {
        bytes[position..<position + 4].reduce(0) { unit, byte in
            guard let digit = Hex.value(of: byte) else {
                preconditionFailure("scanText let a malformed escape through")
            }
            return unit << 4 | UInt16(digit)
        }
    }
}
