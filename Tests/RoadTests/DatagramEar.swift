import Foundation
import Glibc
import RoadKit

/// A socket that hears datagrams: what a supervisor or a journal would be.
final class DatagramEar {
    let path: String
    private let descriptor: Int32
    private(set) var heard: [[UInt8]] = []

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An abstract address has a zero where a path has its first letter.
        let bytes = Array(path.utf8).enumerated().map { index, byte in
            index == 0 && byte == UInt8(ascii: "@") ? 0 : byte
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard descriptor >= 0, code == 0 else { throw RoadProblem("\(path): cannot be heard at") }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// Everything that has come by now, as text, one datagram each.
    func listen() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { break }
            heard.append(Array(buffer.prefix(count)))
        }
        return heard.map { String(decoding: $0, as: UTF8.self) }
    }
}
