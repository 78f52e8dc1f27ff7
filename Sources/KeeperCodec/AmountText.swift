package import WideMath

/// `12.5` as digits and the number of them behind the point.
package struct DecimalLiteral: Hashable, Sendable {
    package let digits: UInt256
    package let fractionDigits: Int

    package init(digits: UInt256, fractionDigits: Int) {
        self.digits = digits
        self.fractionDigits = fractionDigits
    }

    /// The exact number of smallest units, or nil where it would need a fraction of one.
    package func scaled(by scale: UInt64) -> Int256? {
        var divisor = UInt256.one
        for _ in 0..<fractionDigits {
            divisor = divisor * UInt256(10)
        }
        let product = digits.multipliedReportingOverflow(by: UInt256(scale))
        guard !product.overflow else { return nil }
        let (quotient, remainder) = product.partialValue.quotientAndRemainder(
            dividingBy: divisor)
        guard remainder == .zero else { return nil }
        return Int256(exactly: quotient)
    }
}

/// An amount as people write it: a number, a space, and the unit that it counts: `0.05 ETH`,
/// `25 usd`, `30 s`, `2.5%`. The space may be missing before a percent sign only.
package struct AmountText: Hashable, Sendable {
    package let literal: DecimalLiteral
    package let unit: String

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var position = 0
        guard let literal = DecimalLiteral(bytes, &position) else { return nil }
        if position < bytes.count, bytes[position] == UInt8(ascii: " ") {
            position += 1
        } else if bytes[position...].first != UInt8(ascii: "%") {
            return nil
        }
        let unit = String(decoding: bytes[position...], as: UTF8.self)
        guard !unit.isEmpty, unit.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        self.literal = literal
        self.unit = unit
    }
}

extension DecimalLiteral {
    /// Reads digits with at most one point and with `_` between them, from a position onward.
    package init?(_ bytes: [UInt8], _ position: inout Int) {
        var digits: [UInt8] = []
        var fractionDigits = 0
        var sawPoint = false
        while position < bytes.count {
            let byte = bytes[position]
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                digits.append(byte)
                fractionDigits += sawPoint ? 1 : 0
            } else if byte == UInt8(ascii: "."), !sawPoint, !digits.isEmpty {
                sawPoint = true
            } else if byte != UInt8(ascii: "_") || digits.isEmpty {
                break
            }
            position += 1
        }
        guard (1...60).contains(digits.count), !sawPoint || fractionDigits > 0,
            let value = UInt256(decimal: String(decoding: digits, as: UTF8.self))
        else { return nil }
        self.init(digits: value, fractionDigits: fractionDigits)
    }

    /// The whole of a text.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var position = 0
        self.init(bytes, &position)
        guard position == bytes.count else { return nil }
    }
}
