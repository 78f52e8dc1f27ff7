import KeeperModel
import KeeperTestKit
import Referee
import Testing
import WideMath

/// The referee's numbers against the laws of arithmetic, and against the numbers they will judge.
@Suite struct RationalTests {
    private static let rounds = 400

    private func draw(_ generator: inout SeededGenerator) -> Rational {
        let whole = Rational(generator.nextUInt256())
        let sign: Rational = generator.chance(ppm: 500_000) ? 1 : -1
        let divisor = Rational(generator.nextUInt256() | .one)
        return generator.chance(ppm: 500_000) ? sign * whole : sign * whole / divisor
    }

    @Test func `sums and products keep the laws of a field`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<Self.rounds / 4 {
            let (a, b, c) = (draw(&generator), draw(&generator), draw(&generator))
            #expect(a + b == b + a)
            #expect(a + (b + c) == (a + b) + c)
            #expect(a * b == b * a)
            #expect(a * (b * c) == (a * b) * c)
            #expect(a * (b + c) == a * b + a * c)
            #expect(a - a == 0)
            if !b.isZero { #expect(a / b * b == a) }
            #expect((a < b) == (a - b).isNegative)
            #expect(a.lowestTerms == a)
        }
    }

    @Test func `rounding goes where its name says`() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<Self.rounds {
            let value = draw(&generator)
            #expect(value.floor <= value && value < value.floor + 1)
            #expect(value.ceiling >= value && value > value.ceiling - 1)
            #expect(value.towardZero.magnitude == value.magnitude.floor)
            #expect((value - value.halfUp).magnitude <= Rational(1) / 2)
        }
        #expect((Rational(5) / 2).halfUp == 3)
        #expect((Rational(-5) / 2).halfUp == -2)
        #expect(Rational(-7).floor == -7)
        #expect((Rational(-1) / 3).floor == -1)
    }

    @Test func `the root is the greatest whose square is not above`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<40 {
            let value = Rational(generator.nextUInt256())
            let root = value.squareRootFloor
            #expect(root * root <= value && (root + 1) * (root + 1) > value)
        }
    }

    @Test func `quotients are those of the keeper's own numbers`() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<Self.rounds {
            let (a, b) = (generator.nextUInt256(), generator.nextUInt256())
            let divisor = generator.nextUInt256()
            guard !divisor.isZero else { continue }
            let exact = Rational(a) * Rational(b) / Rational(divisor)
            for rounding in [Rounding.down, .up] {
                let whole = rounding == .down ? exact.floor : exact.ceiling
                // What it throws is that the quotient does not fit, which is asked next.
                let ours = try? mulDiv(a, b, dividingBy: divisor, rounding: rounding)
                #expect((ours == nil) == (whole > Rational(UInt256.max)))
                if let ours { #expect(Rational(ours) == whole) }
            }
        }
    }

    @Test func `sums and products are those of the keeper's own numbers`() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<Self.rounds {
            let (a, b) = (generator.nextUInt256(), generator.nextUInt256())
            let (sum, isOver) = a.addingReportingOverflow(b)
            #expect(isOver == (Rational(a) + Rational(b) > Rational(UInt256.max)))
            if !isOver { #expect(Rational(sum) == Rational(a) + Rational(b)) }
            #expect((a < b) == (Rational(a) < Rational(b)))
            #expect(Rational(a).description == a.description)
            #expect(Rational(decimal: a.description) == Rational(a))
        }
    }

    @Test(arguments: ["", "-", "1x", "1.5", "+1"])
    func `what is no whole number is none`(text: String) {
        #expect(Rational(decimal: text) == nil)
    }
}
