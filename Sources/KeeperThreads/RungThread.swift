// One thread that sleeps until it is rung and then runs one errand, for work that no tick may wait
// for. How it is told: a byte in a pipe for each ring, and the end of the file for the end.

import Glibc

package final class RungThread {
    private let bell: Int32
    private let thread: pthread_t

    /// The errand runs once for each ring, on the thread. What it captures is let go with the
    /// thread's end. Nil where the system has no descriptor left.
    package init?(_ errand: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            let code = fcntl(end, F_SETFD, FD_CLOEXEC)
            precondition(code == 0, "An open descriptor can be marked")
        }
        bell = ends[1]
        thread = Duty(bell: ends[0], errand).start()
    }

    /// Waits for the errands that were asked for.
    deinit {
        close(bell)
        let code = pthread_join(thread, nil)
        precondition(code == 0, "A thread of ours can be waited for")
    }

    package func ring() {
        var byte: UInt8 = 1
        let count = write(bell, &byte, 1)
        precondition(count == 1, "A pipe takes a byte for each of a few errands")
    }
}

/// All that the thread has.
private final class Duty {
    private let bell: Int32
    private let errand: @Sendable () -> Void

    init(bell: Int32, _ errand: @escaping @Sendable () -> Void) {
        self.bell = bell
        self.errand = errand
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
                Unmanaged<Duty>.fromOpaque(duty).takeRetainedValue().run()
                return nil
            }, duty)
        precondition(code == 0, "The system has a thread")
        return thread
    }

    private func run() {
        defer { close(bell) }
        var byte: UInt8 = 0
        while true {
            let count = read(bell, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return }
            errand()
        }
    }
}
