import KeeperBacktest
import KeeperModel
import KeeperRuntime
import Testing
import VenueSimulator
import WideMath

/// Paths of prices that are drawn, and what many of them say together.
@Suite struct StressPathsTests {
    private static let assets = [AssetID("A"), AssetID("B"), AssetID("C")]

    /// Moves of A and B that go together seven parts in ten, and of C that follow nobody.
    private static func moves(_ count: Int) -> [[Double]] {
        var generator = SeededGenerator(seed: 4)
        func even() -> Double { Double(generator.next() >> 11) * 0x1p-53 * 2 - 1 }
        return (0..<count).map { _ in
            let (first, second, third) = (even(), even(), even())
            return [
                first * 0.02, (0.7 * first + 0.51.squareRoot() * second) * 0.01, third * 0.03,
            ]
        }
    }

    @Test func `volatility and correlation of made moves are found`() throws {
        let estimate = try #require(
            MoveEstimate(moves: Self.moves(20_000), of: Self.assets, every: .seconds(60)))
        // Even between -1 and 1: a standard deviation of 1 / √3.
        let deviations = [0.02, 0.01, 0.03].map { $0 / 3.0.squareRoot() }
        for (found, made) in zip(estimate.volatilities, deviations) {
            #expect(abs(found / made - 1) < 0.02)
        }
        #expect(abs(estimate.correlations[0][1] - 0.7) < 0.01)
        #expect(abs(estimate.correlations[1][2]) < 0.02)
        #expect(estimate.correlations[2][2] == 1)
    }

    @Test(arguments: MoveEstimate.Law.allCases)
    func `what is drawn moves as what it was drawn from`(_ law: MoveEstimate.Law) throws {
        let estimate = try #require(
            MoveEstimate(moves: Self.moves(5_000), of: Self.assets, every: .seconds(60)))
        var generator = SeededGenerator(seed: 8)
        let drawn = (0..<20_000).map { _ in estimate.draw(law, using: &generator) }
        let again = try #require(
            MoveEstimate(moves: drawn, of: Self.assets, every: .seconds(60)))
        for (found, made) in zip(again.volatilities, estimate.volatilities) {
            #expect(abs(found / made - 1) < 0.03)
        }
        #expect(abs(again.correlations[0][1] - estimate.correlations[0][1]) < 0.02)
    }

    @Test func `too few moves are refused, and a hole is no move`() throws {
        let few = MoveEstimate(moves: Self.moves(59), of: Self.assets, every: .seconds(60))
        #expect(few == nil)
        var bars = PriceBars(span: .seconds(60))
        for minute in [0, 1, 2, 9, 10] {
            let at = Instant(milliseconds: Int64(minute) * 60_000)
            let update = PriceUpdate(
                asset: AssetID("A"), kind: .eligible, price: UInt256(UInt64(100 + minute)),
                round: UInt64(minute), sourceAt: at)
            bars.take(.pricesPublished([update]), at: at)
        }
        #expect(bars.moves(of: [AssetID("A")]).count == 3)
    }

    @Test func `a path without volatility is the present, bar by bar`() throws {
        let bench = try EvidenceBench()
        let opening = StressOpening(
            try EvidenceBench.drill(), untilHeight: 40, barSpan: .milliseconds(500))
        let still = try #require(
            MoveEstimate(
                moves: Array(
                    repeating: opening.assets.map { _ in 0.0 }, count: MoveEstimate.moveCountMin),
                of: opening.assets, every: .seconds(3_600)))
        var paths = StressPaths(still, .normal, barCount: 1)
        try paths.run(1, from: opening.book, bench.workplace, StressModel())
        let run = try StressRun(bench.workplace, opening.book, StressModel())
        let today = try run.run(
            [StressRun.bar(of: opening.book, after: .none)], every: .seconds(3_600),
            listsAccounts: false)
        #expect(paths.outcomes == [today])
        #expect(today.ownCloseCount + today.otherCloseCount > 0)
    }

    @Test func `the same seed draws the same paths, and more of them change none`() throws {
        let bench = try EvidenceBench()
        let opening = StressOpening(
            try EvidenceBench.drill(), untilHeight: 100, barSpan: .milliseconds(500))
        let estimate = try opening.estimate()
        #expect(estimate.moves.count == 100)
        var few = StressPaths(estimate, .normal, barCount: 3)
        var more = few
        let model = StressModel(seed: 5, fundUnits: 250_000_000_000)
        try few.run(3, from: opening.book, bench.workplace, model)
        try more.run(5, from: opening.book, bench.workplace, model)
        #expect(Array(more.outcomes.prefix(3)) == few.outcomes)
        #expect(Set(more.outcomes.map(\.fundUnits)).count > 1)
        #expect(more.funds.count == 4)
        #expect(more.isReconciled)
    }

    @Test func `quantiles are values that occurred, and too few say nothing`() {
        let measures = TailMeasures((1...200).reversed().map { Int256($0) })
        #expect(measures.quantile(perMille: 950) == 190)
        #expect(measures.quantile(perMille: 10) == 2)
        #expect(measures.expectedShortfall(perMille: 950) == 195)
        #expect(measures.mean == 100)
        #expect(measures.band(perMille: 500) == 86...115)
        #expect(measures.band(perMille: 990) == nil)
        #expect(TailMeasures([1, 2, 3]).quantile(perMille: 990) == nil)
        #expect(TailMeasures([]).quantile(perMille: 500) == nil)
    }
}
