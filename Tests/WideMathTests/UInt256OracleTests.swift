import KeeperModel
import KeeperTestKit
import Testing
import WideMath

/// Goal: every operation agrees with GMP, an implementation that shares nothing with ours.
@Suite struct `UInt256 against GMP` {
    static let edges: [UInt256] = [
        0, 1, 2, 3, 10, UInt256(UInt64.max), UInt256(UInt64.max) + 1, UInt256(UInt128.max),
        UInt256(UInt128.max) + 1, UInt256.max >> 1, (UInt256.max >> 1) + 1, UInt256.max - 1, .max,
        UInt256(w0: 0, w1: 0, w2: .max, w3: 1 << 63), UInt256(w0: .max, w1: 0, w2: 0, w3: 1 << 63),
        UInt256(w0: .max, w1: .max, w2: 0, w3: 1), wad, ray,
    ]

    @Test func `edge values agree in every triple`() throws {
        for a in Self.edges {
            for b in Self.edges {
                for c in Self.edges { try agree(a, b, c) }
            }
        }
    }

    @Test func `20,000 random cases agree`() throws {
        try agreeOnRandom(count: 20_000, seed: 1)
    }

    @Test(.tags(.slow), .enabled(if: slowTestsAreOn, "set BAILIFF_SLOW to run"))
    func `a million random cases agree`() throws {
        try agreeOnRandom(count: 1_000_000, seed: 2)
    }

    private func agreeOnRandom(count: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<count {
            try agree(
                generator.nextUInt256(), generator.nextUInt256(), generator.nextUInt256())
        }
    }

    private func agree(_ a: UInt256, _ b: UInt256, _ c: UInt256) throws {
        let product = a.multipliedFullWidth(by: b)
        let matches =
            a.addingReportingOverflow(b) == GMPOracle.add(a, b)
            && a.subtractingReportingOverflow(b) == GMPOracle.subtract(a, b)
            && product == GMPOracle.multiply(a, b)
            && a.multipliedReportingOverflow(by: b) == (product.low, !product.high.isZero)
            && a &* b == product.low
            && a.squareRoot() == GMPOracle.squareRoot(a)
            && a.description == GMPOracle.text(a, base: 10)
            && a.hexString == "0x" + GMPOracle.text(a, base: 16)
            && quotientsAgree(a, b, c) && mulDivAgrees(a, b, c)
        try #require(matches, "a = \(a), b = \(b), c = \(c)")
    }

    private func quotientsAgree(_ a: UInt256, _ b: UInt256, _ c: UInt256) -> Bool {
        guard !b.isZero else { return true }
        let narrow = GMPOracle.divide(high: .zero, low: a, by: b)
        guard a.quotientAndRemainder(dividingBy: b) == (narrow.low, narrow.remainder),
            FixedDivisor(b).quotientAndRemainder(dividing: a) == (narrow.low, narrow.remainder)
        else { return false }
        guard c < b else { return true }
        let wide = GMPOracle.divide(high: c, low: a, by: b)
        return b.dividingFullWidth((high: c, low: a)) == (wide.low, wide.remainder)
    }

    private func mulDivAgrees(_ a: UInt256, _ b: UInt256, _ c: UInt256) -> Bool {
        guard !c.isZero else { return true }
        let product = GMPOracle.multiply(a, b)
        let exact = GMPOracle.divide(high: product.high, low: product.low, by: c)
        return Rounding.allCases.allSatisfy { rounding in
            let goesUp =
                switch rounding {
                case .down: false
                case .up: !exact.remainder.isZero
                // The definition itself: does adding half the divisor reach the next multiple?
                case .halfUp: reaches(c, GMPOracle.add(exact.remainder, c >> 1))
                }
            let sum = GMPOracle.add(exact.low, goesUp ? 1 : 0)
            let fits = exact.high.isZero && !sum.overflow
            let ours = Result { () throws(ArithmeticError) -> UInt256 in
                try mulDiv(a, b, dividingBy: c, rounding: rounding)
            }
            return ours == (fits ? .success(sum.0) : .failure(.overflow))
        }
    }

    private func reaches(_ bound: UInt256, _ sum: (UInt256, overflow: Bool)) -> Bool {
        sum.overflow || sum.0 >= bound
    }
}
