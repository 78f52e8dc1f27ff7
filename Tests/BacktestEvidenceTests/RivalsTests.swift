import KeeperBacktest
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import Testing
import VenueSimulator
import WideMath

/// Who closes what.
@Suite struct RivalsTests {
    private static let market = MarketID("lend-main")

    private static func event(_ number: UInt64, at milliseconds: Int64, _ body: EventBody) -> Event
    {
        Event(
            sequence: number, domain: DomainID("venue"),
            receivedAt: Instant(milliseconds: milliseconds), height: 1, body: body)
    }

    private static func target(_ number: Int) -> Target {
        Target(
            domain: DomainID("venue"), market: market, account: AccountID("borrower-\(number)"))
    }

    private static func close(_ number: Int, by keeper: String, paying units: UInt64) -> EventBody {
        .closesObserved([
            ObservedClose(
                target: target(number), keeper: keeper, height: 1,
                paid: AssetAmount(asset: AssetID("USD"), amount: UInt256(units)), taken: nil,
                valueUnits: Int256(Int64(units / 20)))
        ])
    }

    /// Everybody crosses at noon; one closes small ones at once, one large ones a little later, and
    /// one what is left.
    @Test func `the fast, the greedy and the late are told apart`() throws {
        let report = RivalsReport()
        let story = try EvidenceBench.story()
        try report.append(
            Self.event(1, at: 0, .venueDescribed(story.venue.description)))
        for number in 0..<10 {
            try report.append(
                Decision(
                    sequence: 1, decidedAt: Instant(milliseconds: 1_000), height: 1,
                    target: Self.target(number), accountVersion: 1, verdict: .eligible, facts: []))
        }
        for number in 0..<6 {
            try report.append(
                Self.event(2, at: 1_100, Self.close(number, by: "fast", paying: 1_000)))
        }
        for number in 6..<9 {
            try report.append(
                Self.event(3, at: 1_800, Self.close(number, by: "greedy", paying: 90_000)))
        }
        try report.append(Self.event(4, at: 9_000, Self.close(9, by: "late", paying: 2_000)))
        try report.append(Self.event(5, at: 9_100, Self.close(77, by: "", paying: 4_000)))

        let lines = report.lines()
        #expect(lines.map(\.keeper) == ["fast", "greedy", "late", "unknown"])
        #expect(lines.map(\.count) == [6, 3, 1, 1])
        #expect(lines[0].countPpm == 545_454)
        #expect(lines.map { $0.delays?.p50.milliseconds } == [100, 800, 8_000, nil])
        #expect(lines.map(\.middleSizeUnits) == [1_000, 90_000, 2_000, 4_000])
        // Of 6,000, 270,000, 2,000 and 4,000, a twentieth each.
        #expect(lines[1].valuePpm == 957_446)
        #expect(lines[1].markets.map(\.market) == [Self.market])
        #expect(lines[1].markets.map(\.count) == [3])
        #expect(report.unnamedCount() == 1)
    }

    @Test func `of a recording the closers are the feed's and the crossing is ours`() throws {
        let bench = try EvidenceBench()
        let story = try EvidenceBench.story(othersCloseAfter: .milliseconds(250))
        let recording = try bench.record(story.events, to: "others")
        let report = try RivalsReport.watched(
            .recorded(try bench.source(recording)), bench.workplace)
        #expect(report.closes.count == 8)
        let line = try #require(report.lines().first)
        #expect(report.lines().count == 1 && line.keeper == "somebody")
        #expect(line.delays?.count == 8)
        #expect(line.delays?.p50 == .milliseconds(250) && line.delays?.max == .milliseconds(250))
    }

    @Test func `of a simulated race everybody is counted, we among them`() throws {
        let bench = try EvidenceBench()
        let story = try EvidenceBench.story(borrowerCount: 30)
        let recording = try bench.record(story.events, to: "race")
        let report = RivalsReport()
        let model = RivalModel(mode: .firstCome, counts: [3], seed: 5)
        let bands = try BacktestPass(bench.workplace, rivals: model).run(
            [[EvidenceBench.strategy]], from: .recorded(try bench.source(recording)),
            decisions: { _, _ in report }, events: { _, _ in report })
        let level = try #require(bands.first?.levels.first)
        let lines = report.lines()
        #expect(Set(lines.map(\.keeper)).isSubset(of: ["us", "rival-1", "rival-2", "rival-3"]))
        #expect(lines.count > 2)
        let us = lines.first { $0.keeper == RivalsReport.us }
        #expect(us?.count ?? 0 == Int(level.result.tally.wonCount))
        #expect(us?.valueUnits == level.result.revenue.netUnits)
        #expect(report.closes.count - (us?.count ?? 0) == Int(level.costs.missedCount))
        #expect(lines.allSatisfy { $0.delays?.count == $0.count })
    }
}
