// Long work on values, such as reading a reply of many megabytes, on a thread of its own: a price
// that comes meanwhile does not wait for it. One job at a time, in the order in which they came;
// what comes of a job is handed over in a round of the reactor, on the reactor's thread.

import Glibc
import Synchronization

final class SideThread {
    private let jobs = SideJobs()
    /// One byte for each job; the end of the file ends the thread.
    private let requests: Int32
    private let thread: pthread_t
    private var waiting: [UInt64: () -> Void] = [:]
    private var lastNumber: UInt64 = 0

    /// Nil where the system has no descriptor left.
    init?(_ wakeup: Wakeup) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            let code = fcntl(end, F_SETFD, FD_CLOEXEC)
            precondition(code == 0, "An open descriptor can be marked")
        }
        requests = ends[1]
        thread = SideDuty(jobs: jobs, requests: ends[0], wakeup: wakeup).start()
    }

    deinit {
        close(requests)
        let code = pthread_join(thread, nil)
        precondition(code == 0, "The thread for long work can be waited for")
    }

    func start<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, _ then: @escaping (Value) -> Void
    ) {
        lastNumber += 1
        let result = SideResult<Value>()
        waiting[lastNumber] = {
            guard let value = result.take() else {
                preconditionFailure("A job that is over has left what came of it")
            }
            then(value)
        }
        jobs.add(lastNumber) { result.leave(work()) }
        var byte: UInt8 = 1
        let count = write(requests, &byte, 1)
        precondition(count == 1, "A pipe takes a byte for each of a few jobs")
    }

    func deliver() {
        for number in jobs.takeDone() { waiting.removeValue(forKey: number)?() }
    }
}

/// What one job came to, between the two threads.
private final class SideResult<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func leave(_ value: Value) { self.value.withLock { $0 = value } }

    func take() -> Value? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}

private final class SideJobs: Sendable {
    private struct State {
        var open: [(number: UInt64, work: @Sendable () -> Void)] = []
        var done: [UInt64] = []
    }

    private let state = Mutex(State())

    func add(_ number: UInt64, _ work: @escaping @Sendable () -> Void) {
        state.withLock { $0.open.append((number, work)) }
    }

    func doNext() {
        let next = state.withLock { $0.open.isEmpty ? nil : $0.open.removeFirst() }
        guard let next else { return }
        next.work()
        state.withLock { $0.done.append(next.number) }
    }

    func takeDone() -> [UInt64] {
        state.withLock { state in
            defer { state.done = [] }
            return state.done
        }
    }
}

/// All that the thread has.
private final class SideDuty {
    private let jobs: SideJobs
    private let requests: Int32
    private let wakeup: Wakeup

    init(jobs: SideJobs, requests: Int32, wakeup: Wakeup) {
        self.jobs = jobs
        self.requests = requests
        self.wakeup = wakeup
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
                Unmanaged<SideDuty>.fromOpaque(duty).takeRetainedValue().run()
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
            jobs.doNext()
            wakeup.ring()
        }
    }
}
