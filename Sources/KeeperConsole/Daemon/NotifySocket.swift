import CLinux
package import KeeperModel
package import KeeperTransport

/// What a service supervisor is told, by datagrams to the address that it put into the
/// environment (`sd_notify(3)`). Without one, nothing is said.
package struct NotifySocket: Sendable {
    private let address: String?

    /// An address is a path, or abstract where it begins with '@'; others are not for us.
    package init(_ environment: [String: String]) {
        let text = environment["NOTIFY_SOCKET"] ?? ""
        address = text.hasPrefix("/") || text.hasPrefix("@") ? text : nil
    }

    package var isThere: Bool { address != nil }

    /// False where nobody took it.
    @discardableResult
    package func send(_ assignments: [String]) -> Bool {
        guard let address else { return false }
        let bytes = Array(assignments.joined(separator: "\n").utf8)
        return clinux_send_datagram(address, address.utf8.count, bytes, bytes.count) == 0
    }

    package func ready(_ status: String) { send(["READY=1", "STATUS=" + Self.oneLine(status)]) }
    /// Not ready, and not hung: the supervisor waits for so much longer.
    package func waiting(_ status: String, for span: TimeSpan) {
        send([
            "STATUS=" + Self.oneLine(status),
            "EXTEND_TIMEOUT_USEC=\(span.nanoseconds / 1_000)",
        ])
    }

    package func stopping() { send(["STOPPING=1", "STATUS=draining"]) }
    package func alive() { send(["WATCHDOG=1"]) }

    package func reloading(at time: MonotonicTime) {
        send(["RELOADING=1", "MONOTONIC_USEC=\(time.nanoseconds / 1_000)"])
    }

    /// A line break would begin another assignment.
    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
