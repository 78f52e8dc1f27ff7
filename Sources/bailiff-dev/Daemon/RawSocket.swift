import CLinux
import Glibc

/// Sockets without anything around them: what a bench holds the rest against.
enum RawSocket {
    struct Problem: Error, CustomStringConvertible {
        let description: String

        init(_ call: String) {
            description = "\(call): \(String(cString: strerror(errno)))"
        }
    }

    private static let loopback = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    private static let stream = Int32(SOCK_STREAM.rawValue)

    static func wallNanoseconds() -> Int64 { clinux_wall_nanoseconds() }

    /// On loopback, at a port that the system chooses.
    static func listening() throws -> (descriptor: Int32, port: UInt16) {
        let listener = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = loopback
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withSocketAddress(&address) { bind(listener, $0, length) } == 0
        guard listener >= 0, isBound, listen(listener, 256) == 0,
            withSocketAddress(&address, { getsockname(listener, $0, &length) }) == 0
        else { throw Problem("listening on loopback") }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    static func connected(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = loopback
        address.sin_port = port.bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard descriptor >= 0,
            withSocketAddress(&address, { connect(descriptor, $0, length) }) == 0
        else { throw Problem("connecting to port \(port)") }
        sendAtOnce(descriptor)
        return descriptor
    }

    /// Two ends of one connection over loopback.
    static func pair() throws -> (near: Int32, far: Int32) {
        let (listener, port) = try listening()
        defer { close(listener) }
        let near = try connected(to: port)
        let far = accept(listener, nil, nil)
        guard far >= 0 else { throw Problem("accepting") }
        sendAtOnce(far)
        return (near, far)
    }

    static func sendAtOnce(_ descriptor: Int32) {
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
    }

    /// The kernel notes when bytes came, whenever they are read.
    static func stampArrivals(_ descriptor: Int32) {
        set(descriptor, SOL_SOCKET, SO_TIMESTAMPNS)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// What has come, and when the last of it did where that was asked for; nil at the end.
    static func received(_ descriptor: Int32) -> (bytes: [UInt8], arrivedAt: Int64?)? {
        var control = [UInt8](repeating: 0, count: 128)
        var message = msghdr()
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, filled in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
                withUnsafeMutablePointer(to: &part) { part in
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    count = recvmsg(descriptor, &message, 0)
                }
            }
            filled = max(count, 0)
        }
        guard count > 0 else { return nil }
        return (bytes, stamp(control, message.msg_controllen))
    }

    /// A header of 16 bytes (length, level, kind), then seconds and nanoseconds.
    private static func stamp(_ control: [UInt8], _ length: Int) -> Int64? {
        guard length >= 32 else { return nil }
        return control.withUnsafeBytes { bytes in
            let level = bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self)
            let kind = bytes.loadUnaligned(fromByteOffset: 12, as: Int32.self)
            guard level == SOL_SOCKET, kind == SO_TIMESTAMPNS else { return nil }
            let seconds = bytes.loadUnaligned(fromByteOffset: 16, as: Int64.self)
            return seconds * 1_000_000_000
                + bytes.loadUnaligned(fromByteOffset: 24, as: Int64.self)
        }
    }

    static func sendAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}

private func withSocketAddress<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
) -> Result {
    withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
}
