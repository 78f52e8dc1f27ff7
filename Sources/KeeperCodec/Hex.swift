package import WideMath

/// Why a text is not the hexadecimal it should be.
package enum HexError: Error, Equatable, Sendable {
    case prefixMissing
    case prefixUnexpected
    case oddDigitCount
    case notADigit(at: Int)
    case wrongByteCount(expected: Int, found: Int)
    /// A quantity is `0x0` or has no leading zero, and few enough digits.
    case malformedQuantity
}

/// Hexadecimal text. Whether `0x` must stand in front is a property of the field, so the caller
/// says it. `0X` is refused everywhere; digits of either case are read, lower case is written.
package enum Hex {
    package enum Prefix: Sendable {
        case required, forbidden
    }

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount * 2)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    package static func decode(
        _ text: String, prefix: Prefix, byteCount: Int? = nil
    ) throws(HexError) -> [UInt8] {
        let digits = Array(text.utf8)
        let start = try startOfDigits(digits, prefix)
        guard (digits.count - start) % 2 == 0 else { throw .oddDigitCount }
        let count = (digits.count - start) / 2
        if let byteCount, byteCount != count {
            throw .wrongByteCount(expected: byteCount, found: count)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for position in stride(from: start, to: digits.count, by: 2) {
            guard let high = value(of: digits[position]) else { throw .notADigit(at: position) }
            guard let low = value(of: digits[position + 1]) else {
                throw .notADigit(at: position + 1)
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// A quantity of Ethereum JSON-RPC: `0x0`, or `0x` and digits without a leading zero.
    package static func quantity(_ text: String) throws(HexError) -> UInt64 {
        guard let quantity = try wideQuantity(text).asUInt64 else { throw .malformedQuantity }
        return quantity
    }

    /// The same with up to 256 bits.
    package static func wideQuantity(_ text: String) throws(HexError) -> UInt256 {
        let digits = Array(text.utf8)
        let start = try startOfDigits(digits, .required)
        let count = digits.count - start
        guard (1...64).contains(count), count == 1 || digits[start] != UInt8(ascii: "0") else {
            throw .malformedQuantity
        }
        var quantity = UInt256.zero
        for position in start..<digits.count {
            guard let digit = value(of: digits[position]) else { throw .notADigit(at: position) }
            quantity = quantity << 4 | UInt256(UInt64(digit))
        }
        return quantity
    }

    private static func startOfDigits(_ text: [UInt8], _ prefix: Prefix) throws(HexError) -> Int {
        let hasPrefix = text.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")])
        switch prefix {
        case .required:
            guard hasPrefix else { throw .prefixMissing }
            return 2
        case .forbidden:
            guard !hasPrefix else { throw .prefixUnexpected }
            return 0
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// Up to sixteen digits of either case as one number, or nil where one is none: how addresses
    /// in feeds become words without bytes in between.
    package static func word(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        precondition(range.count <= 16, "a word has sixteen digits")
        precondition(
            range.lowerBound >= 0 && range.upperBound <= bytes.count, "the digits are there")
        return unsafe bytes.withUnsafeBytes { buffer in
            var word: UInt64 = 0
            var position = range.lowerBound
            while position + 8 <= range.upperBound {
                let text = unsafe UInt64(
                    littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                guard let eight = eightDigits(text) else { return nil }
                word = word << 32 | eight
                position += 8
            }
            while position < range.upperBound {
                guard let digit = unsafe value(of: buffer[position]) else { return nil }
                word = word << 4 | UInt64(digit)
                position += 1
            }
            return word
        }
    }

    /// The value of eight digits, the first of them in the lowest byte.
    @inline(__always)
    private static func eightDigits(_ text: UInt64) -> UInt64? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let lows = ones &* 0x7F
        // In each byte the highest bit says whether it is above the limit; none carries on.
        let figures = text ^ (ones &* 0x30)
        let notFigure = ((figures & lows) &+ (ones &* 0x76)) | figures
        let letters = (text | (ones &* 0x20)) ^ (ones &* 0x60)
        let notLetter = ((letters & lows) &+ (ones &* 0x79)) | letters | ~((letters & lows) &+ lows)
        guard notFigure & notLetter & (ones &* 0x80) == 0 else { return nil }
        // A letter's bit 6 adds nine to its low half.
        let digits = (text & (ones &* 0x0F)) &+ (text >> 6 & ones) &* 9
        let pairs = (digits << 4 | digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs << 8 | pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return (fours << 16 | fours >> 32) & 0xFFFF_FFFF
    }

    @inline(__always)
    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
