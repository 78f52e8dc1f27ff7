// A gate of bytes before the venue: open, it passes everything on; otherwise it fails in one way.
// What stands behind it never notices, which is the point: a fault of the way is no fault of the
// venue.

import Foundation
import Glibc
import Synchronization

final class FaultGate: Sendable {
    /// What the gate does with each connection.
    enum Fault: Hashable, Sendable {
        case none
        /// Nobody listens.
        case refuse
        /// The request is read, and nothing follows.
        case silence
        /// A byte, and another one a while later.
        case drip
        /// These bytes and then the end.
        case say(String)
    }

    let port: UInt16
    private let state: Mutex<State>
    private let venuePort: UInt16

    private struct State {
        var fault = Fault.none
        var listener: Int32
        var sockets: Set<Int32> = []
    }

    init(before venuePort: UInt16) throws {
        let (listener, port) = try Self.listen(on: 0)
        self.port = port
        self.venuePort = venuePort
        state = Mutex(State(listener: listener))
        serve(listener)
    }

    deinit { set(.refuse) }

    /// From now on. Connections that are open end: a kept one would outlive the fault.
    func set(_ fault: Fault) {
        let wasRefusing = state.withLock { state in
            let before = state.fault
            state.fault = fault
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
            if fault == .refuse, before != .refuse { shutdown(state.listener, Int32(SHUT_RDWR)) }
            return before == .refuse
        }
        guard wasRefusing, fault != .refuse else { return }
        // The port was ours a moment ago. Were it gone, the test would see that nothing recovers.
        guard let (listener, _) = try? Self.listen(on: port) else { return }
        state.withLock { $0.listener = listener }
        serve(listener)
    }

    private func serve(_ listener: Int32) {
        Thread { [weak self] in
            defer { close(listener) }
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { return }
                _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
                guard let gate = self else {
                    close(socket)
                    return
                }
                Thread { gate.carry(socket) }.start()
            }
        }.start()
    }

    private func carry(_ socket: Int32) {
        let fault = state.withLock { state in
            state.sockets.insert(socket)
            return state.fault
        }
        switch fault {
        case .none: pass(socket)
        case .refuse: break
        case .silence: drain(socket)
        case .drip:
            readSome(socket)
            write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", to: socket)
            while write(" ", to: socket) { usleep(150_000) }
        case .say(let text):
            readSome(socket)
            write(text, to: socket)
        }
        state.withLock { _ = $0.sockets.remove(socket) }
        close(socket)
    }

    /// Both ways at once, until one side ends.
    private func pass(_ socket: Int32) {
        guard let venue = Self.connect(to: venuePort) else { return }
        defer { close(venue) }
        let done = DispatchSemaphore(value: 0)
        Thread {
            Self.copy(from: venue, to: socket)
            shutdown(socket, Int32(SHUT_RDWR))
            done.signal()
        }.start()
        Self.copy(from: socket, to: venue)
        shutdown(venue, Int32(SHUT_RDWR))
        done.wait()
    }
}

extension FaultGate {
    // MARK: Bytes

    private static let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)

    private static func copy(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { return }
            var sent = 0
            while sent < count {
                let step = buffer[sent..<count].withUnsafeBytes {
                    send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard step > 0 else { return }
                sent += step
            }
        }
    }

    private func readSome(_ socket: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        _ = read(socket, &buffer, buffer.count)
    }

    private func drain(_ socket: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while read(socket, &buffer, buffer.count) > 0 {}
    }

    @discardableResult
    private func write(_ text: String, to socket: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    private static func listen(on port: UInt16) throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = loopback(port)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, size) | Glibc.listen(listener, 16)
                    | getsockname(listener, generic, &size)
            }
        }
        guard listener >= 0, code == 0 else { throw RigProblem("no port for the gate") }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private static func connect(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
        var address = loopback(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.connect(descriptor, generic, size)
            }
        }
        guard code == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
