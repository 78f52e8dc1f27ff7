import Foundation
import KeeperBacktest
import KeeperCodec
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import KeeperStrategy
import KeeperTestKit
import Testing
import WideMath

/// Mistakes that are planted here have to be found.
@Suite struct HonestyTests {
    @Test func `a run that knows no more than it may passes every cut`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        let report = try LookaheadCheck(recording, folder: bench.folder.path, run: bench.outcome)
            .report(cutCount: 3, bar: .seconds(1))
        #expect(report.isClean)
        #expect(report.cuts.allSatisfy { $0.comparedCount > 0 })
        #expect(report.laterNetUnits > .zero)
    }

    /// It acts on whether the recording ends with a fall.
    @Test func `a strategy that looked at the end is found at the first cut`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        let peeking = { (path: String) throws -> LookaheadCheck.Outcome in
            let honest = try bench.outcome(path)
            let extent = try RecordingEdit(path).extent
            let knowsAll = extent?.last == Instant(milliseconds: 1_700_000_059_000)
            return LookaheadCheck.Outcome(
                decisions: knowsAll ? honest.decisions : Array(honest.decisions.dropFirst()),
                netUnits: honest.netUnits)
        }
        let report = try LookaheadCheck(recording, folder: bench.folder.path, run: peeking)
            .report(cutCount: 3, bar: .seconds(1))
        #expect(report.leaks.isEmpty)
        #expect(report.cuts.first?.difference?.number == 1)
        #expect(!report.isClean)
    }

    @Test func `a bar that is known when it opens is found by its own times`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(
            EvidenceBench.story().events, to: "leak", eventAt: { $0.receivedAt + .seconds(60) })
        let leaks = try LeakScan(recording).leaks()
        #expect(leaks.count == LeakScan.leaksMax)
        #expect(leaks.first?.problem == "is available 60000 ms before it happened")
    }

    @Test func `a price that is here before its source made it is found`() throws {
        let bench = try EvidenceBench()
        let events = try EvidenceBench.story().events.map { event in
            guard case .pricesPublished(let updates) = event.body, event.height == 30 else {
                return event
            }
            return Event(
                sequence: event.sequence, domain: event.domain, receivedAt: event.receivedAt,
                height: event.height,
                body: .pricesPublished(
                    updates.map {
                        PriceUpdate(
                            asset: $0.asset, kind: $0.kind, price: $0.price, round: $0.round,
                            sourceAt: $0.sourceAt + .seconds(1))
                    }))
        }
        let leaks = try LeakScan(try bench.record(events, to: "early")).leaks()
        #expect(leaks.count == 1)
        #expect(leaks.first?.problem.hasPrefix("has a price of USD 1000 ms before") == true)
    }

    /// Others close less than a bar after each crossing. Whoever hears of prices when the bar opens
    /// is before them; whoever hears of them when it ends finds nobody there.
    @Test func `earnings that hang on the last bar are suspected`() throws {
        let bench = try EvidenceBench()
        let story = try EvidenceBench.story(othersCloseAfter: .milliseconds(400))
        let recording = try bench.record(story.events, to: "contested")
        let report = try LookaheadCheck(recording, folder: bench.folder.path, run: bench.outcome)
            .report(cutCount: 1, bar: .seconds(1))
        #expect(report.netUnits > .zero)
        #expect(report.laterNetUnits == .zero)
        #expect(report.restsOnLastBar && !report.isClean)
    }

    // MARK: Parity

    /// A backtest with its events recorded, and its decisions as lines.
    private func recordedRun(_ bench: EvidenceBench) throws -> (path: String, lines: [[UInt8]]) {
        let feeds = try bench.record(EvidenceBench.story().events, to: "feeds")
        let store = try bench.workplace.recording(
            bench.path("run"), keyPrefix: Backtest.keyPrefix, at: EvidenceBench.start)
        let decisions = DecisionList()
        _ = try Backtest(bench.workplace, recording: feeds).run(
            bench.workplace.strategies.map(\.name), decisions: decisions, events: store)
        try store.close()
        return (bench.path("run"), decisions.decisions.map(\.jsonBytes))
    }

    private func replay(
        _ bench: EvidenceBench, _ path: String, kept: [[UInt8]]?
    ) throws -> ParityCheck.Report {
        try ParityCheck(bench.workplace.settings(keyPrefix: Backtest.keyPrefix))
            .replay(try RecordingReader(path: path), path: path, kept: kept)
    }

    @Test func `a recorded run is the same when it is played again`() throws {
        let bench = try EvidenceBench()
        let (path, lines) = try recordedRun(bench)
        let report = try replay(bench, path, kept: lines)
        #expect(report.difference == nil)
        #expect(report.decisionCount == lines.count && report.intentCount >= 8)
    }

    @Test func `a decision that was another is found with its number`() throws {
        let bench = try EvidenceBench()
        let (path, lines) = try recordedRun(bench)
        var changed = lines
        changed[4] += Array(" ".utf8)
        let problem = try #require(try replay(bench, path, kept: changed).difference?.problem)
        #expect(problem.hasPrefix("decision 5 was "))
        let short = try replay(bench, path, kept: Array(lines.dropLast()))
        #expect(short.difference?.problem.contains("no such decision") == true)
        let long = try replay(bench, path, kept: lines + [[]])
        #expect(long.difference?.problem.contains("decisions were kept") == true)
    }

    @Test func `a run whose events were changed behind it is found without its decisions`() throws {
        let bench = try EvidenceBench()
        let (path, _) = try recordedRun(bench)
        // The price at which the first borrower crosses never came.
        let first = try #require(try firstIntentSequence(path))
        let copy = try copy(path, to: bench.path("changed"), without: first - 3...first - 1)
        let report = try replay(bench, copy, kept: nil)
        let problem = try #require(report.difference?.problem)
        #expect(problem.contains("which the replay does not propose"))
    }

    @Test func `a backtest and the replay of its events agree decision by decision`() throws {
        let bench = try EvidenceBench()
        let feeds = try bench.record(EvidenceBench.story().events, to: "feeds")
        let names = bench.workplace.strategies.map(\.name)
        let witness = ParityWitness(
            bench.workplace.settings(keyPrefix: Backtest.keyPrefix, only: names))
        _ = try Backtest(bench.workplace, recording: feeds).run(
            names, decisions: witness, events: witness)
        witness.finish()
        #expect(witness.difference == nil)
        #expect(witness.decisionCount > 16)
        let other = ParityWitness(
            bench.workplace.settings(keyPrefix: "x", only: names))
        _ = try Backtest(bench.workplace, recording: feeds).run(
            names, decisions: other, events: other)
        other.finish()
        #expect(other.difference != nil, "another prefix makes other intents")
    }

    private func firstIntentSequence(_ path: String) throws -> UInt64? {
        var rows = try RecordingReader(path: path).rows(of: .event)
        while let row = try rows.next() {
            if case .intentDurable = try row.event().body { return row.sequence }
        }
        return nil
    }

    /// Numbered anew, so that nothing but the missing events gives it away.
    private func copy(
        _ path: String, to copy: String, without left: ClosedRange<UInt64>
    ) throws -> String {
        let reader = try RecordingReader(path: path)
        let writer = try RecordingWriter(path: copy, header: reader.header)
        var rows = reader.rows(of: .event)
        var sequence: UInt64 = 0
        while let row = try rows.next() {
            let event = try row.event()
            guard !left.contains(event.sequence) else { continue }
            sequence += 1
            try writer.append(
                RecordingRow(
                    Event(
                        sequence: sequence, domain: event.domain, receivedAt: event.receivedAt,
                        height: event.height, body: event.body), eventAt: row.eventAt))
        }
        try writer.close()
        return copy
    }
}
