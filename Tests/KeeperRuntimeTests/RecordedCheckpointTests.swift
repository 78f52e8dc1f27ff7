import KeeperCodec
import KeeperEngine
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// An engine that is written into a recording and read back.
@Suite struct RecordedCheckpointTests {
    private static let events = (0..<40).map { EngineHistoryTests.event($0) }

    private static func row(after count: Int) throws -> (row: RecordingRow, engine: Engine) {
        var engine = try EngineHistoryTests.engine()
        for event in events[..<count] { _ = engine.handleWhole(event) }
        let row = RecordedCheckpoint.row(engine, adopted: nil, after: events[count - 1])
        return (try #require(row), engine)
    }

    private static func read(_ row: RecordingRow) throws -> RecordedCheckpoint {
        let settings = try EngineHistoryTests.engine().settings
        return try RecordedCheckpoint(row, settings: settings, path: "day.bailiff")
    }

    @Test func `an engine that is read back goes on as the one that was written`() throws {
        var decisionCount = 0
        for count in 1...39 {
            var (row, engine) = try Self.row(after: count)
            let checkpoint = try Self.read(row)
            #expect(checkpoint.sequence == UInt64(count))
            var again = checkpoint.engine
            for event in Self.events[count...] {
                let effects = engine.handleWhole(event)
                #expect(Self.decisions(again.handleWhole(event)) == Self.decisions(effects))
                decisionCount += Self.decisions(effects).count
            }
            let now = Self.events[39].receivedAt
            let account = AccountID("b")
            #expect(again.explain(account, at: now) == engine.explain(account, at: now))
        }
        #expect(decisionCount > 100, "something was decided")
    }

    /// An account that stays below its line, on the same price in later and later rounds.
    @Test func `what was said before a checkpoint is not said again after it`() throws {
        var engine = try EngineHistoryTests.engine()
        let funds = Event(
            sequence: 3, domain: DomainID("v"), receivedAt: Instant(milliseconds: 2_000), height: 2,
            body: .balancesReported([AssetAmount(asset: AssetID("USD"), amount: 1)]))
        let prices = [5, 10, 15, 20, 25].map { EngineHistoryTests.event($0) }
        let events = [EngineHistoryTests.event(0), EngineHistoryTests.event(1), funds] + prices
        var saidCount = 0
        for event in events[..<6] { saidCount += Self.decisions(engine.handleWhole(event)).count }
        #expect(saidCount > 1, "that it crossed, and why it is left alone")
        let row = try #require(RecordedCheckpoint.row(engine, adopted: nil, after: events[5]))
        var again = try Self.read(row).engine
        for event in events[6...] {
            #expect(Self.decisions(engine.handleWhole(event)).isEmpty)
            #expect(Self.decisions(again.handleWhole(event)).isEmpty)
        }
    }

    private static func decisions(_ effects: [Effect]) -> [[UInt8]] {
        effects.compactMap { effect in
            if case .record(let decision) = effect { decision.jsonBytes } else { nil }
        }
    }

    @Test func `half a set of accounts is no checkpoint`() throws {
        var engine = try EngineHistoryTests.engine()
        _ = engine.handleWhole(Self.events[0])
        func page(_ number: UInt64, isLast: Bool) -> Event {
            Event(
                sequence: number + 2, domain: DomainID("v"), receivedAt: Instant(milliseconds: 9),
                height: 1,
                body: .accountsPaged(
                    MarketID("m"), AccountPage(number: number, isLast: isLast, states: [])))
        }
        let (first, last) = (page(0, isLast: false), page(1, isLast: true))
        _ = engine.handleWhole(first)
        #expect(RecordedCheckpoint.row(engine, adopted: nil, after: first) == nil)
        _ = engine.handleWhole(last)
        #expect(RecordedCheckpoint.row(engine, adopted: nil, after: last) != nil)
    }

    @Test(
        arguments: [
            (#""schema":"bailiff-checkpoint/1""#, #""schema":"bailiff-checkpoint/2""#),
            (#""isDraining":false,"#, ""), (#""market":"m""#, #""market":"other market""#),
            (#""isKilled":false"#, #""isKilled":"no""#),
            (#""nonces":[]"#, #""nonces":[{"domain":"v","next":1},{"domain":"v","next":2}]"#),
        ])
    func `a checkpoint that is not what it should be is refused by name`(
        _ part: String, _ other: String
    ) throws {
        let (row, _) = try Self.row(after: 30)
        let text = String(decoding: row.payload, as: UTF8.self)
        let changed = text.replacing(part, with: other)
        try #require(changed != text)
        let stop = try #require(throws: KeeperStop.self) {
            try Self.read(
                RecordingRow(
                    checkpoint: Array(changed.utf8), after: row.sequence, at: row.availableAt))
        }
        #expect(stop.description.hasPrefix("day.bailiff: checkpoint 30 cannot be read: "))
    }
}
