import CGMP
import WideMath

/// GMP's answers in our types.
enum GMPOracle {
    static func add(_ a: UInt256, _ b: UInt256) -> (UInt256, overflow: Bool) {
        var sum = [UInt64](repeating: 0, count: 4)
        let carry = oracle_add(limbs(a), limbs(b), &sum)
        return (number(sum[0..<4]), carry != 0)
    }

    static func subtract(_ a: UInt256, _ b: UInt256) -> (UInt256, overflow: Bool) {
        var difference = [UInt64](repeating: 0, count: 4)
        let borrow = oracle_subtract(limbs(a), limbs(b), &difference)
        return (number(difference[0..<4]), borrow != 0)
    }

    static func multiply(_ a: UInt256, _ b: UInt256) -> (high: UInt256, low: UInt256) {
        var product = [UInt64](repeating: 0, count: 8)
        oracle_multiply(limbs(a), limbs(b), &product)
        return (number(product[4..<8]), number(product[0..<4]))
    }

    /// The quotient's two halves and the remainder.
    static func divide(
        high: UInt256, low: UInt256, by divisor: UInt256
    ) -> (high: UInt256, low: UInt256, remainder: UInt256) {
        var quotient = [UInt64](repeating: 0, count: 8)
        var remainder = [UInt64](repeating: 0, count: 4)
        oracle_divide(limbs(low) + limbs(high), limbs(divisor), &quotient, &remainder)
        return (number(quotient[4..<8]), number(quotient[0..<4]), number(remainder[0..<4]))
    }

    static func squareRoot(_ value: UInt256) -> UInt256 {
        var root = [UInt64](repeating: 0, count: 4)
        oracle_square_root(limbs(value), &root)
        return number(root[0..<4])
    }

    static func text(_ value: UInt256, base: Int32) -> String {
        var text = [CChar](repeating: 0, count: 80)
        oracle_text(limbs(value), base, &text)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    private static func limbs(_ value: UInt256) -> [UInt64] {
        [value.w0, value.w1, value.w2, value.w3]
    }

    private static func number(_ limbs: ArraySlice<UInt64>) -> UInt256 {
        let first = limbs.startIndex
        return UInt256(
            w0: limbs[first], w1: limbs[first + 1], w2: limbs[first + 2], w3: limbs[first + 3])
    }
}
