import Foundation
import KeeperBacktest
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import Testing
import VenueSimulator
import WideMath

/// What shocks do to a present book.
@Suite struct StressTests {
    private static func run(
        _ bench: EvidenceBench, _ opening: StressOpening, _ shock: StressShock,
        _ model: StressModel = StressModel()
    ) throws -> StressOutcome {
        let run = try StressRun(bench.workplace, opening.book, model)
        return try run.run([StressRun.bar(of: opening.book, after: shock)], every: .zero)
    }

    private static func shock(_ name: String, _ opening: StressOpening) throws -> StressShock {
        try #require(StressShock.all(of: opening.assets).first { $0.name == name })
    }

    /// The drill's fall until then, during which nobody closes anything.
    private static func drill(at height: UInt64) throws -> StressOpening {
        StressOpening(
            try EvidenceBench.drill(), untilHeight: height, barSpan: .milliseconds(500))
    }

    @Test func `no shock gives exactly who may be closed today`() throws {
        let bench = try EvidenceBench()
        for height in [UInt64(0), 40, 120] {
            let opening = try Self.drill(at: height)
            var venue = ReferenceVenue(
                scenario: try EvidenceBench.drill(), openedAt: Instant(nanoseconds: 0))
            while venue.height < height { venue.advance(to: venue.nextHeightAt) }
            let today = venue.closable().map { "\($0.market)/\($0.account)" }
            let outcome = try Self.run(bench, opening, .none)
            #expect(
                outcome.eligibleTargets.map { "\($0.market)/\($0.account)" }.sorted()
                    == today.sorted(), "height \(height)")
            #expect(height == 0 || !today.isEmpty)
            #expect(outcome.isReconciled)
        }
    }

    @Test func `a deeper fall leaves no smaller deficit and no more in the fund`() throws {
        let bench = try EvidenceBench()
        let opening = try Self.drill(at: 0)
        var last: StressOutcome?
        for percent in [10, 20, 30, 40, 50] {
            let shock = try Self.shock("all-\(percent)", opening)
            let model = StressModel(fundUnits: 250_000_000_000)
            let outcome = try Self.run(bench, opening, shock, model)
            #expect(outcome.isReconciled && outcome.hasEnded)
            if let last {
                #expect(outcome.deficitUnits >= last.deficitUnits, "\(percent)")
                #expect(outcome.eligibleCount >= last.eligibleCount, "\(percent)")
                #expect(outcome.fundUnits.last ?? 0 <= last.fundUnits.last ?? 0, "\(percent)")
            }
            last = outcome
        }
        #expect(last?.deficitUnits ?? 0 > 0)
    }

    @Test func `the same seed gives the same answer, and another race another one`() throws {
        let bench = try EvidenceBench()
        let opening = try Self.drill(at: 0)
        let shock = try Self.shock("all-30", opening)
        let one = try Self.run(bench, opening, shock)
        #expect(one == (try Self.run(bench, opening, shock)))
        #expect(one != (try Self.run(bench, opening, shock, StressModel(seed: 9))))
        // Whoever is after the same accounts takes of them.
        let alone = try Self.run(bench, opening, shock, StressModel(againstCount: 0))
        let crowded = try Self.run(bench, opening, shock, StressModel(againstCount: 10))
        #expect(alone.otherCloseCount == 0)
        #expect(alone.ownCloseCount > one.ownCloseCount)
        #expect(one.ownCloseCount > crowded.ownCloseCount)
    }

    @Test func `every call costs its gas, won or not`() throws {
        let bench = try EvidenceBench()
        let opening = try Self.drill(at: 0)
        let shock = try Self.shock("all-30", opening)
        let free = try Self.run(bench, opening, shock)
        let paid = try Self.run(bench, opening, shock, StressModel(gasUnits: 5_000_000))
        #expect(paid.earnedUnits == free.earnedUnits)
        #expect(paid.gasUnits >= Int256(5_000_000) * Int256(Int64(paid.ownCloseCount)))
        #expect(paid.revenueUnits == free.revenueUnits - paid.gasUnits)
    }

    /// Ten coins at 2,500, of which 83 in 100 count; the last borrower of the story owes what lets
    /// it cross below 2,056. Worked out by hand: at a fall of 10 % the price is 2,250, and those
    /// who cross at 2,445, 2,390, 2,335 and 2,280 are over their line, at 2,225 and below they are
    /// not. They owe a tenth of the line times 83: 2,029.35 thousandths of it a coin.
    @Test func `a book that was worked out by hand`() throws {
        let bench = try EvidenceBench()
        let story = try EvidenceBench.story()
        let events = story.events.filter { $0.height == 0 }
        let recording = try bench.record(events, to: "now")
        let source = BacktestPass.Source.recorded(try bench.source(recording))
        let opening = try StressOpening(source, until: nil, barSpan: .seconds(60))
        let shock = try Self.shock("all-10", opening)
        let outcome = try Self.run(bench, opening, shock)

        let lines: [UInt64] = (0..<8).map { 2_500_000_000 - 500_000_000 / 9 * UInt64($0 + 1) }
        let over = lines.filter { $0 > 2_250_000_000 }
        #expect(
            outcome.eligibleTargets.map(\.account.text) == over.indices.map { "borrower-\($0)" })
        let tally = try #require(outcome.eligible.first)
        #expect(tally.count == 4 && outcome.eligible.count == 1)
        #expect(tally.debtUnits == UInt256(over.reduce(0) { $0 + $1 * 10 * 83 / 100 }))
        #expect(tally.collateralUnits == UInt256(4 * 10 * 2_250_000_000))
        // Nobody is under water: half of each debt is repaid at a bonus of 5 %, and no one loses.
        #expect(outcome.deficitUnits == 0)
        #expect(outcome.prices.first { $0.asset == AssetID("ETH") }?.assumedUnits == 2_250_000_000)
        // A close factor of one half at health above 0.95, in the first round by all four at once.
        let halves = over.reduce(UInt256.zero) { $0 + UInt256($1 * 10 * 83 / 100 / 2) }
        let needed = try #require(outcome.needed.first)
        #expect(needed.asset == AssetID("USD"))
        #expect(needed.amount >= halves)
    }

    @Test func `what was sold lowers the price, and takes others over their line`() throws {
        let bench = try EvidenceBench()
        let opening = try Self.drill(at: 0)
        let outcome = try Self.run(bench, opening, try Self.shock("all-30", opening))
        let ether = try #require(outcome.prices.first { $0.asset == AssetID("ETH") })
        #expect(ether.assumedUnits < ether.nowUnits)
        #expect(ether.endUnits < ether.assumedUnits)
        // The side of a book ends 4 + 9 times 6 basis points below the price.
        #expect((5_799...5_800).contains(opening.book.bidSpanPpm(of: AssetID("ETH"))))
        #expect(outcome.touchedCount >= outcome.eligibleCount)
    }

    @Test func `a book that stands beside its oracle reaches as far as it reaches`() {
        var book = StandingBook()
        let asset = AssetID("ETH")
        let level = { DepthLevel(price: $0, quantity: UInt256(5)) }
        book.take(
            .depthPublished([
                DepthBook(asset: asset, bids: [level(999), level(900)], asks: [level(1_001)])
            ]), at: Instant(nanoseconds: 1))
        #expect(book.bidSpanPpm(of: asset) == 100_000)
        #expect(book.bidSpanPpm(of: AssetID("WBTC")) == 0)
    }

    /// One bar after the other: what crosses in the third is closed in the third.
    @Test func `the fund goes its way bar by bar`() throws {
        let bench = try EvidenceBench()
        let opening = try Self.drill(at: 0)
        let bars = try ["none", "none", "all-30", "all-50"].map {
            StressRun.bar(of: opening.book, after: try Self.shock($0, opening))
        }
        let model = StressModel(fundUnits: 250_000_000_000)
        let run = try StressRun(bench.workplace, opening.book, model)
        let outcome = try run.run(bars, every: .seconds(3_600))
        #expect(outcome.fundUnits.count == 5)
        #expect(outcome.fundUnits[0...2].allSatisfy { $0 == 250_000_000_000 })
        #expect(outcome.fundUnits[3] < outcome.fundUnits[2])
        #expect(outcome.ownCloseCount > 0 && outcome.isReconciled)
    }

    @Test func `a moment without prices or accounts is refused by name`() throws {
        let bench = try EvidenceBench()
        let problem = #expect(throws: KeeperStop.self) {
            _ = try StressRun(bench.workplace, StandingBook(), StressModel())
        }
        #expect(problem?.description.contains("described itself") == true)
    }

    @Test func `a shock that nobody could mean is none`() {
        #expect(StressShock(named: "all gone", [AssetID("ETH"): -1_000_000]) == nil)
        let half = StressShock(named: "half", [AssetID("ETH"): -500_000])
        #expect(half?.price(2_001, of: AssetID("ETH")) == 1_000)
        #expect(half?.price(2_001, of: AssetID("WBTC")) == 2_001)
    }
}
