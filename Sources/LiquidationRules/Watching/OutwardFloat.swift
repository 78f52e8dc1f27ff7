package import WideMath

/// Two neighbouring binary fractions of 24 digits that hold a positive number between them, as the
/// bits of 32-bit floats: what the kernels read. They are made in whole numbers.
package struct OutwardFloat: Hashable, Sendable {
    /// Not above the number.
    package let down: UInt32
    /// Above the number.
    package let up: UInt32

    /// From nothing to without end: the number is not known.
    package static let unknown = OutwardFloat(down: 0, up: infinityBits)

    private static let infinityBits: UInt32 = 0x7f80_0000
    private static let digitCount = 24
    private static let bias = 127
    /// The powers of two between which a number is held closely: with thresholds of 2^16, amounts
    /// of 2^96 and 13 legs a sum stays below 2^127.
    private static let exponents = -100..<11

    private init(down: UInt32, up: UInt32) {
        self.down = down
        self.up = up
    }

    /// `numerator / divisor * 2^exponent`; unknown where that is too large, and from nothing to the
    /// smallest number where it is too small.
    package init(_ numerator: UInt256, over divisor: FixedDivisor, exponent: Int) {
        guard !numerator.isZero else {
            self = .unknown
            return
        }
        let shift = numerator.leadingZeroBitCount
        let quotient = divisor.quotientAndRemainder(dividing: numerator << shift).quotient
        let length = 256 - quotient.leadingZeroBitCount
        // Of a quotient with fewer digits the last place would not be bounded by one.
        guard length > Self.digitCount else {
            self = .unknown
            return
        }
        let digits = UInt32(truncatingIfNeeded: (quotient >> (length - Self.digitCount)).w0)
        let power = length - 1 - shift + exponent
        guard power < Self.exponents.upperBound else {
            self = .unknown
            return
        }
        guard power >= Self.exponents.lowerBound else {
            self.init(down: 0, up: UInt32(Self.exponents.lowerBound + Self.bias) << 23)
            return
        }
        // The leading digit of a float is not written.
        let down = UInt32(power + Self.bias) << 23 | (digits & 0x7f_ffff)
        self.init(down: down, up: down + 1)
    }

    package var isKnown: Bool { up != Self.infinityBits }

    /// The number is below two to this power.
    package var topExponent: Int { Int(up >> 23) - Self.bias + 1 }

    /// `down` times two to the power of `shift`, rounded down, and `up` so, rounded up; the results
    /// must fit.
    package func scaledDown(_ shift: Int) -> UInt64 {
        let (digits, power) = Self.parts(down)
        return Self.shifted(digits, by: power + shift)
    }

    package func scaledUp(_ shift: Int) -> UInt64 {
        let (digits, power) = Self.parts(up)
        return Self.shifted(digits, by: power + shift) + 1
    }

    private static func parts(_ bits: UInt32) -> (digits: UInt64, power: Int) {
        guard bits >> 23 > 0 else { return (0, 0) }
        return (UInt64(bits & 0x7f_ffff | 0x80_0000), Int(bits >> 23) - bias - digitCount + 1)
    }

    private static func shifted(_ digits: UInt64, by power: Int) -> UInt64 {
        power >= 0 ? digits << UInt64(power) : power > -64 ? digits >> UInt64(-power) : 0
    }
}
