import Glibc
import KeeperJournal
import KeeperModel
import KeeperRisk
import KeeperRuntime
import Synchronization
import Testing
import WideMath

/// A disk that takes its time, under books that wait for it on another thread.
@Suite struct SlowDiskTests {
    /// What was told to be durable, and when by the keeper's clock.
    private final class Told {
        var moments: [Instant] = []
    }

    private let disk = FaultyDisk()
    private let journal: Journal
    private let store: JournalStore
    private let told = Told()

    init() throws {
        journal = try Journal(
            path: CloseOnDisk.journalPath, durability: .process, disk: disk.name)
        try journal.setMetaValue("mode", "rest")
        store = JournalStore(journal, disk: DiskQueue(try SyncThread(journal, whenDone: {})))
    }

    private func persistAttempt(_ number: UInt64) throws {
        let terms = AttemptTerms(number: number, purpose: .close, lane: .venueAPI, bid: nil)
        try store.persist(
            CloseAttempt(intent: CloseOnDisk.intent, terms: terms), bytes: [UInt8(number)],
            at: CloseOnDisk.now
        ) { [told] now in told.moments.append(now) }
    }

    /// Rounds of the keeper until something is told, or for so long in real time that nothing will.
    private func rounds(until count: Int, from start: Instant) throws -> Instant {
        var now = start
        for _ in 0..<2_000 where told.moments.count < count {
            now = now + .milliseconds(5)
            try store.endRound(at: now)
            usleep(1_000)
        }
        return now
    }

    private func onDark<Value>(_ look: (Journal) throws -> Value) throws -> Value {
        let dark = disk.afterPowerLoss(tearing: false)
        return try look(Journal(path: CloseOnDisk.journalPath, disk: dark.name))
    }

    @Test func `nothing is told before it would outlive the power`() throws {
        try journal.recordIntent(CloseOnDisk.intent, at: CloseOnDisk.now)
        try persistAttempt(1)
        #expect(told.moments.isEmpty)
        let known = try onDark { try $0.openIntents().count }
        #expect(known == 0, "not synced, and so not told")
        _ = try rounds(until: 1, from: CloseOnDisk.now)
        #expect(told.moments.count == 1)
        let bytes = try onDark { try $0.attempts(of: CloseOnDisk.clientID).map(\.bytes) }
        #expect(bytes == [[1]])
    }

    @Test func `row 5: while a sync takes five seconds rounds go on, and no bytes leave`() throws {
        try journal.recordIntent(CloseOnDisk.intent, at: CloseOnDisk.now)
        disk.plan(FaultPlan(holdsSyncs: true))
        try persistAttempt(1)
        var now = CloseOnDisk.now
        // A thousand rounds of five milliseconds of the keeper's clock, none of which waits.
        for round in 0..<1_000 {
            now = now + .milliseconds(5)
            try store.endRound(at: now)
            if round == 500 { try persistAttempt(2) }
        }
        #expect(told.moments.isEmpty)
        #expect(disk.syncCount == 0)
        disk.plan(FaultPlan())
        _ = try rounds(until: 2, from: now)
        // Told with the time that it is then, so that prices are looked at as of then.
        #expect(told.moments.count == 2)
        #expect(told.moments.allSatisfy { $0 > now })
    }

    @Test func `all of one round goes to disk together`() throws {
        try journal.recordIntent(CloseOnDisk.intent, at: CloseOnDisk.now)
        let before = disk.syncCount
        for number in 1...9 { try persistAttempt(UInt64(number)) }
        _ = try rounds(until: 9, from: CloseOnDisk.now)
        #expect(told.moments.count == 9)
        #expect(Set(told.moments).count == 1)
        #expect(disk.syncCount == before + 1)
    }

    @Test func `row 6: a sync that fails stops the keeper, and nothing that waited is told`()
        throws
    {
        try journal.recordIntent(CloseOnDisk.intent, at: CloseOnDisk.now)
        disk.plan(FaultPlan(operation: .sync, number: 1, duration: .once))
        try persistAttempt(1)
        let stop = try #require(throws: KeeperStop.self) {
            _ = try rounds(until: 1, from: CloseOnDisk.now)
        }
        #expect(stop.kind == .journal)
        #expect(stop.description.contains("carrying the journal to disk"))
        #expect(told.moments.isEmpty)
        #expect(disk.syncCount == 1, "nobody tries again")
        #expect(throws: KeeperStop.self) { try persistAttempt(2) }
    }
}
