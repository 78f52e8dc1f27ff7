import KeeperBacktest
import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// Many strategies against many rivals in one reading of imported history.
@Suite struct BacktestPassTests {
    private static let firstCome = RivalModel(mode: .firstCome, counts: [0, 1, 10], seed: 5)

    @Test func `rivals take from us, and every unit stays explained`() throws {
        let band = try #require(
            try HistoryRig().run(["flash-optimal"], Self.firstCome).bands.first)
        let won = band.levels.map(\.result.tally.wonCount)
        #expect(won[0] > 20, "alone: \(won)")
        #expect(won[0] > won[1] && won[1] > won[2], "\(won)")
        #expect(band.levels[0].costs.missedCount == 0)
        #expect(band.levels[2].costs.missedCount > band.levels[1].costs.missedCount)
        for level in band.levels {
            #expect(level.result.isReconciled)
            #expect(level.costs.callCount >= level.result.tally.wonCount)
            #expect(level.costs.gasUnits > level.costs.gasLostUnits)
        }
        // Whoever is beaten has paid for the call.
        #expect(band.levels[2].costs.gasLostUnits > .zero)
    }

    @Test func `a strategy decides the same whether it runs alone or beside others`() throws {
        let rig = try HistoryRig()
        let names = ["full-close", "flash-optimal", "two-step"]
        let together = try rig.run(names, Self.firstCome).decisions
        #expect(together.count == 9)
        for name in names {
            for (run, decisions) in try rig.run([name], Self.firstCome).decisions {
                #expect(together[run] == decisions, "\(run)")
                #expect(!decisions.isEmpty)
            }
        }
    }

    /// What is cut off the end of history changes nothing that was decided before.
    @Test func `nothing is decided on what was not there yet`() throws {
        let whole = try HistoryRig().run(["full-close"], Self.firstCome).decisions
        let cut = try HistoryRig(minutes: 45).run(["full-close"], Self.firstCome).decisions
        let end = Instant(milliseconds: ImportFixture.start + 45 * 60_000)
        for (run, decisions) in cut {
            let before = decisions.filter { $0.decidedAt < end }
            #expect(before.count > 30)
            #expect(before == whole[run]?.filter { $0.decidedAt < end }, "\(run)")
        }
    }

    /// A plan that does not pay for its call is none, whoever else is there.
    @Test func `what a call will cost is in every plan before it is sent`() throws {
        let run = try HistoryRig().run(["full-close"], Self.firstCome)
        let decisions = try #require(run.decisions["full-close 1"])
        let proposed = decisions.filter {
            if case .proposed = $0.verdict { true } else { false }
        }
        #expect(proposed.count > 10)
        for decision in proposed {
            let net = try #require(decision.facts.first { $0.name == "net" }?.value)
            let cost = try #require(decision.facts.first { $0.name == "cost" }?.value)
            // A million units are the dollar that the strategy asks for.
            #expect(try #require(Int64(net)) >= 1_000_000)
            #expect(try #require(Int64(cost)) > 1_000_000, "gas of a close is dearer than a dollar")
        }
    }

    @Test func `sealed bids are won by the highest, and paid for`() throws {
        let model = RivalModel(mode: .sealedBid, counts: [0, 1, 10], seed: 5)
        let band = try #require(try HistoryRig().run(["flash-optimal"], model).bands.first)
        let won = band.levels.map(\.result.tally.wonCount)
        #expect(won[0] > won[1] && won[1] > won[2], "\(won)")
        #expect(band.levels[0].costs.bidUnits.isZero)
        let level = band.levels[1]
        // Four fifths of the profit of what was won, or a unit less for each close.
        #expect(level.costs.bidUnits > .zero)
        #expect(level.costs.bidUnits < level.result.revenue.netUnits)
    }

    @Test func `without rivals there is no headline`() throws {
        let alone = RivalModel(mode: .firstCome, counts: [0], seed: 5)
        #expect(!alone.hasRivals)
        let band = try #require(try HistoryRig().run(["full-close"], alone).bands.first)
        #expect(band.headline(of: alone) == nil)
        let crowd = try #require(try HistoryRig().run(["full-close"], Self.firstCome).bands.first)
        let headline = try #require(crowd.headline(of: Self.firstCome))
        #expect(crowd.levels.dropFirst().allSatisfy { headline.contains($0.netUnits) })
        #expect(headline.upperBound < crowd.levels[0].netUnits)
    }

    @Test func `every result says what it rests on`() throws {
        let parts = try HistoryRig().opening(Self.firstCome).parts
        #expect(
            parts.map(\.name) == [
                "klines", "klines", "accounts", "oracle", "volatility", "depth", "latency",
                "inclusion", "gas", "rivals",
            ])
        #expect(parts[0].line.hasPrefix("klines: measured: ETH.csv, spans of 60000 ms"))
        #expect(parts[5].line.hasPrefix("depth: borrowed from 2024-08-08: "))
        #expect(parts[9].line.hasPrefix("rivals: assumed: "))
    }

    @Test func `imported history needs a stage, and prices of all its assets`() throws {
        let rig = try HistoryRig()
        let recordings = [(path: "eth", reader: try rig.reader("ETH.bailiff"))]
        let stop = #expect(throws: KeeperStop.self) {
            try HistoryOpening(
                recordings, stage: nil, oracle: .standard, rivals: Self.firstCome,
                workplace: rig.workplace)
        }
        #expect(stop?.description.contains("needs --on SCENARIO") == true)
        let opening = try HistoryOpening(
            recordings, stage: rig.stage, oracle: .standard, rivals: Self.firstCome,
            workplace: rig.workplace)
        let lacking = #expect(throws: KeeperStop.self) {
            try BacktestPass(rig.workplace, rivals: Self.firstCome).run(
                [[StrategyName("full-close")]], from: opening.source)
        }
        #expect(lacking?.description.contains("a price of each asset") == true)
    }
}

/// Real closes of the past beside ours.
@Suite struct HistoricalRivalsTests {
    private static let alone = RivalModel(mode: .firstCome, counts: [0], seed: 5)
    private static let historical = RivalModel(mode: .historical, seed: 5)

    /// The first account that may be closed, and when that was so.
    private func firstEligible(_ rig: HistoryRig) throws -> Decision {
        let decisions = try rig.run(["full-close"], Self.alone).decisions
        return try #require(decisions["full-close 0"]?.first { $0.verdict == .eligible })
    }

    private func missed(_ rig: HistoryRig, closing account: String, at instant: Instant) throws
        -> (items: [MissedReport.Item], hasWon: Bool)
    {
        let file = try rig.fixture.write(
            """
            timestamp,user,liquidator,collateral_asset,collateral_amount,debt_asset,debt_amount
            \(instant.nanoseconds / 1_000_000_000),\(account),bot,WETH,10,USDC,1000
            """, to: "closes.csv")
        let layout = try #require(ImportKind.liquidations.layout(ImportWish()))
        _ = try rig.fixture.run(.liquidations, layout, [file], to: "closes.bailiff")
        let report = MissedReport()
        var won: [Decision] = []
        _ = try BacktestPass(rig.workplace, rivals: Self.historical).run(
            [[StrategyName("full-close")]],
            from: try rig.opening(Self.historical, with: ["closes.bailiff"]).source,
            decisions: { _, _ in
                TwoSinks(report) { decision in
                    if decision.target.account.text == account, case .ended = decision.verdict {
                        won.append(decision)
                    }
                }
            })
        return (report.items, won.contains { $0.verdict.label == "ended-won" })
    }

    @Test func `a real close before our inclusion is the rival's`() throws {
        let rig = try HistoryRig()
        let eligible = try firstEligible(rig)
        // Eligible within this second, and no call is included within the next.
        let next = Instant(
            milliseconds: (eligible.decidedAt.nanoseconds / 1_000_000_000 + 1) * 1_000)
        let (items, hasWon) = try missed(rig, closing: eligible.target.account.text, at: next)
        #expect(!hasWon)
        #expect(items.map(\.target) == [eligible.target])
        #expect(items.map(\.cause) == [.seenLate])
        #expect(items.map(\.keeper) == ["bot"])
        // Ten ether at what the exchange said, less a thousand dollars.
        let value = try #require(items.first?.valueUnits)
        #expect(value > 500_000_000 && value < 1_000_000_000, "\(value)")
    }

    @Test func `a real close after our inclusion is void`() throws {
        let rig = try HistoryRig()
        let eligible = try firstEligible(rig)
        let later = eligible.decidedAt + .seconds(600)
        let (items, hasWon) = try missed(rig, closing: eligible.target.account.text, at: later)
        #expect(hasWon)
        #expect(items.isEmpty)
    }

    @Test func `a real close of an account that nobody knows was not seen`() throws {
        let rig = try HistoryRig()
        let at = Instant(milliseconds: ImportFixture.start + 3_600_000)
        let (items, _) = try missed(rig, closing: "0xstranger", at: at)
        #expect(items.map(\.cause) == [.notSeen])
    }
}

private final class TwoSinks: DecisionSink {
    private let first: any DecisionSink
    private let second: (Decision) -> Void

    init(_ first: any DecisionSink, _ second: @escaping (Decision) -> Void) {
        self.first = first
        self.second = second
    }

    func append(_ decision: Decision) throws(KeeperStop) {
        try first.append(decision)
        second(decision)
    }
}
