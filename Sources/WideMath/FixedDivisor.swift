/// A divisor that is used again and again: its reciprocal is computed once, and a division becomes
/// two products and at most two corrections (Granlund and Montgomery, "Division by invariant
/// integers using multiplication", 1994).
@frozen
package struct FixedDivisor: Hashable, Sendable {
    package let value: UInt256
    /// The largest number of 256 bits over the divisor, rounded down.
    @usableFromInline let reciprocal: UInt256

    package init(_ value: UInt256) {
        precondition(!value.isZero, "Nothing is divided by zero")
        self.value = value
        reciprocal = UInt256.max / value
    }

    @inlinable
    package func quotientAndRemainder(
        dividing dividend: UInt256
    ) -> (quotient: UInt256, remainder: UInt256) {
        // The estimate is never too high, and at most two too low.
        var quotient = dividend.multipliedFullWidth(by: reciprocal).high
        var remainder = dividend &- quotient &* value
        while remainder >= value {
            quotient = quotient &+ .one
            remainder = remainder &- value
        }
        return (quotient, remainder)
    }

    /// `a * b / divisor` by the rule of `narrowMulDiv`.
    @inlinable
    package func narrowMulDiv(
        _ a: UInt256, _ b: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        let product = try a.checkedMultiply(b)
        switch rounding {
        case .down: return quotientAndRemainder(dividing: product).quotient
        case .up:
            let (quotient, remainder) = quotientAndRemainder(dividing: product)
            return remainder.isZero ? quotient : try quotient.checkedAdd(.one)
        case .halfUp:
            return quotientAndRemainder(dividing: try product.checkedAdd(value >> 1)).quotient
        }
    }
}
