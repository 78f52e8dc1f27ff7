// Carries what was committed to the platter, on a thread of its own: a disk that takes five seconds
// costs five seconds of waiting for one close, and no tick.
//
// The engine's thread commits without waiting (41 µs), at the end of its round asks here for one
// sync of the write-ahead log, and takes for durable what was committed before it asked. That is
// what `synchronous = FULL` does for each commit, done once for all of a round. The log is synced
// through SQLite's own file, so that a file system put in its place sees it.

import CSQLite
import Glibc
import Synchronization

package final class SyncThread {
    /// Its file must not be closed under the thread.
    private let journal: Journal
    private let outcome = SyncOutcome()
    /// One byte asks for one sync; the end of the file ends the thread.
    private let requests: Int32
    private let thread: pthread_t
    package private(set) var isBusy = false

    /// `whenDone` is called on the thread, after each sync.
    package init(
        _ journal: Journal, whenDone: @escaping @Sendable () -> Void
    ) throws(JournalError) {
        guard let log = csqlite_log_file(journal.database.handle) else {
            throw .failed(code: SQLITE_ERROR, message: "has no log", sql: journal.database.path)
        }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .failed(code: errno, message: "no pipe is left", sql: journal.database.path)
        }
        for end in ends {
            let code = fcntl(end, F_SETFD, FD_CLOEXEC)
            precondition(code == 0, "An open descriptor can be marked")
        }
        self.journal = journal
        requests = ends[1]
        thread = SyncDuty(
            log: log, requests: ends[0], outcome: outcome, whenDone: whenDone
        ).start()
    }

    deinit {
        close(requests)
        let code = pthread_join(thread, nil)
        precondition(code == 0, "The thread that syncs can be waited for")
    }

    /// Begins a sync of everything that was committed until now; one at a time.
    package func start() {
        precondition(!isBusy, "A sync is asked for when the last one is over")
        isBusy = true
        var byte: UInt8 = 1
        let count = write(requests, &byte, 1)
        precondition(count == 1, "An empty pipe takes a byte")
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

/// All that the thread has.
private final class SyncDuty {
    private let log: UnsafeMutablePointer<sqlite3_file>
    private let requests: Int32
    private let outcome: SyncOutcome
    private let whenDone: @Sendable () -> Void

    init(
        log: UnsafeMutablePointer<sqlite3_file>, requests: Int32, outcome: SyncOutcome,
        whenDone: @escaping @Sendable () -> Void
    ) {
        self.log = log
        self.requests = requests
        self.outcome = outcome
        self.whenDone = whenDone
    }

    /// Signals belong to the thread that polls: this one is born with all of them blocked.
    func start() -> pthread_t {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let duty = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { duty in
                guard let duty else { return nil }
                Unmanaged<SyncDuty>.fromOpaque(duty).takeRetainedValue().run()
                return nil
            }, duty)
        precondition(code == 0, "The system has a thread")
        return thread
    }

    private func run() {
        defer { close(requests) }
        var byte: UInt8 = 0
        while true {
            let count = read(requests, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return }
            outcome.leave(csqlite_sync(log))
            whenDone()
        }
    }
}
