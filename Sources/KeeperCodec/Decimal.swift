package import WideMath

/// A type that decimal text can become. The conversion is exact or fails.
package protocol DecimalValue {
    init?(decimalMagnitude magnitude: UInt256, isNegative: Bool)
    /// How an error names the type.
    static var decimalName: String { get }
}

/// Decimal text to integers, exactly or not at all.
///
/// The grammar is that of JSON numbers (RFC 8259, section 6): no plus sign in front, no leading
/// zeros, no bare point. A negative zero is refused: whoever wrote it meant something else.
package enum Decimal {
    /// A plain integer, without point and exponent.
    package static func integer<Value: DecimalValue>(
        _ bytes: [UInt8], _ range: Range<Int>, as type: Value.Type
    ) -> Value? {
        guard !range.isEmpty else { return nil }
        precondition(range.upperBound <= bytes.count, "the digits are there")
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        let start = range.lowerBound + (isNegative ? 1 : 0)
        let digitCount = range.upperBound - start
        guard digitCount > 0, digitCount == 1 || bytes[start] != UInt8(ascii: "0") else {
            return nil
        }
        return plainMagnitude(bytes, start..<range.upperBound).flatMap {
            value($0, isNegative: isNegative)
        }
    }

    /// Digits and nothing else, eight at a time.
    @inline(__always)
    private static func plainMagnitude(_ bytes: [UInt8], _ range: Range<Int>) -> UInt256? {
        unsafe bytes.withUnsafeBytes { buffer in
            // What two words hold is nearly everything; only longer numbers touch the wide one.
            let first = min(range.upperBound, range.lowerBound + digitCountOfTwoWords)
            guard let head = unsafe twoWords(buffer, range.lowerBound..<first) else { return nil }
            var wide = UInt256(
                w0: UInt64(truncatingIfNeeded: head), w1: UInt64(truncatingIfNeeded: head >> 64),
                w2: 0, w3: 0)
            var position = first
            while position < range.upperBound {
                let end = min(position + 16, range.upperBound)
                var (word, scale) = (UInt64.zero, UInt64(1))
                while position < end {
                    guard let digit = unsafe digit(buffer[position]) else { return nil }
                    (word, scale) = (word &* 10 &+ UInt64(digit), scale &* 10)
                    position += 1
                }
                let (high, low) = wide.multipliedByLimb(scale, adding: UInt256(word))
                guard high == 0 else { return nil }
                wide = low
            }
            return wide
        }
    }

    /// A plain integer of at most 38 digits: every one of them fits.
    static func plainUInt128(_ bytes: [UInt8], _ range: Range<Int>) -> UInt128? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard (1...digitCountOfTwoWords).contains(range.count),
                range.upperBound <= buffer.count, range.lowerBound >= 0
            else { return nil }
            let isZeroFirst = unsafe buffer[range.lowerBound] == UInt8(ascii: "0")
            guard range.count == 1 || !isZeroFirst else { return nil }
            return unsafe twoWords(buffer, range)
        }
    }

    /// Any number of so many digits is below 2^128.
    private static let digitCountOfTwoWords = 38

    @inline(__always)
    private static func twoWords(
        _ buffer: UnsafeRawBufferPointer, _ range: Range<Int>
    ) -> UInt128? {
        var position = range.lowerBound
        var value: UInt128 = 0
        while position + 8 <= range.upperBound {
            let text = unsafe UInt64(
                littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            guard let eight = eightDigits(text) else { return nil }
            value = value &* 100_000_000 &+ UInt128(eight)
            position += 8
        }
        let restCount = range.upperBound - position
        guard restCount > 0 else { return value }
        guard range.upperBound >= 8 else {
            // The very first bytes of a text: there are no eight to load.
            for place in position..<range.upperBound {
                guard let digit = unsafe digit(buffer[place]) else { return nil }
                value = value &* 10 &+ UInt128(digit)
            }
            return value
        }
        // The last eight bytes, with zeros for those that are not of the rest.
        let last = unsafe UInt64(
            littleEndian: buffer.loadUnaligned(
                fromByteOffset: range.upperBound - 8, as: UInt64.self))
        let others = UInt64.max >> UInt64(8 * restCount)
        guard let rest = eightDigits(last & ~others | 0x3030_3030_3030_3030 & others) else {
            return nil
        }
        return value &* UInt128(powersOfTen(restCount)) &+ UInt128(rest)
    }

    /// For one to seven.
    @inline(__always)
    private static func powersOfTen(_ exponent: Int) -> UInt64 {
        switch exponent {
        case 1: 10
        case 2: 100
        case 3: 1_000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        default: 10_000_000
        }
    }

    /// The value of eight digits, the first of them in the lowest byte: pairs are joined, then
    /// pairs of pairs, so that three multiplications do for eight.
    @inline(__always)
    private static func eightDigits(_ text: UInt64) -> UInt64? {
        let digits = text ^ 0x3030_3030_3030_3030
        // A byte above nine carries into its highest bit; no byte carries into the next.
        let isAbove = ((digits & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676) | digits
        guard isAbove & 0x8080_8080_8080_8080 == 0 else { return nil }
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
    }

    /// The number times 10^scale, where that is an integer and fits.
    package static func scaled<Value: DecimalValue>(
        _ bytes: [UInt8], _ range: Range<Int>, scale: Int, as type: Value.Type
    ) -> Value? {
        guard let parts = DecimalParts(bytes, range) else { return nil }
        let shift = scale + parts.exponent - parts.fraction.count
        let kept = parts.whole.count + parts.fraction.count + shift
        var magnitude = DecimalMagnitude()
        var index = 0
        for position in parts.whole.lowerBound..<parts.fraction.upperBound
        where position != parts.point {
            let digit = bytes[position] - UInt8(ascii: "0")
            // Digits behind the wanted scale must all be zero.
            guard index < kept ? magnitude.append(digit) : digit == 0 else { return nil }
            index += 1
        }
        // Ends early for every large exponent: a value that is not zero soon overflows.
        if !magnitude.isZero {
            for _ in 0..<max(0, shift) {
                guard magnitude.append(0) else { return nil }
            }
        }
        return value(magnitude.total(), isNegative: parts.isNegative)
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

    private static func value<Value: DecimalValue>(
        _ magnitude: UInt256?, isNegative: Bool
    ) -> Value? {
        guard let magnitude, !(isNegative && magnitude.isZero) else { return nil }
        return Value(decimalMagnitude: magnitude, isNegative: isNegative)
    }
}

/// Digits on their way to an integer. Eighteen at a time are gathered in one word; only longer
/// numbers touch the wide one.
private struct DecimalMagnitude {
    private var wide: UInt256 = .zero
    private var word: UInt64 = 0
    private var wordScale: UInt64 = 1
    private static let wordScaleMax: UInt64 = 1_000_000_000_000_000_000

    var isZero: Bool { wide.isZero && word == 0 }

    /// False once the number no longer fits 256 bits.
    @inline(__always)
    mutating func append(_ digit: UInt8) -> Bool {
        if wordScale == Self.wordScaleMax {
            guard let total = total() else { return false }
            (wide, word, wordScale) = (total, 0, 1)
        }
        word = word * 10 + UInt64(digit)
        wordScale *= 10
        return true
    }

    func total() -> UInt256? {
        if wide.isZero { return UInt256(word) }
        let (high, low) = wide.multipliedByLimb(wordScale, adding: UInt256(word))
        return high == 0 ? low : nil
    }
}

/// Where the parts of a decimal number are.
private struct DecimalParts {
    let isNegative: Bool
    let whole: Range<Int>
    /// Behind the point, or empty at the end of the whole part.
    let fraction: Range<Int>
    let point: Int?
    let exponent: Int

    /// Far beyond any scale, and far from overflowing an Int.
    static let exponentMax = 1_000_000

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        guard !range.isEmpty,
            Decimal.endOfNumber(in: bytes, from: range.lowerBound) == range.upperBound
        else { return nil }
        isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        let start = range.lowerBound + (isNegative ? 1 : 0)
        var mantissaEnd = start
        var point: Int?
        while mantissaEnd < range.upperBound, bytes[mantissaEnd] | 0x20 != UInt8(ascii: "e") {
            if bytes[mantissaEnd] == UInt8(ascii: ".") { point = mantissaEnd }
            mantissaEnd += 1
        }
        self.point = point
        whole = start..<(point ?? mantissaEnd)
        fraction = (point ?? mantissaEnd - 1) + 1..<mantissaEnd
        exponent = Self.exponent(bytes, from: mantissaEnd, to: range.upperBound)
    }

    private static func exponent(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
        var exponent = 0
        var isNegative = false
        for position in start..<end {
            if bytes[position] == UInt8(ascii: "-") { isNegative = true }
            guard let digit = Decimal.digit(bytes[position]) else { continue }
            exponent = min(exponent * 10 + Int(digit), exponentMax)
        }
        return isNegative ? -exponent : exponent
    }
}
