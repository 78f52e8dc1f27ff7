package import WideMath

/// An exact fraction of any size. Nothing is rounded until somebody says so by name.
///
/// Fractions are compared by cross multiplication and brought to lowest terms only on request.
package struct Rational: Sendable {
    /// Never true for zero.
    package let isNegative: Bool
    let numerator: Natural
    let denominator: Natural

    init(_ numerator: Natural, over denominator: Natural = .one, isNegative: Bool = false) {
        precondition(!denominator.isZero, "Nothing is divided by zero: callers ask first")
        self.isNegative = isNegative && !numerator.isZero
        self.numerator = numerator
        self.denominator = numerator.isZero ? .one : denominator
    }

    package init(_ value: UInt256) { self.init(Natural(value)) }

    package init(_ value: Int256) {
        self.init(Natural(value.magnitude), isNegative: value.isNegative)
    }

    package init(_ value: UInt64) { self.init(Natural(word: value)) }

    package init(_ value: Int64) {
        self.init(Natural(word: value.magnitude), isNegative: value < 0)
    }

    /// A whole number as text, with a sign perhaps.
    package init?(decimal text: String) {
        let isNegative = text.hasPrefix("-")
        guard let magnitude = Natural(decimal: String(text.dropFirst(isNegative ? 1 : 0))) else {
            return nil
        }
        self.init(magnitude, isNegative: isNegative)
    }

    package static func powerOfTen(_ exponent: UInt8) -> Rational {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    package var isZero: Bool { numerator.isZero }
    package var isPositive: Bool { !isNegative && !isZero }
    package var isWhole: Bool { self == floor }
    package var magnitude: Rational { isNegative ? -self : self }
}

extension Rational: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int64) { self.init(value) }
}

extension Rational: Comparable {
    package static func == (left: Rational, right: Rational) -> Bool {
        left.isNegative == right.isNegative
            && left.numerator * right.denominator == right.numerator * left.denominator
    }

    package static func < (left: Rational, right: Rational) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        let (mine, other) = (
            left.numerator * right.denominator, right.numerator * left.denominator
        )
        return left.isNegative ? other < mine : mine < other
    }
}

extension Rational {
    package static prefix func - (value: Rational) -> Rational {
        Rational(value.numerator, over: value.denominator, isNegative: !value.isNegative)
    }

    package static func + (left: Rational, right: Rational) -> Rational {
        let mine = left.numerator * right.denominator
        let other = right.numerator * left.denominator
        let denominator = left.denominator * right.denominator
        if left.isNegative == right.isNegative {
            return Rational(mine + other, over: denominator, isNegative: left.isNegative)
        }
        return mine >= other
            ? Rational(mine - other, over: denominator, isNegative: left.isNegative)
            : Rational(other - mine, over: denominator, isNegative: right.isNegative)
    }

    package static func - (left: Rational, right: Rational) -> Rational { left + -right }

    package static func * (left: Rational, right: Rational) -> Rational {
        Rational(
            left.numerator * right.numerator, over: left.denominator * right.denominator,
            isNegative: left.isNegative != right.isNegative)
    }

    package static func / (left: Rational, right: Rational) -> Rational {
        Rational(
            left.numerator * right.denominator, over: left.denominator * right.numerator,
            isNegative: left.isNegative != right.isNegative)
    }

    package static func += (left: inout Rational, right: Rational) { left = left + right }
    package static func -= (left: inout Rational, right: Rational) { left = left - right }
}

// Where a rule rounds, it says which way.
extension Rational {
    /// The greatest whole number that is not above.
    package var floor: Rational {
        guard !denominator.isOne else { return self }
        let (quotient, remainder) = numerator.divided(by: denominator)
        guard isNegative, !remainder.isZero else {
            return Rational(quotient, isNegative: isNegative)
        }
        return Rational(quotient + .one, isNegative: true)
    }

    /// The least whole number that is not below.
    package var ceiling: Rational { -(-self).floor }

    /// The nearest whole number, a half goes up.
    package var halfUp: Rational { (self + Rational(1) / 2).floor }

    package var towardZero: Rational { isNegative ? ceiling : floor }

    /// The greatest whole number whose square is not above.
    package var squareRootFloor: Rational {
        precondition(!isNegative, "Only what is not negative has a root")
        var root = Rational(0)
        var step = Rational(1)
        while step * step <= self { step = step * 2 }
        while step >= 1 {
            if (root + step) * (root + step) <= self { root += step }
            step = (step / 2).lowestTerms
        }
        return root
    }

    /// The same value with nothing in common between its two parts.
    package var lowestTerms: Rational {
        var (divisor, rest) = (numerator, denominator)
        while !rest.isZero { (divisor, rest) = (rest, divisor.divided(by: rest).remainder) }
        guard !divisor.isZero else { return self }
        return Rational(
            numerator.divided(by: divisor).quotient,
            over: denominator.divided(by: divisor).quotient, isNegative: isNegative)
    }
}

extension Rational: CustomStringConvertible {
    package var description: String {
        let (sign, reduced) = (isNegative ? "-" : "", lowestTerms)
        return sign + reduced.numerator.description
            + (reduced.denominator.isOne ? "" : "/" + reduced.denominator.description)
    }
}

extension Sequence where Element == Rational {
    package var sum: Rational { reduce(0, +) }
}
