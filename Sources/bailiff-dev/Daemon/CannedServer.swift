import Foundation
import Glibc
import Synchronization

/// Answers every request with the same bytes, as quickly as a thread can: what clients are held
/// against each other with.
final class CannedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let isStopped = Mutex(false)
    private let reply: [UInt8]

    /// As much as a tick of fifteen prices.
    private static let bodyByteCount = 1_049
    private static let endOfHead = Array("\r\n\r\n".utf8)

    init() throws {
        (listener, port) = try RawSocket.listening()
        let body = String(repeating: "x", count: Self.bodyByteCount - 2)
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(Self.bodyByteCount)\r\n\r\n"
        reply = Array((head + "\"\(body)\"").utf8)
        Thread.detachNewThread { [self] in serve() }
    }

    var replyByteCount: Int { reply.count }

    func stop() { isStopped.withLock { $0 = true } }

    private func serve() {
        var connections: [Int32] = []
        while !isStopped.withLock({ $0 }) {
            var polled = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
            polled += connections.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, nfds_t(polled.count), 100) > 0 else { continue }
            for ready in polled.dropFirst() where ready.revents != 0 {
                guard answer(ready.fd) else {
                    close(ready.fd)
                    connections.removeAll { $0 == ready.fd }
                    continue
                }
            }
            if polled[0].revents != 0 {
                let connection = accept(listener, nil, nil)
                if connection >= 0 {
                    RawSocket.sendAtOnce(connection)
                    connections.append(connection)
                }
            }
        }
        for connection in connections { close(connection) }
        close(listener)
    }

    /// Requests without a body come whole, one at a time; false at an end.
    private func answer(_ connection: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
            let count = recv(connection, buffer.baseAddress, buffer.count, 0)
            guard count > 4, buffer[(count - 4)..<count].elementsEqual(Self.endOfHead) else {
                return count > 0
            }
            return RawSocket.sendAll(reply, connection)
        }
    }
}
