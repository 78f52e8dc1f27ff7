// The one way other threads reach the reactor: leave a message, ring the bell.

import CLinux
import Glibc
import Synchronization

/// Makes a descriptor readable from any thread.
package final class Wakeup: Sendable {
    let descriptor: Int32

    package init() {
        descriptor = clinux_open_event()
        precondition(descriptor >= 0, "The system has a descriptor for waking up")
    }

    deinit { close(descriptor) }

    package func ring() {
        let code = clinux_raise_event(descriptor)
        precondition(code == 0, "An event descriptor can be raised")
    }

    func clear() { clinux_clear_event(descriptor) }
}

/// A bounded queue between threads. Full is an answer, not a wait: the sender decides what to do.
package final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let messagesMax: Int
    private let wakeup: Wakeup

    package init(messagesMax: Int, wakeup: Wakeup) {
        precondition(messagesMax > 0, "A mailbox holds at least one message")
        self.messagesMax = messagesMax
        self.wakeup = wakeup
    }

    /// False when the mailbox is full; the message is not taken then.
    package func post(_ message: Message) -> Bool {
        let taken = messages.withLock { queue in
            guard queue.count < messagesMax else { return false }
            queue.append(message)
            return true
        }
        if taken { wakeup.ring() }
        return taken
    }

    /// Everything that waits, oldest first.
    package func takeAll() -> [Message] {
        messages.withLock { queue in
            defer { queue = [] }
            return queue
        }
    }
}
