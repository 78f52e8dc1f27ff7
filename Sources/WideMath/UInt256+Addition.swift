/// Sums and differences, in the four forms of the standard integers and the checked one.

extension UInt256 {
    @inlinable
    package func addingReportingOverflow(
        _ other: UInt256
    ) -> (partialValue: UInt256, overflow: Bool) {
        let (s0, c0) = w0.addingReportingOverflow(other.w0)
        let (s1, c1) = addWithCarry(w1, other.w1, c0)
        let (s2, c2) = addWithCarry(w2, other.w2, c1)
        let (s3, c3) = addWithCarry(w3, other.w3, c2)
        return (UInt256(w0: s0, w1: s1, w2: s2, w3: s3), c3)
    }

    @inlinable
    package func subtractingReportingOverflow(
        _ other: UInt256
    ) -> (partialValue: UInt256, overflow: Bool) {
        let (d0, b0) = w0.subtractingReportingOverflow(other.w0)
        let (d1, b1) = subtractWithBorrow(w1, other.w1, b0)
        let (d2, b2) = subtractWithBorrow(w2, other.w2, b1)
        let (d3, b3) = subtractWithBorrow(w3, other.w3, b2)
        return (UInt256(w0: d0, w1: d1, w2: d2, w3: d3), b3)
    }

    @inlinable
    package func checkedAdd(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow else { throw .overflow }
        return sum
    }

    /// Throws `overflow` when the difference would be negative.
    @inlinable
    package func checkedSubtract(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        guard !overflow else { throw .overflow }
        return difference
    }

    /// The difference, or zero where it would be negative.
    @inlinable
    package func saturatingSubtract(_ other: UInt256) -> UInt256 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .zero : difference
    }

    /// The sum, or the largest value where it would not fit.
    @inlinable
    package func saturatingAdd(_ other: UInt256) -> UInt256 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    @inlinable
    package static func + (left: UInt256, right: UInt256) -> UInt256 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        precondition(!overflow, "UInt256 addition overflowed")
        return sum
    }

    @inlinable
    package static func - (left: UInt256, right: UInt256) -> UInt256 {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        precondition(!overflow, "UInt256 subtraction overflowed")
        return difference
    }

    @inlinable
    package static func &+ (left: UInt256, right: UInt256) -> UInt256 {
        left.addingReportingOverflow(right).partialValue
    }

    @inlinable
    package static func &- (left: UInt256, right: UInt256) -> UInt256 {
        left.subtractingReportingOverflow(right).partialValue
    }

    @inlinable
    package static func += (left: inout UInt256, right: UInt256) { left = left + right }

    @inlinable
    package static func -= (left: inout UInt256, right: UInt256) { left = left - right }
}

@inlinable
package func addWithCarry(_ left: UInt64, _ right: UInt64, _ carry: Bool) -> (UInt64, Bool) {
    let (partial, first) = left.addingReportingOverflow(right)
    let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
    return (sum, first || second)
}

@inlinable
package func subtractWithBorrow(_ left: UInt64, _ right: UInt64, _ borrow: Bool) -> (UInt64, Bool) {
    let (partial, first) = left.subtractingReportingOverflow(right)
    let (difference, second) = partial.subtractingReportingOverflow(borrow ? 1 : 0)
    return (difference, first || second)
}
