import KeeperBacktest
import KeeperJournal
import KeeperModel
import KeeperRuntime
import KeeperStrategy
import Testing
import VenueSimulator
import WideMath

/// The shipped stage: a market for each shipped strategy, and time that passes at it.
@Suite struct StageTests {
    private static let shipped = [
        "full-close", "partial-restore", "flash-optimal", "two-step", "push-reward",
        "backstop-offers", "auction-patient",
    ]

    @Test func `every shipped strategy is in use, and has something to do at the stage`() throws {
        let rig = try HistoryRig()
        #expect(Set(rig.workplace.strategies.map(\.name.text)) == Set(Self.shipped))
        let rivals = RivalModel(mode: .firstCome, counts: [1], seed: 5)
        for band in try rig.run(Self.shipped, rivals).bands {
            let level = try #require(band.levels.first)
            #expect(level.costs.callCount > 0, "\(band.name) attempted nothing")
            #expect(level.result.tally.wonCount > 0, "\(band.name) won nothing")
            #expect(level.result.isReconciled, "\(band.name)")
        }
    }

    /// The auction's price is above what its goods fetch at first, and falls by the clock alone.
    @Test func `an auction waits for whoever wants less of a discount`() throws {
        let rig = try HistoryRig()
        let rivals = RivalModel(mode: .firstCome, counts: [1, 10], seed: 5)
        let decisions = try rig.run(["auction-patient"], rivals).decisions
        let auctions = Self.closes(of: "auction-", in: decisions["auction-patient 1"] ?? [])
        #expect(auctions.count > 5)
        for (begun, ended) in auctions {
            // From 110 % of the price, by 1 % every 90 s: at the price after ten steps.
            #expect(ended - begun >= .seconds(600), "bought for more than it is worth")
        }
        let crowded = Self.closes(of: "auction-", in: decisions["auction-patient 10"] ?? [])
        func mean(_ closes: [(Instant, Instant)]) -> Int64 {
            closes.reduce(0) { $0 + ($1.1 - $1.0).milliseconds } / Int64(max(1, closes.count))
        }
        #expect(mean(crowded) < mean(auctions), "the first of ten wants less than one")
    }

    /// Pairs of when a place was there to be bought from, and when somebody had bought.
    private static func closes(
        of prefix: String, in decisions: [Decision]
    ) -> [(Instant, Instant)] {
        var begun: [AccountID: Instant] = [:]
        var pairs: [(Instant, Instant)] = []
        for decision in decisions where decision.target.account.text.hasPrefix(prefix) {
            switch decision.verdict {
            case .eligible: begun[decision.target.account] = decision.decidedAt
            case .missed, .ended(_, "won"):
                guard let from = begun.removeValue(forKey: decision.target.account) else {
                    continue
                }
                pairs.append((from, decision.decidedAt))
            default: break
            }
        }
        return pairs
    }

    @Test func `a debt of the stage grows as its market says`() throws {
        let rig = try HistoryRig()
        guard case .history(var feed) = try rig.opening(Self.alone).source else { return }
        var last: [FigureName: UInt256] = [:]
        var seconds: [UInt64] = []
        while let letters = try feed.next() {
            for case .figuresPublished(let markets) in letters.map(\.body) {
                for figure in markets.flatMap(\.figures) {
                    last[figure.name] = figure.value
                    if figure.name == .seconds { seconds.append(figure.value.asUInt64 ?? 0) }
                }
            }
        }
        let opened = try #require(feed.stages[0].openedAt)
        let passed =
            UInt256(try #require(seconds.last))
            - UInt256(UInt64(opened.nanoseconds / 1_000_000_000))
        #expect(passed > 6_000)
        // Three percent of a year, to a part in a thousand.
        let expected = ray * 3 / 100 * passed / 31_536_000
        let grown = try #require(last[.variableBorrowIndexRay]) - ray
        #expect(grown > expected * 999 / 1_000 && grown < expected * 1_001 / 1_000)
        let dripped = try #require(last[.rateRay]) - ray
        #expect(dripped > expected * 999 / 1_000 && dripped < expected * 1_001 / 1_000)
        #expect(seconds == seconds.sorted())
    }

    private static let alone = RivalModel(mode: .firstCome, counts: [0], seed: 5)
}
