import KeeperEngine
import KeeperModel
import LiquidationRules
import Testing

/// Goal: a tick takes out every row whose interval it left, and none that it did not leave, unless
/// the interval ends so high that it was shortened to 57 binary digits.
@Suite struct WatchIndexTests {
    @Test(arguments: [20, 57, 64, 96, 127])
    func `what is taken is what left its interval`(bits: UInt64) {
        var generator = SeededGenerator(seed: bits)
        var index = WatchIndex(variableCount: 1)
        var watches: [Watch] = []
        var value = drawn(bits, &generator)
        for row in 0..<300 {
            watches.append(watch(around: value, bits, &generator))
            index.register(row: row, watches: [watches[row]])
        }
        for _ in 0..<400 {
            value = drawn(bits, &generator)
            var taken: [Int] = []
            index.takeCrossed(variable: 0, value: value, into: &taken)
            let left = watches.indices.filter {
                value < watches[$0].low || value > watches[$0].high
            }
            #expect(Set(left).isSubset(of: taken))
            if bits <= 57 { #expect(Set(taken) == Set(left)) }
            for row in Set(taken).sorted() {
                watches[row] = watch(around: value, bits, &generator)
                index.register(row: row, watches: [watches[row]])
            }
        }
    }

    @Test func `a row that was forgotten is never taken`() {
        var index = WatchIndex(variableCount: 1)
        index.register(row: 3, watches: [Watch(variable: 0, low: 10, high: 20)])
        index.forget(row: 3)
        var taken: [Int] = []
        index.takeCrossed(variable: 0, value: 5, into: &taken)
        #expect(taken.isEmpty)
    }

    @Test func `an interval without ends is not kept at all`() {
        var index = WatchIndex(variableCount: 1)
        index.register(row: 0, watches: [Watch(variable: 0, low: 0, high: .max)])
        #expect(index.entryCount == 0)
    }

    private func drawn(_ bits: UInt64, _ generator: inout SeededGenerator) -> UInt128 {
        let wide = UInt128(generator.next()) << 64 | UInt128(generator.next())
        return wide >> (128 - generator.number(in: 1...bits))
    }

    private func watch(
        around value: UInt128, _ bits: UInt64, _ generator: inout SeededGenerator
    ) -> Watch {
        let reach = drawn(bits, &generator) % (value + 1)
        return switch generator.next() % 3 {
        case 0: Watch(variable: 0, low: value - reach, high: .max)
        case 1: Watch(variable: 0, low: 0, high: value + reach)
        default: Watch(variable: 0, low: value - reach, high: value + reach)
        }
    }
}
