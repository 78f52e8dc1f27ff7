// A server on its own thread, and a client that sends whatever bytes it is told.

import Foundation
import Glibc
import HTTPServing
import Synchronization

/// Lives on one thread, as every server must; answers with the closure until it is dropped.
final class RunningServer: Sendable {
    let port: UInt16
    private let state: State

    private final class State: Sendable {
        let started = DispatchSemaphore(value: 0)
        let result = Mutex<Result<UInt16, ServerProblem>?>(nil)
        let isStopped = Atomic(false)
    }

    init(
        _ settings: ServerSettings = ServerSettings(),
        _ answer: @escaping @Sendable (HTTPExchange) -> Void
    ) throws {
        let state = State()
        Thread {
            do throws(ServerProblem) {
                let server = try HTTPServer(settings)
                state.result.withLock { $0 = .success(server.port) }
                state.started.signal()
                while !state.isStopped.load(ordering: .relaxed) {
                    server.runOnce(timeoutMilliseconds: 20, answer)
                }
            } catch {
                state.result.withLock { $0 = .failure(error) }
                state.started.signal()
            }
        }.start()
        state.started.wait()
        self.state = state
        port = try state.result.withLock { try $0?.get() ?? 0 }
    }

    deinit { state.isStopped.store(true, ordering: .relaxed) }

    /// Sends the text over a new connection and reads until the server closes or a second passes.
    func exchange(_ text: String) -> String {
        let client = connect()
        client.send(text)
        return client.readAll()
    }

    func connect() -> RawClient { RawClient(port: port, keeping: self) }
}

final class RawClient {
    private let socket: Int32
    private let server: RunningServer?

    init(port: UInt16, keeping server: RunningServer? = nil) {
        self.server = server
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = connect(socket, generic, size)
            }
        }
        setTimeout(milliseconds: 5_000)
    }

    deinit { close(socket) }

    func setTimeout(milliseconds: Int) {
        var timeout = timeval(
            tv_sec: milliseconds / 1_000, tv_usec: (milliseconds % 1_000) * 1_000)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Until the other side closes or says nothing for the timeout.
    func readAll() -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(socket, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += buffer[..<count]
        }
    }

    /// One response with a Content-Length.
    func readResponse() -> String {
        var bytes: [UInt8] = []
        while bytes.suffix(4) != Array("\r\n\r\n".utf8)[...], let byte = readByte() {
            bytes.append(byte)
        }
        let head = String(decoding: bytes, as: UTF8.self)
        let lengthLine = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        var missing = lengthLine.flatMap { Int($0.dropFirst(16)) } ?? 0
        while missing > 0, let byte = readByte() {
            bytes.append(byte)
            missing -= 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func readByte() -> UInt8? {
        var byte: UInt8 = 0
        return read(socket, &byte, 1) == 1 ? byte : nil
    }
}

extension String {
    /// Of a response: the number after "HTTP/1.1 ".
    var status: Int? { Int(dropFirst(9).prefix(3)) }

    /// Of a response: what follows the empty line.
    var payload: String {
        let bytes = Array(utf8)
        let end = Array("\r\n\r\n".utf8)
        guard let start = bytes.firstRange(of: end)?.upperBound else { return "" }
        return String(decoding: bytes[start...], as: UTF8.self)
    }
}
