/// Products: schoolbook, one row of four limbs at a time.

extension UInt256 {
    /// `self * factor + addend`, five limbs; it cannot overflow them.
    @inlinable
    @inline(__always)
    package func multipliedByLimb(
        _ factor: UInt64, adding addend: UInt256
    ) -> (high: UInt64, low: UInt256) {
        let (h0, l0) = multiplyAdd(w0, factor, addend.w0, 0)
        let (h1, l1) = multiplyAdd(w1, factor, addend.w1, h0)
        let (h2, l2) = multiplyAdd(w2, factor, addend.w2, h1)
        let (h3, l3) = multiplyAdd(w3, factor, addend.w3, h2)
        return (h3, UInt256(w0: l0, w1: l1, w2: l2, w3: l3))
    }

    @inlinable
    package func multipliedFullWidth(by other: UInt256) -> (high: UInt256, low: UInt256) {
        let r0 = multipliedByLimb(other.w0, adding: .zero)
        let r1 = multipliedByLimb(other.w1, adding: r0.low.droppingLowLimb(high: r0.high))
        let r2 = multipliedByLimb(other.w2, adding: r1.low.droppingLowLimb(high: r1.high))
        let r3 = multipliedByLimb(other.w3, adding: r2.low.droppingLowLimb(high: r2.high))
        let low = UInt256(w0: r0.low.w0, w1: r1.low.w0, w2: r2.low.w0, w3: r3.low.w0)
        return (r3.low.droppingLowLimb(high: r3.high), low)
    }

    @inlinable
    @inline(__always)
    package func droppingLowLimb(high: UInt64) -> UInt256 {
        UInt256(w0: w1, w1: w2, w2: w3, w3: high)
    }

    @inlinable
    package func multipliedReportingOverflow(
        by other: UInt256
    ) -> (partialValue: UInt256, overflow: Bool) {
        // Most amounts have two limbs, and their product cannot overflow four.
        if w2 | w3 | other.w2 | other.w3 == 0 {
            let (high, low) = lowHalf.multipliedFullWidth(by: other.lowHalf)
            return (UInt256(high: high, low: low), false)
        }
        let (high, low) = multipliedFullWidth(by: other)
        return (low, !high.isZero)
    }

    @inlinable
    package func checkedMultiply(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        guard !overflow else { throw .overflow }
        return product
    }

    /// The product, or the largest value where it would not fit.
    @inlinable
    package func saturatingMultiply(_ factor: UInt64) -> UInt256 {
        let (high, low) = multipliedByLimb(factor, adding: .zero)
        return high == 0 ? low : .max
    }

    @inlinable
    package static func * (left: UInt256, right: UInt256) -> UInt256 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        precondition(!overflow, "UInt256 multiplication overflowed")
        return product
    }

    @inlinable
    package static func &* (left: UInt256, right: UInt256) -> UInt256 {
        left.lowProduct(with: right)
    }

    /// The product modulo 2^256: ten of the sixteen partial products.
    @inlinable
    package func lowProduct(with other: UInt256) -> UInt256 {
        let r0 = multipliedByLimb(other.w0, adding: .zero).low
        let (h10, p1) = multiplyAdd(w0, other.w1, r0.w1, 0)
        let (h11, p2) = multiplyAdd(w1, other.w1, r0.w2, h10)
        let p3 = r0.w3 &+ w2 &* other.w1 &+ h11
        let (h20, q2) = multiplyAdd(w0, other.w2, p2, 0)
        let q3 = p3 &+ w1 &* other.w2 &+ h20 &+ w0 &* other.w3
        return UInt256(w0: r0.w0, w1: p1, w2: q2, w3: q3)
    }

    @inlinable
    package static func *= (left: inout UInt256, right: UInt256) { left = left * right }

    /// Ten to the power, as decimals of tokens and prices need it.
    package static func powerOfTen(_ exponent: Int) throws(ArithmeticError) -> UInt256 {
        guard powersOfTen.indices.contains(exponent) else { throw .overflow }
        return powersOfTen[exponent]
    }

    /// 10^77 is the largest below 2^256. Units of assets are asked for at every price.
    private static let powersOfTen: [UInt256] = (0..<77).reduce(into: [.one]) { powers, place in
        powers.append(powers[place] &* 10)
    }
}

/// `left * right + first + second`, which always fits two limbs.
@inlinable
@inline(__always)
package func multiplyAdd(
    _ left: UInt64, _ right: UInt64, _ first: UInt64, _ second: UInt64
) -> (high: UInt64, low: UInt64) {
    let (high, low) = left.multipliedFullWidth(by: right)
    let (partial, carry0) = low.addingReportingOverflow(first)
    let (sum, carry1) = partial.addingReportingOverflow(second)
    return (high &+ (carry0 ? 1 : 0) &+ (carry1 ? 1 : 0), sum)
}
