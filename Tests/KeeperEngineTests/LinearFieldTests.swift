import CKernels
import KeeperEngine
import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

/// Goal: a bound never clears an account that the exact rule would not, whichever kernel is used,
/// and however small, large or near its line the account is.
@Suite struct LinearFieldTests {
    @Test(arguments: AaveGeneration.allCases, [1, 2])
    func `no scan misses an account that the exact rule finds`(
        generation: AaveGeneration, seed: Int
    ) {
        var walk = HardBook(generation, seed: UInt64(seed))
        var below = 0
        for _ in 0..<12 {
            walk.step()
            let exact = walk.exactCount
            below += exact
            for kernel in ScanKernel.allCases {
                guard let found = walk.book.scanCount(with: kernel) else { continue }
                #expect(found.below == exact, "\(kernel)")
            }
            #expect(walk.book.disagreements().isEmpty)
        }
        #expect(below > 20, "a book without anybody below shows nothing")
    }

    @Test(arguments: AaveGeneration.allCases)
    func `all lines are exact after every change`(generation: AaveGeneration) {
        var walk = HardBook(
            generation, seed: 9, moreLines: [.armed(marginPpm: 50_000), .insolvent])
        for _ in 0..<30 {
            walk.step()
            #expect(walk.book.disagreements().isEmpty)
        }
        for line in [AccountLine.eligible, .armed(marginPpm: 50_000), .insolvent] {
            #expect(walk.crossings.contains { $0.line == line && $0.isBelow }, "\(line)")
            #expect(walk.crossings.contains { $0.line == line && !$0.isBelow }, "\(line)")
        }
    }

    @Test func `a book that lags is right, and catches up in pieces`() {
        var walk = HardBook(.v3_5, seed: 4, accountCount: 120)
        var lags = 0
        for _ in 0..<12 {
            walk.crash()
            #expect(walk.book.disagreements().isEmpty)
            if walk.book.isLagging { lags += 1 }
            #expect(walk.book.catchUp(rowsMax: 5).isEmpty)
            walk.step()
            #expect(walk.book.disagreements().isEmpty)
        }
        #expect(lags > 5)
        while walk.book.isLagging { #expect(walk.book.catchUp(rowsMax: 16).isEmpty) }
        for _ in 0..<20 {
            walk.step()
            #expect(walk.book.disagreements().isEmpty)
        }
    }

    @Test func `an index that was made anew is as good`() {
        var walk = HardBook(.v3_3, seed: 5)
        for _ in 0..<15 {
            walk.book.rebuildIndex()
            walk.step()
            #expect(walk.book.disagreements().isEmpty)
        }
    }

    @Test func `what was published comes back, whatever its size`() {
        var walk = HardBook(.v3_5, seed: 6)
        for _ in 0..<20 { walk.step() }
        for (account, state) in walk.published.sorted(by: { $0.key < $1.key }) {
            #expect(walk.book.state(of: account) == state)
        }
        #expect(walk.book.accountCount == walk.published.count)
    }

    @Test func `a sweep asks about everybody in turn and finds nothing`() {
        var walk = HardBook(.v3_5, seed: 7)
        for _ in 0..<15 {
            walk.step()
            #expect(walk.book.sweep(rowsMax: 7).isEmpty)
        }
        #expect(walk.book.tally.disagreements == 0)
    }
}

/// The kernels against a twin in Swift that does the same to each row in the same order: equal to
/// the bit, numbers without end and without value included.
@Suite struct KernelTests {
    @Test(arguments: [1...1, 2...6, 30...70], [UInt32(32), 256])
    func `every kernel keeps the rows that its twin keeps`(legs: ClosedRange<Int>, stride: UInt32) {
        var generator = SeededGenerator(seed: UInt64(stride))
        for _ in 0..<40 {
            let collaterals = Int(generator.number(in: 0...6))
            let debts = Int(generator.number(in: 1...7))
            let count = Int(generator.number(in: 1...100))
            let sample = KernelSample(collaterals, debts, count, stride, &generator)
            let twin = sample.twin
            for level in 0...ck_level() { #expect(sample.scan(level) == twin) }
        }
    }
}

/// Blocks and tables of random floats of all sizes.
private struct KernelSample {
    private var blocks: [UInt32] = []
    private var tables: [UInt32]
    private let collaterals: Int
    private let debts: Int
    private let count: Int
    private let first: Int
    private let stride: UInt32

    init(
        _ collaterals: Int, _ debts: Int, _ count: Int, _ stride: UInt32,
        _ generator: inout SeededGenerator
    ) {
        (self.collaterals, self.debts, self.count) = (collaterals, debts, count)
        self.stride = stride
        first = Int(generator.number(in: 0...UInt64(count - 1)))
        let tableCount = Int(CK_LINE_TABLES) + Int(CK_TABLES_PER_LINE)
        tables = (0..<tableCount * Int(stride)).map { _ in Self.number(&generator) }
        for _ in 0..<(count + 15) / 16 {
            for _ in 0..<16 * (collaterals + debts) { blocks.append(Self.number(&generator)) }
            for _ in 0..<4 * (collaterals + debts) {
                blocks.append(
                    UInt32(truncatingIfNeeded: generator.next())
                        & (stride == 32 ? 0x1f1f_1f1f : .max))
            }
        }
    }

    /// Mostly such as are near each other, so that both answers occur.
    private static func number(_ generator: inout SeededGenerator) -> UInt32 {
        switch generator.next() % 20 {
        case 0: 0
        case 1: Float.infinity.bitPattern
        case 2: UInt32(truncatingIfNeeded: generator.next()) >> 1
        default: Float(generator.number(in: 1_000_000...2_000_000)).bitPattern
        }
    }

    func scan(_ level: UInt32) -> [UInt32] {
        var found = [UInt32](repeating: 0, count: count)
        let kept = ck_scan(
            level, blocks, first, count - first, UInt32(collaterals), UInt32(debts), tables, stride,
            0, &found)
        return Array(found.prefix(kept))
    }

    var twin: [UInt32] {
        let own = Int(CK_LINE_TABLES) + Int(collaterals > 1 ? CK_BESIDE_LOW : CK_ALONE_LOW)
        let legs = collaterals + debts
        return (first..<count).filter { row in
            let block = row / 16 * legs * 20
            var (backing, owed) = (Float(0), Float(sign: .plus, exponent: -19, significand: 1))
            for leg in 0..<legs {
                let place = leg * 16 + row % 16
                let word = blocks[block + legs * 16 + place / 4]
                let reserve = Int(word >> (8 * UInt32(place % 4)) & 0xff)
                let amount = Float(bitPattern: blocks[block + place])
                let table = leg < collaterals ? own : Int(CK_DEBT_HIGH)
                let product = amount * Float(bitPattern: tables[table * Int(stride) + reserve])
                if leg < collaterals { backing += product } else { owed += product }
            }
            return !(backing > owed)
        }.map { UInt32($0) }
    }
}
