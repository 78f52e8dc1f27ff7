import KeeperModel
import WideMath

/// Products and quotients at the widths that health and closes use.
func runMathBench() -> [BenchResult] {
    let narrow = MathRig(bits: 96)
    let wide = MathRig(bits: 250)
    return [
        narrow.result("mulDiv, 96-bit amounts over a ray") { (a, b) throws(ArithmeticError) in
            try mulDiv(a, b, dividingBy: ray, rounding: .down)
        },
        narrow.result("narrowMulDiv, 96-bit amounts over a ray") {
            (a, b) throws(ArithmeticError) in
            try narrowMulDiv(a, b, dividingBy: ray, rounding: .halfUp)
        },
        wide.result("mulDiv, 250-bit amounts, 512-bit product") {
            (a, b) throws(ArithmeticError) in
            try mulDiv(a, b, dividingBy: .max, rounding: .down)
        },
        wide.result("full product of 250-bit amounts") { (a, b) throws(ArithmeticError) in
            a.multipliedFullWidth(by: b).high
        },
    ]
}

private struct MathRig {
    private static let roundCount = 5
    private let amounts: [UInt256]

    init(bits: Int) {
        var generator = SeededGenerator(seed: 3)
        amounts = (0..<4_096).map { _ in
            let value = UInt256(
                w0: generator.next(), w1: generator.next(), w2: generator.next(),
                w3: generator.next())
            return value >> (256 - bits)
        }
    }

    func result(
        _ name: String, _ operation: (UInt256, UInt256) throws(ArithmeticError) -> UInt256
    ) -> BenchResult {
        var sum = UInt256.zero
        let times = (0..<Self.roundCount).map { _ in
            nanoseconds {
                for index in 1..<amounts.count {
                    // No amount of these widths overflows; one that did would count as nothing.
                    let value = try? operation(amounts[index - 1], amounts[index])
                    sum = sum ^ (value ?? .zero)
                }
            } / Double(amounts.count - 1)
        }
        return .info(
            name, times.median, "ns", rounds: Self.roundCount,
            note: "sum \(Hex4(sum.w0).text)")
    }
}

/// A short trace of a result, so that no work is left out as unused.
private struct Hex4 {
    let text: String

    init(_ limb: UInt64) { text = String(limb & 0xFFFF, radix: 16) }
}
