/// Why a text is not the Base64 it should be.
package enum Base64Error: Error, Equatable, Sendable {
    case wrongLength
    case notADigit(at: Int)
    case malformedPadding
}

/// Base64 with padding (RFC 4648, section 4). Reading is strict: no white space, padding present,
/// unused bits zero, so that every value has one text.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                let digit = alphabet[bits >> (18 - 6 * index) & 63]
                text.append(index <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    package static func decode(_ text: String) throws(Base64Error) -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count % 4 == 0 else { throw .wrongLength }
        let padding = digits.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digitCount = digits.count - padding
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        var bits: UInt32 = 0
        for position in 0..<digits.count {
            var digit: UInt8 = 0
            if position < digitCount {
                guard let value = value(of: digits[position]) else {
                    throw .notADigit(at: position)
                }
                digit = value
            }
            bits = bits << 6 | UInt32(digit)
            guard position % 4 == 3 else { continue }
            for shift in [UInt32(16), 8, 0] {
                bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
            }
            bits = 0
        }
        // The bits that no byte uses lie in the bytes that padding stands for.
        guard bytes.suffix(padding).allSatisfy({ $0 == 0 }) else { throw .malformedPadding }
        return bytes.dropLast(padding)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
