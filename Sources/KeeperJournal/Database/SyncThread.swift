// Carries what was committed to the platter, on a thread of its own: a disk that takes five seconds
// costs five seconds of waiting for one close, and no tick.
//
// The engine's thread commits without waiting (41 µs), at the end of its round asks here for one
// sync of the write-ahead log, and takes for durable what was committed before it asked. That is
// what `synchronous = FULL` does for each commit, done once for all of a round. The log is synced
// through SQLite's own file, so that a file system put in its place sees it.

import CSQLite
import Glibc
import KeeperThreads
import Synchronization

package final class SyncThread {
    /// Its file must not be closed under the thread.
    private let journal: Journal
    private let outcome: SyncOutcome
    private let thread: RungThread
    package private(set) var isBusy = false

    /// `whenDone` is called on the thread, after each sync.
    package init(
        _ journal: Journal, whenDone: @escaping @Sendable () -> Void
    ) throws(JournalError) {
        guard let log = LogFile(of: journal.database.handle) else {
            throw .failed(code: SQLITE_ERROR, message: "has no log", sql: journal.database.path)
        }
        let outcome = SyncOutcome()
        guard
            let thread = RungThread({
                outcome.leave(log.sync())
                whenDone()
            })
        else {
            throw .failed(code: errno, message: "no pipe is left", sql: journal.database.path)
        }
        self.journal = journal
        self.outcome = outcome
        self.thread = thread
    }

    /// Begins a sync of everything that was committed until now; one at a time.
    package func start() {
        precondition(!isBusy, "A sync is asked for when the last one is over")
        isBusy = true
        thread.ring()
    }

    /// Whether a sync that was started is over. Where it failed, nothing goes through the journal
    /// any more: what the disk still has, only the next start can tell.
    package func takeOutcome() throws(JournalError) -> Bool {
        guard let code = outcome.take() else { return false }
        isBusy = false
        guard code == SQLITE_OK else { throw journal.database.failure(code, sql: "sync") }
        return true
    }
}

/// What the last sync came to, between the two threads.
private final class SyncOutcome: Sendable {
    private let code = Mutex<Int32?>(nil)

    func leave(_ code: Int32) { self.code.withLock { $0 = code } }

    func take() -> Int32? {
        code.withLock { code in
            defer { code = nil }
            return code
        }
    }
}

/// Where SQLite has its file of the write-ahead log. It stays there for as long as the journal is
/// open, and the journal is, for as long as the thread.
private struct LogFile: Sendable {
    private let address: UInt

    init?(of database: OpaquePointer) {
        guard let file = csqlite_log_file(database) else { return nil }
        address = UInt(bitPattern: file)
    }

    func sync() -> Int32 {
        guard let file = UnsafeMutablePointer<sqlite3_file>(bitPattern: address) else {
            preconditionFailure("The address of a file is none of nothing")
        }
        return csqlite_sync(file)
    }
}
