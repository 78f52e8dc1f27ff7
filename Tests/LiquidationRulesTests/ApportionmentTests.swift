import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

@Suite struct ApportionmentTests {
    /// Goal: nothing is lost or made, and no part is a whole unit away from its exact share.
    @Test func `every unit is given out and nobody gets a unit more than a share`() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<5_000 {
            let total = Int256(Int64.random(in: 0...1_000_000, using: &generator))
            let weights = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                Int256(Int64.random(in: 0...50, using: &generator))
            }
            let weightSum = weights.reduce(.zero, +)
            let parts = split(total, by: weights)
            try #require(parts.reduce(.zero, +) == (weightSum.isZero ? 0 : total))
            for (part, weight) in zip(parts, weights) where weightSum > 0 {
                let distance = part * weightSum - total * weight
                try #require(-weightSum < distance && distance < weightSum)
                try #require(weight > 0 || part.isZero)
            }
            let capped = split(total, upTo: weights)
            try #require(zip(capped, weights).allSatisfy { $0 <= $1 })
            try #require(capped.reduce(.zero, +) == min(total, weightSum))
        }
    }

    @Test func `equal remainders go to the earlier entry`() {
        #expect(split(10, by: [1, 1, 1]) == [4, 3, 3])
        #expect(split(2, by: [1, 1, 1]) == [1, 1, 0])
        #expect(split(5, by: [0, 0]) == [0, 0])
    }

    @Test func `fractions are kept in lowest terms and compared exactly`() {
        #expect(ExactFraction(-6, over: -4).description == "3/2")
        #expect(ExactFraction(0, over: -7).description == "0/1")
        #expect(ExactFraction(-1, over: 3) < ExactFraction(-333_333, over: 1_000_000))
    }

    @Test func `dividing a negative amount stops the program`() async {
        await #expect(processExitsWith: .failure) { _ = split(-1, by: [1]) }
    }
}
