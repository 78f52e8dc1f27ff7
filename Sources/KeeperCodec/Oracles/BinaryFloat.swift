package import WideMath

/// What a 64-bit float makes of a decimal number, in integers: some feeds sign the float's value
/// and not the text's, so a tie has to be broken as the float would.
package struct BinaryFloat: Hashable, Sendable {
    /// Fifty-three bits, or zero.
    private let mantissa: UInt256
    /// Halvings, or doublings where negative.
    private let shift: Int

    /// Text beyond this is no price, and would leave the 256 bits of the calculation.
    private static let digitCountMax = 30
    private static let mantissaBits = 53

    /// Nil for a negative number, and for one with more digits than anybody sends.
    package init?(value: JSONNumber) {
        // All digits as one integer, and how far its point is to the right of theirs.
        let parts = value.text.lowercased().split(separator: "e")
        guard let digits = parts.first?.split(separator: ".", omittingEmptySubsequences: false),
            let exponent = parts.count == 2 ? Int(parts[1]) : 0, abs(exponent) <= 60,
            let integer = UInt256(decimal: digits.joined())
        else { return nil }
        let power = exponent - (digits.count == 2 ? digits[1].utf8.count : 0)
        guard digits.joined().utf8.count <= Self.digitCountMax,
            abs(power) <= Self.digitCountMax,
            // Both are at most thirty digits, so they fit.
            let scale = try? UInt256.powerOfTen(abs(power))
        else { return nil }
        guard !integer.isZero else {
            (mantissa, shift) = (.zero, 0)
            return
        }
        let (numerator, denominator) = power < 0 ? (integer, scale) : (integer * scale, .one)
        (mantissa, shift) = Self.rounded(numerator, over: denominator)
    }

    /// The nearest fraction with 53 bits above a power of two; a tie goes to the even one.
    private static func rounded(
        _ numerator: UInt256, over denominator: UInt256
    ) -> (mantissa: UInt256, shift: Int) {
        var shift = mantissaBits + denominator.bitCount - numerator.bitCount
        while true {
            let (top, bottom) =
                shift >= 0
                ? (numerator << shift, denominator) : (numerator, denominator << -shift)
            let (quotient, rest) = top.quotientAndRemainder(dividingBy: bottom)
            // The estimate of the shift is right or one too large.
            if quotient.bitCount > mantissaBits {
                shift -= 1
                continue
            }
            let twice = rest << 1
            let goesUp = twice > bottom || (twice == bottom && quotient.bit(at: 0))
            return (goesUp ? quotient + .one : quotient, shift)
        }
    }

    /// The value times a power of ten to the nearest integer; nil where that is too large.
    package func nearest(timesTenTo decimals: Int) -> UInt256? {
        // What leaves 256 bits on the way is no price.
        guard let scale = try? UInt256.powerOfTen(decimals),
            let product = try? mantissa.checkedMultiply(scale)
        else { return nil }
        // Nor is what leaves them at the end.
        guard shift > 0 else { return try? product.checkedShiftLeft(-shift) }
        guard shift < 256 else { return .zero }
        return (product >> shift) + (product.bit(at: shift - 1) ? .one : .zero)
    }
}

extension UInt256 {
    fileprivate var bitCount: Int { 256 - leadingZeroBitCount }
}
