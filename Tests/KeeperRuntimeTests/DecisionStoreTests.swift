import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing

@Suite struct DecisionStoreTests {
    private let log: DecisionLog
    private let store: DecisionStore

    init() throws {
        log = try DecisionLog(path: ":memory:")
        store = DecisionStore(log)
        for second in 1...1_000 as ClosedRange<Int64> {
            try store.append(
                Decision(
                    sequence: UInt64(second), decidedAt: Instant(milliseconds: second * 1_000),
                    height: 1,
                    target: Target(
                        domain: DomainID("v"), market: MarketID("m"), account: AccountID("a")),
                    accountVersion: 1, verdict: .eligible, facts: []))
        }
        try store.flush()
    }

    private func seconds() throws -> [Int64] {
        try log.decisions(from: Instant(nanoseconds: 0), until: Instant(nanoseconds: .max))
            .map { $0.decidedAt.nanoseconds / 1_000_000_000 }
    }

    @Test func `decisions that are too old are forgotten`() throws {
        try store.trim(
            keeping: .seconds(100), byteCountMax: .max, at: Instant(milliseconds: 1_000_000))
        #expect(try seconds() == Array(900...1_000))
    }

    @Test func `where there is too much the oldest go, and the youngest stay`() throws {
        let most = try log.byteCount() / 2
        try store.trim(
            keeping: .seconds(1_000_000), byteCountMax: most, at: Instant(milliseconds: 1_000_000))
        #expect(try log.byteCount() <= most)
        let left = try seconds()
        #expect(left.count > 200)
        #expect(left.last == 1_000)
        #expect(left == Array((left.first ?? 0)...1_000))
    }

    @Test func `nobody looks more than once a minute`() throws {
        let first = Instant(milliseconds: 1_000_000)
        try store.trim(keeping: .seconds(900), byteCountMax: .max, at: first)
        try store.trim(keeping: .seconds(1), byteCountMax: .max, at: first + .seconds(59))
        #expect(try seconds().count == 901)
        try store.trim(keeping: .seconds(1), byteCountMax: .max, at: first + .seconds(60))
        #expect(try seconds().isEmpty)
    }
}
