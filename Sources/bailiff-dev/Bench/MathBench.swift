import CGMP
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
    ] + narrow.besideGMP("96-bit amounts over a ray", divisor: ray)
        + wide.besideGMP("250-bit amounts, 512-bit product", divisor: .max)
}

private struct MathRig {
    private static let roundCount = 5
    fileprivate let amounts: [UInt256]

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

extension MathRig {
    /// The same quotients by GMP's own limb functions, without memory of its own, in turn in each
    /// round; the results are compared first.
    fileprivate func besideGMP(_ name: String, divisor: UInt256) -> [BenchResult] {
        var (own, peer): ([Double], [Double]) = ([], [])
        var (ownSum, peerSum) = (UInt64(0), UInt64(0))
        for _ in 0..<Self.peerRoundCount {
            own.append(
                nanoseconds {
                    for index in 1..<amounts.count {
                        // No amount of these widths overflows.
                        let value = try? mulDiv(
                            amounts[index - 1], amounts[index], dividingBy: divisor,
                            rounding: .down)
                        ownSum &+= value?.w0 ?? 0
                    }
                })
            peer.append(nanoseconds { peerSum &+= quotientsOfGMP(divisor) })
        }
        guard ownSum == peerSum else {
            return [.text("mulDiv, \(name), beside GMP", "the results differ")]
        }
        let ratios = zip(peer, own).map { $0 / $1 }
        return [
            .info(
                "mulDiv, \(name), times the speed of GMP", ratios.median, "",
                rounds: Self.peerRoundCount,
                note: "GMP \((peer.median / Double(amounts.count - 1)).text(places: 1)) ns")
        ]
    }

    private static var peerRoundCount: Int { 7 }

    private func quotientsOfGMP(_ divisor: UInt256) -> UInt64 {
        let divisorLimbs = [divisor.w0, divisor.w1, divisor.w2, divisor.w3]
        var product = [UInt64](repeating: 0, count: 8)
        var quotient = product
        var remainder = [UInt64](repeating: 0, count: 4)
        var sum: UInt64 = 0
        for index in 1..<amounts.count {
            let (a, b) = (amounts[index - 1], amounts[index])
            withUnsafeBytes(of: (a.w0, a.w1, a.w2, a.w3)) { left in
                withUnsafeBytes(of: (b.w0, b.w1, b.w2, b.w3)) { right in
                    oracle_multiply(
                        left.baseAddress?.assumingMemoryBound(to: UInt64.self),
                        right.baseAddress?.assumingMemoryBound(to: UInt64.self), &product)
                }
            }
            oracle_divide(product, divisorLimbs, &quotient, &remainder)
            sum &+= quotient[0]
        }
        return sum
    }
}

/// A short trace of a result, so that no work is left out as unused.
private struct Hex4 {
    let text: String

    init(_ limb: UInt64) { text = String(limb & 0xFFFF, radix: 16) }
}
