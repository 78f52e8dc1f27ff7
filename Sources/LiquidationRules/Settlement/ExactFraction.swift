package import WideMath

/// A rational number in lowest terms, its denominator positive. What two of them are multiplied to
/// must fit 256 bits, which holds for the scores of `settlement.md` section 5.
package struct ExactFraction: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let numerator: Int256
    package let denominator: Int256

    package init(_ numerator: Int256, over denominator: Int256) {
        precondition(!denominator.isZero, "A fraction has a denominator other than zero")
        let divisor = Int256(
            bitPattern: greatestCommonDivisor(numerator.magnitude, denominator.magnitude))
        let sign: Int256 = denominator.isNegative ? -1 : 1
        self.numerator = numerator / divisor * sign
        self.denominator = denominator / divisor * sign
    }

    package static func < (left: ExactFraction, right: ExactFraction) -> Bool {
        left.numerator * right.denominator < right.numerator * left.denominator
    }

    package init(_ integer: Int256) { self.init(integer, over: 1) }

    package static func + (left: ExactFraction, right: ExactFraction) -> ExactFraction {
        ExactFraction(
            left.numerator * right.denominator + right.numerator * left.denominator,
            over: left.denominator * right.denominator)
    }

    package static func - (left: ExactFraction, right: ExactFraction) -> ExactFraction {
        ExactFraction(
            left.numerator * right.denominator - right.numerator * left.denominator,
            over: left.denominator * right.denominator)
    }

    package static func * (left: ExactFraction, right: ExactFraction) -> ExactFraction {
        ExactFraction(
            left.numerator * right.numerator, over: left.denominator * right.denominator)
    }

    package static func / (left: ExactFraction, right: ExactFraction) -> ExactFraction {
        ExactFraction(
            left.numerator * right.denominator, over: left.denominator * right.numerator)
    }

    package var description: String { "\(numerator)/\(denominator)" }
}

private func greatestCommonDivisor(_ first: UInt256, _ second: UInt256) -> UInt256 {
    var (larger, smaller) = (first, second)
    while !smaller.isZero { (larger, smaller) = (smaller, larger % smaller) }
    return larger
}
