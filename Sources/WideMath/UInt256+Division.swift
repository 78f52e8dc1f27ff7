/// Quotients: Knuth's algorithm D (The Art of Computer Programming, volume 2, 4.3.1) with 64-bit
/// digits, on a divisor shifted so that its top bit is set. The running remainder is always below
/// the divisor, so it stays in four limbs and no array is needed.

extension UInt256 {
    @inlinable
    package func quotientAndRemainder(
        dividingBy divisor: UInt256
    ) -> (quotient: UInt256, remainder: UInt256) {
        precondition(!divisor.isZero, "UInt256 division by zero")
        if self < divisor { return (.zero, self) }
        if w2 | w3 == 0 {
            let (quotient, remainder) = lowHalf.quotientAndRemainder(dividingBy: divisor.lowHalf)
            return (UInt256(quotient), UInt256(remainder))
        }
        return divisor.dividingFullWidth((high: .zero, low: self))
    }

    /// Divides 512 bits by this number. The high half must be below it, or the quotient would not
    /// fit.
    package func dividingFullWidth(
        _ dividend: (high: UInt256, low: UInt256)
    ) -> (quotient: UInt256, remainder: UInt256) {
        precondition(dividend.high < self, "The quotient of a full-width division fits 256 bits")
        if w1 | w2 | w3 == 0 { return dividingByOneLimb(dividend) }
        let shift = leadingZeroBitCount
        let divisor = self << shift
        let low = dividend.low << shift
        let start = (dividend.high << shift) | (dividend.low >> (256 - shift))
        let (q3, r3) = quotientDigit(of: start, low.w3, by: divisor)
        let (q2, r2) = quotientDigit(of: r3, low.w2, by: divisor)
        let (q1, r1) = quotientDigit(of: r2, low.w1, by: divisor)
        let (q0, r0) = quotientDigit(of: r1, low.w0, by: divisor)
        return (UInt256(w0: q0, w1: q1, w2: q2, w3: q3), r0 >> shift)
    }

    private func dividingByOneLimb(
        _ dividend: (high: UInt256, low: UInt256)
    ) -> (quotient: UInt256, remainder: UInt256) {
        let low = dividend.low
        let (q3, r3) = w0.dividingFullWidth((dividend.high.w0, low.w3))
        let (q2, r2) = w0.dividingFullWidth((r3, low.w2))
        let (q1, r1) = w0.dividingFullWidth((r2, low.w1))
        let (q0, r0) = w0.dividingFullWidth((r1, low.w0))
        return (UInt256(w0: q0, w1: q1, w2: q2, w3: q3), UInt256(r0))
    }

    /// The quotient rounded as asked; throws when the divisor is zero or rounding passes the top.
    @inlinable
    package func divided(
        by divisor: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        guard !divisor.isZero else { throw .divisionByZero }
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return try quotient.rounded(rounding, remainder: remainder, divisor: divisor)
    }

    /// One more where the remainder asks for it. `halfUp` is `(a + d/2) div d`: for an odd divisor
    /// no remainder is a tie, so the same comparison serves both.
    @inlinable
    package func rounded(
        _ rounding: Rounding, remainder: UInt256, divisor: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        let goesUp =
            switch rounding {
            case .down: false
            case .up: !remainder.isZero
            case .halfUp: remainder >= divisor - remainder
            }
        return goesUp ? try checkedAdd(.one) : self
    }

    @inlinable
    package static func / (left: UInt256, right: UInt256) -> UInt256 {
        left.quotientAndRemainder(dividingBy: right).quotient
    }

    @inlinable
    package static func % (left: UInt256, right: UInt256) -> UInt256 {
        left.quotientAndRemainder(dividingBy: right).remainder
    }
}

/// One digit of `(remainder, next) / divisor`, where the remainder is below the divisor and the
/// divisor's top bit is set: the estimate from the top limbs is then at most two too high.
private func quotientDigit(
    of remainder: UInt256, _ next: UInt64, by divisor: UInt256
) -> (digit: UInt64, remainder: UInt256) {
    var digit =
        remainder.w3 >= divisor.w3
        ? UInt64.max : divisor.w3.dividingFullWidth((remainder.w3, remainder.w2)).quotient
    let product = divisor.multipliedByLimb(digit, adding: .zero)
    let current = UInt256(w0: next, w1: remainder.w0, w2: remainder.w1, w3: remainder.w2)
    let (low, borrow) = current.subtractingReportingOverflow(product.low)
    var rest = low
    var high = remainder.w3 &- product.high &- (borrow ? 1 : 0)
    while high != 0 {
        digit &-= 1
        let (sum, carry) = rest.addingReportingOverflow(divisor)
        rest = sum
        high &+= carry ? 1 : 0
    }
    return (digit, rest)
}

/// `a * b / divisor` with a product of 512 bits: only a result that does not fit throws. The rule
/// of protocols whose contracts use a full-width mulDiv.
package func mulDiv(
    _ a: UInt256, _ b: UInt256, dividingBy divisor: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    guard !divisor.isZero else { throw .divisionByZero }
    let product = a.multipliedFullWidth(by: b)
    if product.high.isZero { return try product.low.divided(by: divisor, rounding: rounding) }
    guard product.high < divisor else { throw .overflow }
    let (quotient, remainder) = divisor.dividingFullWidth(product)
    return try quotient.rounded(rounding, remainder: remainder, divisor: divisor)
}

/// `a * b / divisor` where the product, with the half that `halfUp` adds, must fit 256 bits: the
/// rule of contracts that multiply in one word and revert on overflow.
package func narrowMulDiv(
    _ a: UInt256, _ b: UInt256, dividingBy divisor: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    guard !divisor.isZero else { throw .divisionByZero }
    let product = try a.checkedMultiply(b)
    guard rounding == .halfUp else {
        return try product.divided(by: divisor, rounding: rounding)
    }
    return try product.checkedAdd(divisor >> 1) / divisor
}
