import KeeperJournal
import KeeperModel
import KeeperRuntime
import Synchronization
import Testing
import WideMath

/// Rows 8 and 11: files that somebody or something changed while no keeper looked.
@Suite struct DamagedBooksTests {
    private static let logPath = CloseOnDisk.journalPath + "-wal"
    private static let decisionsPath = "decisions.sqlite"

    /// Books after one close, as a killed process leaves them, with the write-ahead log beside.
    private func killedBooks() throws -> FaultyDisk {
        let disk = FaultyDisk()
        let journal = try Journal(path: CloseOnDisk.journalPath, disk: disk.name)
        let decisions = try DecisionLog(path: Self.decisionsPath, disk: disk.name)
        try journal.recordIntent(
            CloseOnDisk.intent, attempt: CloseOnDisk.attempt, at: CloseOnDisk.now)
        _ = try journal.recordEnding(
            .won(CloseOnDisk.receipt), of: CloseOnDisk.clientID, at: CloseOnDisk.now)
        try decisions.append([
            Decision(
                sequence: 1, decidedAt: CloseOnDisk.now, height: 1,
                target: CloseOnDisk.intent.plan.target, accountVersion: 1,
                verdict: .ended(CloseOnDisk.clientID, "won"), facts: [])
        ])
        return disk.afterKill()
    }

    private func problems(on disk: FaultyDisk) -> [String] {
        do throws(JournalError) {
            return try BooksCheck(
                try Journal(path: CloseOnDisk.journalPath, disk: disk.name),
                try DecisionLog(path: Self.decisionsPath, disk: disk.name)
            ).problems
        } catch {
            return [error.description]
        }
    }

    @Test func `books of a killed keeper are sound`() throws {
        #expect(try problems(on: killedBooks()) == [])
    }

    @Test func `row 8: a log that was taken away is noticed`() throws {
        let disk = try killedBooks()
        disk.state.withLock { $0.files[Self.logPath] = nil }
        #expect(problems(on: disk).contains { $0.contains("has never heard of it") })
    }

    @Test func `row 8: a log that was cut is noticed wherever it was cut`() throws {
        let whole = try killedBooks()
        let byteCount = whole.state.withLock { $0.files[Self.logPath]?.bytes.count ?? 0 }
        #expect(byteCount > 10_000)
        // The last commit is the ending; what is cut behind the intent forgets only that, and
        // recovery asks the venue again.
        for kept in stride(from: 0, to: byteCount / 2, by: 2_000) {
            let disk = whole.afterKill()
            disk.state.withLock { $0.files[Self.logPath]?.bytes.removeLast(byteCount - kept) }
            #expect(!problems(on: disk).isEmpty, "\(kept) of \(byteCount) bytes kept")
        }
    }

    @Test func `row 8: a flipped bit in any page's head is noticed`() throws {
        let disk = try killedBooks()
        // Closed in order, so that everything is in the file itself.
        do { _ = try Journal(path: CloseOnDisk.journalPath, disk: disk.name) }
        let bytes = disk.state.withLock { $0.files[CloseOnDisk.journalPath]?.bytes ?? [] }
        #expect(bytes.count > 20 * 4_096)
        for start in stride(from: 4_096, to: bytes.count, by: 4_096) {
            let spoilt = disk.afterKill()
            spoilt.state.withLock { $0.files[CloseOnDisk.journalPath]?.bytes[start] ^= 0x40 }
            #expect(!problems(on: spoilt).isEmpty, "the page at \(start)")
        }
    }

    @Test func `row 8: a flipped bit in the bytes of an attempt is noticed`() throws {
        let disk = try killedBooks()
        do { _ = try Journal(path: CloseOnDisk.journalPath, disk: disk.name) }
        let place = disk.state.withLock { state in
            let bytes = state.files[CloseOnDisk.journalPath]?.bytes ?? []
            return bytes.firstRange(of: CloseOnDisk.attempt.bytes)?.lowerBound
        }
        let start = try #require(place)
        disk.state.withLock { $0.files[CloseOnDisk.journalPath]?.bytes[start] ^= 1 }
        #expect(problems(on: disk) == ["the bytes of attempt 1 of c-1 are changed"])
    }

    @Test func `row 11: an older copy that was put back is noticed`() throws {
        let disk = try killedBooks()
        let older = FaultyDisk()
        do { _ = try Journal(path: CloseOnDisk.journalPath, disk: older.name) }
        let copy = older.state.withLock { $0.files[CloseOnDisk.journalPath] }
        disk.state.withLock { state in
            state.files[CloseOnDisk.journalPath] = copy
            state.files[Self.logPath] = nil
        }
        #expect(problems(on: disk).contains { $0.contains("an older copy was put back") })
    }
}
