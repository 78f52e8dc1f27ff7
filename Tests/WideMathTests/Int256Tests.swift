import KeeperModel
import KeeperTestKit
import Testing
import WideMath

@Suite struct `Int256 behaviour` {
    /// Goal: on 64-bit operands every answer is the standard library's, in 128 bits.
    @Test func `small numbers behave like Int128`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let (left, right) = (nextInt64(&generator), nextInt64(&generator))
            let (a, b) = (Int256(left), Int256(right))
            let (x, y) = (Int128(left), Int128(right))
            try #require(a + b == Int256(x + y) && a - b == Int256(x - y) && a * b == Int256(x * y))
            try #require((a < b) == (x < y) && -a == Int256(-x))
            try #require(a.magnitude == UInt256(x.magnitude) && a.description == x.description)
            guard y != 0 else { continue }
            try #require(a / b == Int256(x / y) && a % b == Int256(x % y))
            for rounding in Rounding.allCases {
                let quotient = try a.divided(by: b, rounding: rounding)
                try #require(quotient == Int256(rounded(x, y, rounding)))
            }
        }
    }

    private func nextInt64(_ generator: inout SeededGenerator) -> Int64 {
        Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<64, using: &generator)
    }

    /// By definition: floor of x/y, of (x + y - 1)/y, of (2x + y)/2y, for a positive divisor.
    private func rounded(_ x: Int128, _ y: Int128, _ rounding: Rounding) -> Int128 {
        if y < 0 { return rounded(-x, -y, rounding) }
        return switch rounding {
        case .down: floor(x, y)
        case .up: floor(x + y - 1, y)
        case .halfUp: floor(2 * x + y, 2 * y)
        }
    }

    private func floor(_ x: Int128, _ y: Int128) -> Int128 {
        x / y - (x % y < 0 ? 1 : 0)
    }

    @Test func `wide numbers obey the laws of a ring`() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<10_000 {
            let a = Int256(bitPattern: generator.nextUInt256())
            let b = Int256(bitPattern: generator.nextUInt256())
            try #require((a &+ b) &- b == a)
            try #require((a &- b) &* a == (a &* a) &- (b &* a))
            try #require(b.isZero || a == .min || (a / b) * b + a % b == a)
            let product = a.multipliedReportingOverflow(by: b)
            try #require(product.partialValue == a &* b)
            try #require(product.overflow || b.isZero || product.partialValue / b == a)
        }
    }

    @Test func `the ends of the range throw or hold`() throws {
        #expect(throws: ArithmeticError.overflow) { try Int256.max.checkedAdd(1) }
        #expect(throws: ArithmeticError.overflow) { try Int256.min.checkedSubtract(1) }
        #expect(throws: ArithmeticError.overflow) { try Int256.min.checkedNegate() }
        #expect(throws: ArithmeticError.overflow) { try Int256.min.checkedMultiply(-1) }
        #expect(throws: ArithmeticError.overflow) {
            try Int256.min.divided(by: -1, rounding: .down)
        }
        #expect(throws: ArithmeticError.divisionByZero) {
            try Int256.one.divided(by: 0, rounding: .down)
        }
        #expect(try Int256.min.checkedMultiply(1) == .min)
        #expect(Int256.min.magnitude == UInt256.one << 255)
        #expect(Int256.min.description == "-" + (UInt256.one << 255).description)
        #expect(Int256(decimal: (UInt256.one << 255).description) == nil)
        #expect(Int256(decimal: Int256.min.description) == .min)
        #expect(Int256(exactly: UInt256.one << 255) == nil)
        #expect(Int256.min < -1 && Int256(-1) < 0 && 0 < Int256.max)
    }

    @Test(arguments: ["", "-", "--1", "+1", "1-"])
    func `text that is not a decimal number is refused`(text: String) {
        #expect(Int256(decimal: text) == nil)
    }

    @Test func `conversions are exact or nil`() {
        #expect(Int256(Int64.min).asInt64 == .min)
        #expect((Int256(Int64.max) + 1).asInt64 == nil)
        #expect((Int256(Int64.min) - 1).asInt64 == nil)
        #expect(Int256(-1).asUInt64 == nil)
        #expect(Int256(-1).asUInt256 == nil)
        #expect(Int256(UInt64.max).asUInt64 == .max)
        #expect(Int256(-3).signum == -1 && Int256.zero.signum == 0 && Int256.one.signum == 1)
    }
}
