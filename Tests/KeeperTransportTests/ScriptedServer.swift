// A server that does what a script says, byte by byte: for replies no decent server would send.

import Foundation
import Glibc
import Synchronization

/// Listens on loopback on a free port. Each connection runs the script on a thread of its own, with
/// its number from 1; the sockets close when the script returns.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = Mutex(0)
    private let read = Mutex<[String]>([])
    private let isStopped = Mutex(false)

    var connectionCount: Int { accepted.withLock { $0 } }
    /// Every request's head that a script has read.
    var heads: [String] { read.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    init(_ script: @escaping @Sendable (ScriptedConnection, Int) -> Void) throws {
        (listener, port) = try ScriptedServer.listen()
        let thread = Thread { [listener, weak self] in
            defer { close(listener) }
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { return }
                let connection = ScriptedConnection(socket: socket) { [weak self] head in
                    self?.read.withLock { $0.append(head) }
                }
                guard let number = self?.countConnection() else { return }
                Thread { script(connection, number) }.start()
            }
        }
        thread.start()
    }

    deinit { stop() }

    /// From now on connections are refused. The accepting thread wakes up from it and closes.
    func stop() {
        isStopped.withLock { isStopped in
            if !isStopped { shutdown(listener, Int32(SHUT_RDWR)) }
            isStopped = true
        }
    }

    private func countConnection() -> Int {
        accepted.withLock { count in
            count += 1
            return count
        }
    }

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, size) | Glibc.listen(listener, 16)
                    | getsockname(listener, generic, &size)
            }
        }
        guard listener >= 0, code == 0 else { throw CocoaError(.fileNoSuchFile) }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

/// Exit tests start processes; one that inherited a socket would keep it from ending.
private let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)

final class ScriptedConnection: Sendable {
    private let socket: Int32
    private let note: @Sendable (String) -> Void

    init(socket: Int32, note: @escaping @Sendable (String) -> Void) {
        self.socket = socket
        self.note = note
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(socket) }

    /// Up to and with the empty line; what has come so far when the other side leaves.
    @discardableResult
    func readHead() -> String {
        var text = ""
        var byte: UInt8 = 0
        while !text.hasSuffix("\r\n\r\n"), read(socket, &byte, 1) == 1 {
            // Scalar by scalar: "\r\n" is one Character, and the suffix must still be found.
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        if !text.isEmpty { note(text) }
        return text
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// False when the other side no longer listens.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    func reply(_ body: String, headers: String = "") {
        send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Ends with a reset instead of a goodbye.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Holds the connection until the other side ends it.
    func waitForEnd() {
        var byte: UInt8 = 0
        while read(socket, &byte, 1) > 0 {}
    }
}
