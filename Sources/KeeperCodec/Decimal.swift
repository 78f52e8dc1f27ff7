/// Decimal text to integers, exactly or not at all.
///
/// The grammar is that of JSON numbers (RFC 8259, section 6): no plus sign in front, no leading
/// zeros, no bare point. A negative zero is refused: whoever wrote it meant something else.
package enum Decimal {
    /// A plain integer, without point and exponent.
    package static func integer<Value: FixedWidthInteger>(
        _ bytes: [UInt8], _ range: Range<Int>, as type: Value.Type
    ) -> Value? {
        var position = range.lowerBound
        let isNegative = position < range.upperBound && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let digitCount = range.upperBound - position
        guard digitCount > 0, digitCount == 1 || bytes[position] != UInt8(ascii: "0") else {
            return nil
        }
        var value: Value = 0
        while position < range.upperBound {
            guard let digit = digit(bytes[position]),
                append(digit, to: &value, isNegative: isNegative)
            else { return nil }
            position += 1
        }
        return isNegative && value == 0 ? nil : value
    }

    /// The number times 10^scale, where that is an integer and fits.
    package static func scaled<Value: FixedWidthInteger>(
        _ bytes: [UInt8], _ range: Range<Int>, scale: Int, as type: Value.Type
    ) -> Value? {
        guard let parts = DecimalParts(bytes, range) else { return nil }
        let shift = scale + parts.exponent - parts.fraction.count
        let digitCount = parts.whole.count + parts.fraction.count
        var value: Value = 0
        var index = 0
        for run in [parts.whole, parts.fraction] {
            for position in run {
                let digit = bytes[position] - UInt8(ascii: "0")
                // Digits behind the wanted scale must all be zero.
                if index >= digitCount + shift {
                    guard digit == 0 else { return nil }
                } else if !append(digit, to: &value, isNegative: parts.isNegative) {
                    return nil
                }
                index += 1
            }
        }
        if value == 0 { return parts.isNegative ? nil : 0 }
        // Ends early for every large exponent: a value that is not zero soon overflows.
        for _ in 0..<max(0, shift) {
            guard append(0, to: &value, isNegative: parts.isNegative) else { return nil }
        }
        return value
    }

    /// The end of the JSON number that starts here, or nil where none does.
    static func endOfNumber(in bytes: [UInt8], from start: Int) -> Int? {
        var position = start
        func byte() -> UInt8? { position < bytes.count ? bytes[position] : nil }
        func skipDigits() -> Bool {
            let first = position
            while let next = byte(), digit(next) != nil { position += 1 }
            return position > first
        }
        if byte() == UInt8(ascii: "-") { position += 1 }
        if byte() == UInt8(ascii: "0") {
            position += 1
            if let next = byte(), digit(next) != nil { return nil }
        } else if !skipDigits() {
            return nil
        }
        if byte() == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() else { return nil }
        }
        if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
            position += 1
            if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() else { return nil }
        }
        return position
    }

    @inline(__always)
    static func digit(_ byte: UInt8) -> UInt8? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    /// Negative values grow downwards, so that the least value of a signed type is reached.
    @inline(__always)
    private static func append<Value: FixedWidthInteger>(
        _ digit: UInt8, to value: inout Value, isNegative: Bool
    ) -> Bool {
        let (tenfold, overflowed) = value.multipliedReportingOverflow(by: 10)
        if overflowed { return false }
        let digit = Value(truncatingIfNeeded: digit)
        let (sum, carried) =
            isNegative
            ? tenfold.subtractingReportingOverflow(digit)
            : tenfold.addingReportingOverflow(digit)
        value = sum
        return !carried
    }
}

/// Where the parts of a decimal number are.
private struct DecimalParts {
    let isNegative: Bool
    let whole: Range<Int>
    let fraction: Range<Int>
    let exponent: Int

    /// Far beyond any scale, and far from overflowing an Int.
    static let exponentMax = 1_000_000

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        guard !range.isEmpty,
            Decimal.endOfNumber(in: bytes, from: range.lowerBound) == range.upperBound
        else { return nil }
        isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        let start = range.lowerBound + (isNegative ? 1 : 0)
        let isExponent = { (byte: UInt8) in byte | 0x20 == UInt8(ascii: "e") }
        let mantissaEnd = bytes[range].firstIndex(where: isExponent) ?? range.upperBound
        let point = bytes[start..<mantissaEnd].firstIndex(of: UInt8(ascii: "."))
        whole = start..<(point ?? mantissaEnd)
        fraction = point.map { $0 + 1..<mantissaEnd } ?? mantissaEnd..<mantissaEnd
        var exponent = 0
        var isExponentNegative = false
        for byte in bytes[min(mantissaEnd + 1, range.upperBound)..<range.upperBound] {
            if byte == UInt8(ascii: "-") { isExponentNegative = true }
            guard let digit = Decimal.digit(byte) else { continue }
            exponent = min(exponent * 10 + Int(digit), Self.exponentMax)
        }
        self.exponent = isExponentNegative ? -exponent : exponent
    }
}
