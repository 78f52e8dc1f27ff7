/// A signed integer of 256 bits in two's complement, on the bits of a `UInt256`.
///
/// Operators trap on overflow; checked forms throw. `/` and `%` truncate toward zero like the
/// standard integers; a division that has a side to favour names it with `divided(by:rounding:)`.
@frozen
package struct Int256: Sendable, Hashable {
    package var bitPattern: UInt256

    @inlinable
    package init(bitPattern: UInt256) {
        self.bitPattern = bitPattern
    }

    @inlinable
    package init(_ value: Int64) {
        let sign = UInt64(bitPattern: value >> 63)
        bitPattern = UInt256(w0: UInt64(bitPattern: value), w1: sign, w2: sign, w3: sign)
    }

    /// The value, which must be in range: a number that is too wide here is a bug.
    @inlinable
    package init(_ value: some BinaryInteger) {
        let magnitude = UInt256(value.magnitude)
        guard let exact = Int256(magnitude: magnitude, isNegative: value < 0) else {
            preconditionFailure("Int256 holds -2^255 to 2^255 - 1")
        }
        self = exact
    }

    @inlinable
    package init?(exactly value: UInt256) {
        guard value.w3 >> 63 == 0 else { return nil }
        bitPattern = value
    }

    /// Nil where the sign and the magnitude do not fit 256 bits.
    @inlinable
    package init?(magnitude: UInt256, isNegative: Bool) {
        bitPattern = isNegative ? UInt256.zero &- magnitude : magnitude
        let keptSign = magnitude.isZero || (bitPattern.w3 >> 63 == 1) == isNegative
        guard keptSign, magnitude <= Int256.min.bitPattern else { return nil }
    }

    @inlinable
    package static var zero: Int256 { Int256(bitPattern: .zero) }

    @inlinable
    package static var one: Int256 { Int256(bitPattern: .one) }

    @inlinable
    package static var min: Int256 {
        Int256(bitPattern: UInt256(w0: 0, w1: 0, w2: 0, w3: 1 << 63))
    }

    @inlinable
    package static var max: Int256 {
        Int256(bitPattern: UInt256(w0: ~0, w1: ~0, w2: ~0, w3: ~0 >> 1))
    }

    @inlinable
    package var isNegative: Bool { bitPattern.w3 >> 63 == 1 }

    @inlinable
    package var isZero: Bool { bitPattern.isZero }

    /// -1, 0 or 1.
    @inlinable
    package var signum: Int { isNegative ? -1 : (isZero ? 0 : 1) }

    @inlinable
    package var magnitude: UInt256 { isNegative ? UInt256.zero &- bitPattern : bitPattern }
}

extension Int256: Comparable, ExpressibleByIntegerLiteral {
    @inlinable
    package static func < (left: Int256, right: Int256) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.bitPattern < right.bitPattern
    }

    @inlinable
    package init(integerLiteral literal: StaticBigInt) {
        precondition(literal.bitWidth <= 256, "An Int256 literal is -2^255 to 2^255 - 1")
        bitPattern = UInt256(
            w0: UInt64(literal[0]), w1: UInt64(literal[1]), w2: UInt64(literal[2]),
            w3: UInt64(literal[3]))
    }
}

// Narrower types, where the value fits them.
extension Int256 {
    @inlinable
    package var asInt64: Int64? {
        let low = Int64(bitPattern: bitPattern.w0)
        return Int256(low) == self ? low : nil
    }

    @inlinable
    package var asUInt64: UInt64? { isNegative ? nil : bitPattern.asUInt64 }

    @inlinable
    package var asUInt256: UInt256? { isNegative ? nil : bitPattern }
}
