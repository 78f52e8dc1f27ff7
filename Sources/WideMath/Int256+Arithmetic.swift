/// The arithmetic of `Int256`.

extension Int256 {
    @inlinable
    package func addingReportingOverflow(
        _ other: Int256
    ) -> (partialValue: Int256, overflow: Bool) {
        let sum = Int256(bitPattern: bitPattern &+ other.bitPattern)
        let overflow = isNegative == other.isNegative && sum.isNegative != isNegative
        return (sum, overflow)
    }

    @inlinable
    package func subtractingReportingOverflow(
        _ other: Int256
    ) -> (partialValue: Int256, overflow: Bool) {
        let difference = Int256(bitPattern: bitPattern &- other.bitPattern)
        let overflow = isNegative != other.isNegative && difference.isNegative != isNegative
        return (difference, overflow)
    }

    @inlinable
    package func multipliedReportingOverflow(
        by other: Int256
    ) -> (partialValue: Int256, overflow: Bool) {
        let (magnitude, wide) = magnitude.multipliedReportingOverflow(by: other.magnitude)
        let exact = Int256(magnitude: magnitude, isNegative: isNegative != other.isNegative)
        guard let exact, !wide else {
            return (Int256(bitPattern: bitPattern &* other.bitPattern), true)
        }
        return (exact, false)
    }

    @inlinable
    package func checkedAdd(_ other: Int256) throws(ArithmeticError) -> Int256 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow else { throw .overflow }
        return sum
    }

    @inlinable
    package func checkedSubtract(_ other: Int256) throws(ArithmeticError) -> Int256 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        guard !overflow else { throw .overflow }
        return difference
    }

    @inlinable
    package func checkedMultiply(_ other: Int256) throws(ArithmeticError) -> Int256 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        guard !overflow else { throw .overflow }
        return product
    }

    @inlinable
    package func checkedNegate() throws(ArithmeticError) -> Int256 {
        try Int256.zero.checkedSubtract(self)
    }

    /// The quotient rounded as asked: `down` is floor, `up` is ceiling, `halfUp` breaks a tie
    /// toward positive infinity, whatever the signs.
    @inlinable
    package func divided(by divisor: Int256, rounding: Rounding) throws(ArithmeticError) -> Int256 {
        guard !divisor.isZero else { throw .divisionByZero }
        let isNegative = isNegative != divisor.isNegative
        let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let complement = divisor.magnitude - remainder
        let growsMagnitude =
            switch rounding {
            case .down: isNegative && !remainder.isZero
            case .up: !isNegative && !remainder.isZero
            case .halfUp: isNegative ? remainder > complement : remainder >= complement
            }
        let magnitude = growsMagnitude ? try quotient.checkedAdd(.one) : quotient
        guard let result = Int256(magnitude: magnitude, isNegative: isNegative) else {
            throw .overflow
        }
        return result
    }

    /// The same where the divisor is known not to be zero: anything else is a bug.
    @inlinable
    package func quotient(dividingBy divisor: Int256, rounding: Rounding) -> Int256 {
        do {
            return try divided(by: divisor, rounding: rounding)
        } catch {
            preconditionFailure("Int256 division by zero, or of the lowest number by -1")
        }
    }

    /// Toward zero, the remainder with the sign of the dividend.
    @inlinable
    package func quotientAndRemainder(
        dividingBy divisor: Int256
    ) -> (quotient: Int256, remainder: Int256) {
        precondition(!divisor.isZero, "Int256 division by zero")
        let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let signed = Int256(magnitude: quotient, isNegative: isNegative != divisor.isNegative)
        guard let signed else { preconditionFailure("Int256 division overflowed") }
        let pattern = isNegative ? UInt256.zero &- remainder : remainder
        return (signed, Int256(bitPattern: pattern))
    }
}

extension Int256 {
    @inlinable
    package static func + (left: Int256, right: Int256) -> Int256 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        precondition(!overflow, "Int256 addition overflowed")
        return sum
    }

    @inlinable
    package static func - (left: Int256, right: Int256) -> Int256 {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        precondition(!overflow, "Int256 subtraction overflowed")
        return difference
    }

    @inlinable
    package static func * (left: Int256, right: Int256) -> Int256 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        precondition(!overflow, "Int256 multiplication overflowed")
        return product
    }

    @inlinable
    package static func / (left: Int256, right: Int256) -> Int256 {
        left.quotientAndRemainder(dividingBy: right).quotient
    }

    @inlinable
    package static func % (left: Int256, right: Int256) -> Int256 {
        left.quotientAndRemainder(dividingBy: right).remainder
    }

    @inlinable
    package static prefix func - (value: Int256) -> Int256 { .zero - value }

    @inlinable
    package static func &+ (left: Int256, right: Int256) -> Int256 {
        Int256(bitPattern: left.bitPattern &+ right.bitPattern)
    }

    @inlinable
    package static func &- (left: Int256, right: Int256) -> Int256 {
        Int256(bitPattern: left.bitPattern &- right.bitPattern)
    }

    @inlinable
    package static func &* (left: Int256, right: Int256) -> Int256 {
        Int256(bitPattern: left.bitPattern &* right.bitPattern)
    }

    @inlinable
    package static func += (left: inout Int256, right: Int256) { left = left + right }

    @inlinable
    package static func -= (left: inout Int256, right: Int256) { left = left - right }
}
