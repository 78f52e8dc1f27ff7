/// An unsigned integer of 256 bits: the word of every on-chain protocol.
///
/// Four 64-bit limbs as stored properties, lowest first, so a value never touches the heap. The
/// plain operators trap on overflow like the standard integers; what may legitimately overflow has
/// a checked form that throws, a wrapping form, or a form that reports.
@frozen
package struct UInt256: Sendable {
    package var w0: UInt64
    package var w1: UInt64
    package var w2: UInt64
    package var w3: UInt64

    @inlinable
    package init(w0: UInt64, w1: UInt64, w2: UInt64, w3: UInt64) {
        self.w0 = w0
        self.w1 = w1
        self.w2 = w2
        self.w3 = w3
    }

    @inlinable
    package init(high: UInt128, low: UInt128) {
        self.init(
            w0: UInt64(truncatingIfNeeded: low), w1: UInt64(truncatingIfNeeded: low >> 64),
            w2: UInt64(truncatingIfNeeded: high), w3: UInt64(truncatingIfNeeded: high >> 64))
    }

    @inlinable
    package init(_ value: UInt64) {
        self.init(w0: value, w1: 0, w2: 0, w3: 0)
    }

    @inlinable
    package init(_ value: UInt128) {
        self.init(high: 0, low: value)
    }

    /// The value, which must be in range: a negative or too wide number here is a bug.
    @inlinable
    package init(_ value: some BinaryInteger) {
        guard let exact = UInt256(exactly: value) else {
            preconditionFailure("UInt256 holds 0 to 2^256 - 1")
        }
        self = exact
    }

    @inlinable
    package init?(exactly value: some BinaryInteger) {
        guard value >= 0 else { return nil }
        self = .zero
        for (index, word) in value.words.enumerated() where word != 0 {
            let limb = UInt64(truncatingIfNeeded: word)
            switch index {
            case 0: w0 = limb
            case 1: w1 = limb
            case 2: w2 = limb
            case 3: w3 = limb
            default: return nil
            }
        }
    }

    @inlinable
    package static var zero: UInt256 { UInt256(w0: 0, w1: 0, w2: 0, w3: 0) }

    @inlinable
    package static var one: UInt256 { UInt256(w0: 1, w1: 0, w2: 0, w3: 0) }

    @inlinable
    package static var max: UInt256 { UInt256(w0: ~0, w1: ~0, w2: ~0, w3: ~0) }

    @inlinable
    package var lowHalf: UInt128 { UInt128(w1) << 64 | UInt128(w0) }

    @inlinable
    package var highHalf: UInt128 { UInt128(w3) << 64 | UInt128(w2) }

    @inlinable
    package var isZero: Bool { w0 | w1 | w2 | w3 == 0 }
}

extension UInt256: Hashable, Comparable {
    @inlinable
    package static func == (left: UInt256, right: UInt256) -> Bool {
        (left.w0 ^ right.w0) | (left.w1 ^ right.w1) | (left.w2 ^ right.w2) | (left.w3 ^ right.w3)
            == 0
    }

    @inlinable
    package static func < (left: UInt256, right: UInt256) -> Bool {
        left.subtractingReportingOverflow(right).overflow
    }

    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(w0)
        hasher.combine(w1)
        hasher.combine(w2)
        hasher.combine(w3)
    }
}

extension UInt256: ExpressibleByIntegerLiteral {
    /// Literals of any width: `1_000_000_000_000_000_000_000_000_000` is a ray.
    @inlinable
    package init(integerLiteral literal: StaticBigInt) {
        precondition(
            literal.signum() >= 0 && literal.bitWidth <= 257, "A UInt256 literal is 0 to 2^256 - 1")
        self.init(
            w0: UInt64(literal[0]), w1: UInt64(literal[1]), w2: UInt64(literal[2]),
            w3: UInt64(literal[3]))
    }
}

// Narrower types, where the value fits them.
extension UInt256 {
    @inlinable
    package var asUInt64: UInt64? { w1 | w2 | w3 == 0 ? w0 : nil }

    @inlinable
    package var asInt64: Int64? { w1 | w2 | w3 == 0 ? Int64(exactly: w0) : nil }

    @inlinable
    package var asUInt128: UInt128? { w2 | w3 == 0 ? lowHalf : nil }
}
