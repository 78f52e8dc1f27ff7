import Foundation
import Glibc
import KeeperSigner
import RoadKit

/// What cannot be saved: the write of a close's bytes, one signature, and both behind a read that
/// waits for the tick.
struct BareClose: Sendable {
    struct Times: Sendable {
        let p50: Double
        let p99: Double

        init(_ nanoseconds: [Double]) {
            p50 = nanoseconds.median
            p99 = nanoseconds.quantile(0.99)
        }
    }

    let write: Times
    let signature: Times
    let responder: Times
    let rounds: Int

    private static let roundCount = 1_000
    /// The text that a request's signature covers is about so long.
    private static let signedByteCount = 200
    /// As far apart as no two ticks of a bench are, and enough for a core to fall asleep.
    private static let pauseMicroseconds: UInt32 = 2_000

    init(like close: [UInt8], after tick: [UInt8]) throws {
        rounds = Self.roundCount
        let folder = try TemporaryFolder()
        let key = try KeyFile.generate(folder.file("key"))
        let text = [UInt8](repeating: 0x61, count: Self.signedByteCount)
        signature = Times(
            (0..<Self.roundCount).map { _ in nanoseconds { _ = key.sign(text) } })
        write = Times(try Self.writes(close))
        responder = Times(try Self.responses(to: tick, with: close, key, text))
    }

    private static func writes(_ bytes: [UInt8]) throws -> [Double] {
        let (near, far) = try RawSocket.pair()
        defer { Glibc.close(near) }
        // Whoever takes the bytes waits in a read, as a venue does.
        Thread.detachNewThread {
            while RawSocket.received(far) != nil {}
            Glibc.close(far)
        }
        return try (0..<roundCount).map { _ in
            usleep(pauseMicroseconds)
            var isWritten = false
            let spent = nanoseconds { isWritten = RawSocket.sendAll(bytes, near) }
            guard isWritten else { throw HTTPProblem.gone }
            return spent
        }
    }

    /// As the relay measures: from the tick's write to the kernel's stamp of the close.
    private static func responses(
        to tick: [UInt8], with close: [UInt8], _ key: SigningKey, _ text: [UInt8]
    ) throws -> [Double] {
        let (near, far) = try RawSocket.pair()
        defer { Glibc.close(near) }
        RawSocket.stampArrivals(near)
        let duty = ResponderDuty(socket: far, tickByteCount: tick.count, close: close, key, text)
        Thread.detachNewThread { duty.run() }
        return try (0..<roundCount).map { _ in
            usleep(pauseMicroseconds)
            let start = RawSocket.wallNanoseconds()
            guard RawSocket.sendAll(tick, near) else { throw HTTPProblem.gone }
            var left = close.count
            var stampedAt: Int64 = start
            while left > 0 {
                guard let (bytes, arrivedAt) = RawSocket.received(near) else {
                    throw HTTPProblem.gone
                }
                left -= bytes.count
                stampedAt = arrivedAt ?? RawSocket.wallNanoseconds()
            }
            return Double(stampedAt - start)
        }
    }
}

/// All that the thread of the raw socket has. tidy:allow(unchecked) handed over before it starts
private final class ResponderDuty: @unchecked Sendable {
    private let socket: Int32
    private let tickByteCount: Int
    private let close: [UInt8]
    private let key: SigningKey
    private let text: [UInt8]

    init(socket: Int32, tickByteCount: Int, close: [UInt8], _ key: SigningKey, _ text: [UInt8]) {
        self.socket = socket
        self.tickByteCount = tickByteCount
        self.close = close
        self.key = key
        self.text = text
    }

    func run() {
        var left = tickByteCount
        while let (bytes, _) = RawSocket.received(socket) {
            left -= bytes.count
            guard left <= 0 else { continue }
            left = tickByteCount
            _ = key.sign(text)
            guard RawSocket.sendAll(close, socket) else { break }
        }
        Glibc.close(socket)
    }
}
