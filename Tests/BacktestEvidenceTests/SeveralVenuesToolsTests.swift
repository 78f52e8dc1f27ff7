import Foundation
import KeeperBacktest
import KeeperCodec
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// What is made of a run over several venues: measures and the page, and the tools of honesty.
@Suite struct SeveralVenuesToolsTests {
    typealias Bench = SeveralVenuesBench

    private func measured(
        _ bench: Bench, _ path: String, _ workplace: Workplace
    ) throws -> (run: RunMeasures, decisions: [Decision]) {
        let decisions = DecisionList()
        let unit = workplace.config.unitOfAccount
        let witness = RunWitness(decisions: decisions, unit: unit.asset)
        let result = try Backtest(workplace, recording: path)
            .run([Bench.strategy], decisions: DecisionStore(nil), witness: witness)
        let run = RunMeasures(
            name: Bench.strategy.text, unit: unit, result: result, witness: witness)
        return (run, decisions.decisions)
    }

    @Test func `the measures of a venue are those that it has alone, and the whole is their sum`()
        throws
    {
        let bench = try Bench()
        let both = try bench.workplace(of: [Bench.north, Bench.south])
        let (whole, _) = try measured(bench, try bench.both(), both)
        #expect(whole.venues.map(\.venueName) == [Bench.north, Bench.south])
        for part in whole.venues {
            let domain = try #require(part.venueName)
            let (own, _) = try measured(
                bench, try bench.alone(domain), try bench.workplace(of: [domain]))
            #expect(part.evidence.netUnits == own.evidence.netUnits)
            #expect(part.funnel == own.funnel)
            #expect(part.equity == own.equity)
            #expect(part.venue == own.venue)
            #expect(part.capitalUsedUnits == own.capitalUsedUnits)
            #expect(part.prices.map(\.asset) == own.prices.map(\.asset))
            #expect(part.prices.first?.buckets.count == own.prices.first?.buckets.count)
            #expect(part.shareCapturedPpm == own.shareCapturedPpm)
        }
        let sum = whole.venues.reduce(Int256.zero) { $0 + $1.evidence.netUnits }
        #expect(whole.evidence.netUnits == sum)
        #expect(whole.funnel.steps.map(\.count) == [13, 13, 13, 13, 13, 13, 13])
        #expect(whole.prices.isEmpty, "two venues have no price together")
        #expect(whole.capitalUsedUnits >= whole.venues.map(\.capitalUsedUnits).max() ?? .zero)
    }

    @Test func `the page and its JSON name each venue, and runs are compared venue by venue`()
        throws
    {
        let bench = try Bench()
        let both = try bench.workplace(of: [Bench.north, Bench.south])
        try report(bench, try measured(bench, try bench.both(), both), "one")
        let html = try String(contentsOfFile: bench.bench.path("one.html"), encoding: .utf8)
        for title in ["full-close", "full-close at north", "full-close at south"] {
            #expect(html.contains("<h2>\(title)</h2>"))
        }
        // Of south's crash the second half never came.
        let half = try bench.story(at: Bench.south).filter {
            $0.receivedAt < EvidenceBench.start + .seconds(50)
        }
        let other = try bench.record(
            Bench.woven(try bench.story(at: Bench.north), half), of: [Bench.north, Bench.south],
            to: "half")
        try report(bench, try measured(bench, other, both), "two")
        let pairs = Comparison.pairs(
            try ComparableRun.runs(inResult: bench.bench.path("one.json")),
            try ComparableRun.runs(inResult: bench.bench.path("two.json")))
        #expect(pairs.map(\.first.venue) == [nil, Bench.north, Bench.south])
        let north = try #require(pairs.dropFirst().first)
        #expect(north.isSame && north.comparesDecisions)
        #expect(!pairs[0].isSame && !pairs[2].isSame)
        #expect(pairs[2].difference?.first?.target.domain == Bench.south)
    }

    private func report(
        _ bench: Bench, _ measured: (run: RunMeasures, decisions: [Decision]), _ name: String
    ) throws {
        let files = try ReportFiles(page: bench.bench.path(name + ".html"))
        let head = ReportHead(
            recording: "both", recordingHash: "aa", configHash: "bb", build: "test",
            assumptions: [], triedCount: 1)
        try files.write(ReportPage(head, [measured.run]))
        let lines = measured.decisions.map { String(decoding: $0.jsonBytes, as: UTF8.self) + "\n" }
        try Data(lines.joined().utf8).write(
            to: URL(filePath: files.decisions(of: measured.run.name)))
    }

    @Test func `a backtest of two venues and the replay of its events agree`() throws {
        let bench = try Bench()
        let workplace = try bench.workplace(of: [Bench.north, Bench.south])
        func witness(_ prefix: String) throws -> ParityWitness {
            let witness = ParityWitness(
                workplace.settings(keyPrefix: prefix, only: [Bench.strategy]))
            _ = try Backtest(workplace, recording: try bench.both()).run(
                [Bench.strategy], decisions: witness, events: witness)
            witness.finish()
            return witness
        }
        let same = try witness(Backtest.keyPrefix)
        #expect(same.difference == nil)
        #expect(same.decisionCount > 30)
        #expect(try witness("x").difference != nil, "another prefix makes other intents")
    }

    @Test func `what came later at one venue is known at neither`() throws {
        let bench = try Bench()
        let workplace = try bench.workplace(of: [Bench.north, Bench.south])
        let folder = bench.bench.folder.path
        let check = LookaheadCheck(try bench.both(), folder: folder) { copy in
            let decisions = DecisionList()
            let result = try Backtest(workplace, recording: copy)
                .run([Bench.strategy], decisions: decisions)
            return LookaheadCheck.Outcome(
                decisions: decisions.decisions, netUnits: try result.netUnits())
        }
        let report = try check.report(cutCount: 3, bar: .seconds(1))
        #expect(report.leaks.isEmpty)
        #expect(report.cuts.allSatisfy { $0.difference == nil })
        #expect(report.cuts.allSatisfy { $0.comparedCount > 0 })
    }

    @Test func `a sweep over two venues is the same on one core and on two`() throws {
        let bench = try Bench()
        let plan = try SweepFile.read(
            Array(
                """
                {
                    "sweep": "s", "recording": "r", "strategy": "full-close", "search": "grid",
                    "vary": {"strategy.size": ["full", "optimal"],
                             "config.limits.openIntents": [2, 40]},
                }
                """.utf8), file: "sweep.json")
        let sweep = try SweepRun(
            plan, base: try bench.workplace(of: [Bench.north, Bench.south]),
            recording: try bench.both(), build: "b")
        let tables = try [1, 2].map { jobs in
            let cache = try ResultFolder(bench.bench.path("jobs-\(jobs)"))
            try sweep.run(sweep.shard(1, of: 1), jobCount: jobs, cache: cache)
            return SweepTable(
                sweep.scores(in: [cache]).compactMap { $0 }, labels: sweep.labels
            ).jsonText
        }
        #expect(tables[0] == tables[1])
        #expect(sweep.labels.count == 4)
    }

    @Test func `each venue is calibrated by its own models`() throws {
        let bench = try Bench()
        let domains = [Bench.north, Bench.south]
        // As it was made, but that south answers twice as late as it was taken to.
        let run = EventList()
        let slow = try bench.workplace(of: domains, replacing: "250 ms", with: "500 ms")
        let crowds = try domains.map { try bench.crowd(at: $0, borrowerCount: 60, tickCount: 60) }
        let feeds = try bench.record(
            Bench.woven(crowds[0], crowds[1]), of: domains, to: "feeds")
        let alone = RivalModel(mode: .firstCome, counts: [0], seed: 3)
        let source = try RecordedFeed.open(
            [(feeds, try RecordingReader(path: feeds))], slow.config)
        _ = try BacktestPass(slow, rivals: alone).run(
            [[Bench.strategy]], from: .recorded(source), events: { _, _ in run })
        let recording = try bench.record(run.events, of: domains, to: "run")
        let workplace = try bench.workplace(of: domains)
        let reader = try RecordingReader(path: recording)
        let venues = try Calibration.byVenue(
            workplace, strategies: [Bench.strategy], againstCount: 0, seed: 900
        ) { () throws(KeeperStop) in
            .recorded(try RecordedFeed.open([(recording, reader)], workplace.config))
        }
        #expect(venues.map(\.domain) == domains)
        #expect(!venues[0].calibration.hasDifference)
        let differing = venues[1].calibration.parts.filter(\.verdict.isDifference).map(\.name)
        #expect(differing == ["delay"])
    }

    @Test func `closes of others are told apart by venue, with who made them and why not we`()
        throws
    {
        let bench = try Bench()
        let domains = [Bench.north, Bench.south]
        let workplace = try bench.workplace(of: domains)
        let feeds = try bench.both()
        let rivals = RivalModel(mode: .firstCome, counts: [3], seed: 5)
        let (missed, race) = (MissedReport(), RivalsReport())
        let source = try RecordedFeed.open(
            [(feeds, try RecordingReader(path: feeds))], workplace.config)
        let bands = try BacktestPass(workplace, rivals: rivals).run(
            [[Bench.strategy]], from: .recorded(source),
            decisions: { _, _ in Both(missed, race) }, events: { _, _ in race })
        let level = bands[0].levels[0]
        for (index, domain) in domains.enumerated() {
            let count = level.venues[index].costs.missedCount
            #expect(count > 0)
            #expect(missed.lines(at: domain).reduce(0) { $0 + $1.count } == count)
            let lines = race.lines(at: domain)
            let us = lines.first { $0.keeper == RivalsReport.us }
            #expect(us?.count ?? 0 == Int(level.venues[index].result.wonCount))
            #expect(lines.reduce(0) { $0 + $1.count } == Int(count) + (us?.count ?? 0))
        }
        let text = missed.text(level.result.units)
        #expect(text.contains("at north, in USD") && text.contains("at south, in USD"))
        #expect(race.text(race.units(workplace.config)).contains("at south, in USD"))
    }
}

private final class Both: DecisionSink {
    private let first: any DecisionSink
    private let second: any DecisionSink

    init(_ first: any DecisionSink, _ second: any DecisionSink) {
        self.first = first
        self.second = second
    }

    func append(_ decision: Decision) throws(KeeperStop) {
        try first.append(decision)
        try second.append(decision)
    }
}
