// Signals as something to read: they arrive in the loop, between two events, never in the middle.

import CLinux
import Glibc

/// Blocks the signals for this thread as long as it lives; threads started later inherit the block.
final class SignalDescriptor {
    let descriptor: Int32
    private var maskBefore = sigset_t()

    init(_ signals: [Int32]) {
        descriptor = clinux_open_signals(signals, signals.count, &maskBefore)
        precondition(descriptor >= 0, "These signals exist and can be read: \(signals)")
    }

    deinit {
        close(descriptor)
        clinux_restore_signals(&maskBefore)
    }

    func takeNext() -> Int32? {
        let number = clinux_next_signal(descriptor)
        precondition(number >= 0, "A signal descriptor can be read")
        return number == 0 ? nil : number
    }
}
