// Long work on values, such as reading a reply of many megabytes, on a thread of its own: a price
// that comes meanwhile does not wait for it. One job at a time, in the order in which they came;
// what comes of a job is handed over in a round of the reactor, on the reactor's thread.

import KeeperThreads
import Synchronization

final class SideThread {
    private let jobs: SideJobs
    private let thread: RungThread
    private var waiting: [UInt64: () -> Void] = [:]
    private var lastNumber: UInt64 = 0

    /// Nil where the system has no descriptor left.
    init?(_ wakeup: Wakeup) {
        let jobs = SideJobs()
        guard
            let thread = RungThread({
                jobs.doNext()
                wakeup.ring()
            })
        else { return nil }
        self.jobs = jobs
        self.thread = thread
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
        thread.ring()
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
