import Glibc
import KeeperThreads
import Synchronization
import Testing

@Suite struct RungThreadTests {
    /// Rings so often and lets the thread go.
    private func ring(_ count: Int, _ errand: @escaping @Sendable () -> Void) throws {
        let thread = try #require(RungThread(errand))
        for _ in 0..<count { thread.ring() }
    }

    @Test func `an errand runs once for each ring, before the thread is gone`() throws {
        let count = Mutex(0)
        try ring(40) { count.withLock { $0 += 1 } }
        #expect(count.withLock { $0 } == 40)
    }

    @Test func `it takes no signal from whoever polls for them`() throws {
        let isBlocked = Mutex<Bool?>(nil)
        let wasBlockedHere = isTermBlocked()
        try ring(1) {
            let isMember = isTermBlocked()
            isBlocked.withLock { $0 = isMember }
        }
        #expect(isBlocked.withLock { $0 } == true)
        #expect(isTermBlocked() == wasBlockedHere, "the thread that made it has its own again")
    }

    @Test func `what an errand holds is let go with the thread`() throws {
        final class Held: Sendable {}
        weak var held: Held?
        do {
            let value = Held()
            held = value
            try ring(1) { [value] in _ = value }
        }
        #expect(held == nil)
    }
}

private func isTermBlocked() -> Bool {
    var mask = sigset_t()
    pthread_sigmask(SIG_SETMASK, nil, &mask)
    return sigismember(&mask, SIGTERM) == 1
}
