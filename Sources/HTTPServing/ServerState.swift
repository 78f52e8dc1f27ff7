// What libmicrohttpd's callbacks touch: connections, exchanges on their way, requests that are
// whole. The callbacks only move bytes and note things; the program behind the server never runs
// inside them.

import CLinux
import CMicroHTTPD
import Glibc

final class ServerState {
    private var door: RequestDoor
    private let phaseTimeoutNanoseconds: Int64
    private var connections: [OpaquePointer: ServerConnection] = [:]
    private var ready: [HTTPExchange] = []
    /// Answers were given since the library ran last; it would not notice by itself.
    private(set) var hasFreshAnswers = false
    /// Readable while there is work that the library's own descriptor does not show.
    let bell: Int32

    init(_ settings: ServerSettings) {
        door = RequestDoor(settings)
        bell = clinux_open_event()
        precondition(bell >= 0, "The system has a descriptor for waking up")
        phaseTimeoutNanoseconds = Int64(settings.phaseTimeoutMilliseconds) * 1_000_000
    }

    deinit { Glibc.close(bell) }

    func ringBell() { clinux_raise_event(bell) }

    func clearBell() {
        hasFreshAnswers = false
        clinux_clear_event(bell)
    }

    func noteAnswer() {
        hasFreshAnswers = true
        ringBell()
    }

    var hasConnections: Bool { !connections.isEmpty }

    func takeRequests() -> [HTTPExchange] {
        defer { ready = [] }
        return ready
    }

    /// Answers whoever waits and lets nobody in any more.
    func close(answering response: HTTPResponse) {
        door.isClosed = true
        for connection in connections.values {
            if let exchange = connection.exchange, exchange.isWaiting { exchange.answer(response) }
        }
    }

    /// libmicrohttpd's own timeout starts over with every byte; this one does not.
    func cutOverdue(at now: Int64) {
        for (pointer, connection) in connections where connection.isOverdue(at: now) {
            shutdown(cmhd_socket(pointer), Int32(SHUT_RDWR))
            connection.restartPhase(phaseTimeoutNanoseconds)
        }
    }

    fileprivate func begin(_ target: String, _ connection: OpaquePointer) -> PendingExchange {
        let exchange = PendingExchange(connection: connection, rawTarget: target, server: self)
        connections[connection]?.exchange = exchange
        return exchange
    }

    fileprivate func proceed(
        _ exchange: PendingExchange, _ connection: OpaquePointer, _ method: String,
        _ upload: UnsafeBufferPointer<UInt8>
    ) -> MHD_Result {
        let (result, request) = exchange.proceed(method: method, upload: upload, door: door)
        if let request {
            ready.append(HTTPExchange(request: request, pending: exchange))
        }
        connections[connection]?.notePhase(of: exchange, phaseTimeoutNanoseconds)
        return result
    }

    fileprivate func end(_ connection: OpaquePointer) {
        connections[connection]?.exchange = nil
        connections[connection]?.restartPhase(phaseTimeoutNanoseconds)
    }

    fileprivate func open(_ connection: OpaquePointer) {
        connections[connection] = ServerConnection(phaseTimeoutNanoseconds)
    }

    fileprivate func close(_ connection: OpaquePointer) {
        connections[connection] = nil
    }
}

/// How long a connection may stay in its phase. While the program thinks, there is no limit.
private final class ServerConnection {
    var exchange: PendingExchange?
    private var overdueAt: Int64 = .max
    private var wasWaiting = false

    init(_ timeoutNanoseconds: Int64) { restartPhase(timeoutNanoseconds) }

    func isOverdue(at now: Int64) -> Bool {
        // An answer given from outside ends the wait without a call of the library.
        now >= overdueAt && exchange?.isWaiting != true
    }

    func restartPhase(_ timeoutNanoseconds: Int64) {
        overdueAt = clinux_monotonic_nanoseconds() + timeoutNanoseconds
    }

    /// Reading a request is one phase, writing the response another.
    func notePhase(of exchange: PendingExchange, _ timeoutNanoseconds: Int64) {
        if wasWaiting, !exchange.isWaiting { restartPhase(timeoutNanoseconds) }
        wasWaiting = exchange.isWaiting
    }
}

extension ServerState {
    var callbacks: cmhd_callbacks {
        cmhd_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(),
            begin_request: { context, target, connection in
                guard let connection else { return nil }
                let text = target.map { String(cString: $0) } ?? ""
                let exchange = ServerState.from(context).begin(text, connection)
                return Unmanaged.passRetained(exchange).toOpaque()
            },
            handle: { context, connection, _, method, _, upload, uploadCount, exchange in
                guard let connection, let method, let uploadCount, let raw = exchange?.pointee
                else { return .NO }
                let exchange = Unmanaged<PendingExchange>.fromOpaque(raw).takeUnretainedValue()
                let bytes = UnsafeRawBufferPointer(start: upload, count: uploadCount.pointee)
                uploadCount.pointee = 0
                return ServerState.from(context).proceed(
                    exchange, connection, String(cString: method), bytes.bindMemory(to: UInt8.self))
            },
            end_request: { context, connection, exchange, _ in
                guard let connection, let raw = exchange?.pointee else { return }
                exchange?.pointee = nil
                Unmanaged<PendingExchange>.fromOpaque(raw).release()
                ServerState.from(context).end(connection)
            },
            note_connection: { context, connection, _, code in
                guard let connection else { return }
                let state = ServerState.from(context)
                if code == .CONNECTION_NOTIFY_STARTED {
                    state.open(connection)
                } else {
                    state.close(connection)
                }
            })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> ServerState {
        guard let context else { preconditionFailure("libmicrohttpd returns its context") }
        return Unmanaged<ServerState>.fromOpaque(context).takeUnretainedValue()
    }
}
