import Foundation
import Glibc
import Synchronization

/// Stands between a keeper and its venue and looks at the clock: when prices go into the keeper's
/// socket, and when the kernel got the last byte of a close out of it. So nothing in the keeper is
/// changed by being measured, and how the relay waits does not count.
final class TickRelay: Sendable {
    struct Close: Sendable {
        /// From the bytes of the tick before it to its own last byte.
        let nanoseconds: Double
        let bytes: [UInt8]
    }

    let port: UInt16
    private let listener: Int32
    private let venuePort: UInt16
    private let state = Mutex(State())

    private struct State {
        var closes: [Close] = []
        var tickBytes: [UInt8] = []
        var tickCount = 0
        var isStopped = false
    }

    /// A close that comes so much later has another cause than the tick.
    private static let latestNanoseconds: Double = 200_000_000

    init(toVenueAt venuePort: UInt16) throws {
        self.venuePort = venuePort
        (listener, port) = try RawSocket.listening()
        Thread.detachNewThread { [self] in serve() }
    }

    /// Closes that were the first after their tick; those of the time before are forgotten.
    func takeCloses() -> [Close] {
        state.withLock { state in
            defer { state.closes = [] }
            return state.closes
        }
    }

    var closeCount: Int { state.withLock { $0.closes.count } }
    var tickCount: Int { state.withLock { $0.tickCount } }
    /// The last reply that carried prices.
    var tickBytes: [UInt8] { state.withLock { $0.tickBytes } }

    func stop() { state.withLock { $0.isStopped = true } }

    // MARK: Its thread

    private final class Connection {
        let keeper: Int32
        let venue: Int32
        var request: [UInt8] = []

        init(keeper: Int32, venue: Int32) {
            self.keeper = keeper
            self.venue = venue
        }
    }

    private func serve() {
        var connections: [Connection] = []
        var tickAt: Int64 = 0
        while !state.withLock({ $0.isStopped }) {
            var polled = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
            for connection in connections {
                polled.append(pollfd(fd: connection.keeper, events: Int16(POLLIN), revents: 0))
                polled.append(pollfd(fd: connection.venue, events: Int16(POLLIN), revents: 0))
            }
            guard poll(&polled, nfds_t(polled.count), 100) > 0 else { continue }
            var gone: [Int] = []
            for (number, connection) in connections.enumerated() {
                let (fromKeeper, fromVenue) = (polled[2 * number + 1], polled[2 * number + 2])
                var isAlive = true
                if fromVenue.revents != 0 { isAlive = passOn(connection, &tickAt) }
                if isAlive, fromKeeper.revents != 0 { isAlive = take(connection, &tickAt) }
                if !isAlive { gone.append(number) }
            }
            for number in gone.reversed() {
                let connection = connections.remove(at: number)
                close(connection.keeper)
                close(connection.venue)
            }
            if polled[0].revents != 0 { accept(into: &connections) }
        }
        for connection in connections {
            close(connection.keeper)
            close(connection.venue)
        }
        close(listener)
    }

    private func accept(into connections: inout [Connection]) {
        let keeper = Glibc.accept(listener, nil, nil)
        guard keeper >= 0 else { return }
        // Whoever cannot reach the venue hears it by a connection that ends.
        guard let venue = try? RawSocket.connected(to: venuePort) else {
            close(keeper)
            return
        }
        RawSocket.sendAtOnce(keeper)
        RawSocket.stampArrivals(keeper)
        connections.append(Connection(keeper: keeper, venue: venue))
    }

    /// From the venue to the keeper. False at an end.
    private func passOn(_ connection: Connection, _ tickAt: inout Int64) -> Bool {
        guard let (bytes, _) = RawSocket.received(connection.venue) else { return false }
        let isTick = bytes.hasText(#""channel":"prices""#, within: 1_024)
        let now = RawSocket.wallNanoseconds()
        guard RawSocket.sendAll(bytes, connection.keeper) else { return false }
        guard isTick else { return true }
        tickAt = now
        state.withLock { state in
            state.tickBytes = bytes
            state.tickCount += 1
        }
        return true
    }

    /// From the keeper to the venue. False at an end.
    private func take(_ connection: Connection, _ tickAt: inout Int64) -> Bool {
        guard let (bytes, arrivedAt) = RawSocket.received(connection.keeper) else { return false }
        if connection.request.isEmpty, bytes.hasText("PUT /v1/closes/", within: 15) {
            connection.request = bytes
        } else if !connection.request.isEmpty {
            connection.request += bytes
        }
        if HTTPMessage.isWhole(connection.request) {
            let close = Close(
                nanoseconds: Double((arrivedAt ?? RawSocket.wallNanoseconds()) - tickAt),
                bytes: connection.request)
            connection.request = []
            let isVoid = close.bytes.hasText("/void HTTP", within: 120)
            if tickAt > 0, !isVoid, close.nanoseconds < Self.latestNanoseconds {
                state.withLock { $0.closes.append(close) }
                tickAt = 0
            }
        }
        return RawSocket.sendAll(bytes, connection.venue)
    }
}

enum HTTPMessage {
    /// Where the head ends; nil while it has not.
    static func headEnd(_ bytes: [UInt8]) -> Int? {
        let end = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { Array(bytes[$0..<$0 + 4]) == end }.map { $0 + 4 }
    }

    static func contentLength(_ head: ArraySlice<UInt8>) -> Int {
        let lines = String(decoding: head, as: UTF8.self).lowercased().split(separator: "\r\n")
        let line = lines.first { $0.hasPrefix("content-length:") }
        return line.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0
    }

    static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard let end = headEnd(bytes) else { return false }
        return bytes.count >= end + contentLength(bytes[..<end])
    }
}

extension [UInt8] {
    func hasText(_ text: String, within count: Int) -> Bool {
        String(decoding: prefix(count), as: UTF8.self).contains(text)
    }
}
