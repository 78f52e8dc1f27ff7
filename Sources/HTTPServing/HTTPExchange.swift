// One request and its answer. The answer may come at once or much later (a long poll); until then
// the connection sleeps and costs nothing. It is given exactly once.

import CMicroHTTPD

package final class HTTPExchange {
    package let request: HTTPRequest
    private weak var pending: PendingExchange?

    init(request: HTTPRequest, pending: PendingExchange) {
        self.request = request
        self.pending = pending
    }

    /// False once it was answered or the server has stopped.
    package var isOpen: Bool { pending?.isWaiting ?? false }

    /// Does nothing when the server has stopped in between.
    package func respond(_ response: HTTPResponse) {
        guard let pending else { return }
        pending.answer(response)
    }

    /// Ends the connection without a word, as a network would that fails once the request is read.
    package func drop() {
        pending?.drop()
    }
}

/// The side that libmicrohttpd sees, from the request line to the last byte of the response.
final class PendingExchange {
    private enum Phase {
        case head
        case body
        case waiting
        case answered(HTTPResponse)
        case dropped
        case queued
    }

    private let connection: OpaquePointer
    private let rawTarget: String
    private var phase = Phase.head
    private var head: RequestDoor.Head?
    private var body: [UInt8] = []

    private weak var server: ServerState?

    init(connection: OpaquePointer, rawTarget: String, server: ServerState) {
        self.server = server
        self.connection = connection
        self.rawTarget = rawTarget
    }

    var isWaiting: Bool {
        if case .waiting = phase { true } else { false }
    }

    func answer(_ response: HTTPResponse) { end(.answered(response)) }

    func drop() { end(.dropped) }

    private func end(_ ending: Phase) {
        precondition(isWaiting, "An exchange is answered once")
        phase = ending
        server?.noteAnswer()
        MHD_resume_connection(connection)
    }

    /// One call of libmicrohttpd: with the head, with a piece of the body, at the end of the body,
    /// or after a resume. Returns the request when it is whole.
    func proceed(
        method: String, upload: UnsafeBufferPointer<UInt8>, door: RequestDoor
    ) -> (result: MHD_Result, request: HTTPRequest?) {
        switch phase {
        case .head:
            return (examineHead(method, door), nil)
        case .body where !upload.isEmpty:
            // The announced length was checked at the door, and libmicrohttpd reads no further.
            body.append(contentsOf: upload)
            return (.YES, nil)
        case .body where door.isClosed:
            phase = .queued
            return (queue(HTTPResponse(status: 503)), nil)
        case .body:
            guard let head else { preconditionFailure("A body follows a head") }
            phase = .waiting
            MHD_suspend_connection(connection)
            return (.YES, head.request(body: body, from: peer))
        case .answered(let response):
            phase = .queued
            return (queue(response), nil)
        case .dropped:
            phase = .queued
            return (.NO, nil)
        case .waiting, .queued:
            return (.YES, nil)
        }
    }

    private var peer: PeerAddress? {
        var number: UInt32 = 0
        guard cmhd_peer_address(connection, &number) == 1 else { return nil }
        return PeerAddress(number: number)
    }

    private func examineHead(_ method: String, _ door: RequestDoor) -> MHD_Result {
        do throws(HTTPRefusal) {
            head = try door.examine(
                method: method, rawTarget: rawTarget, headers: headers(max: door.headersMax))
            phase = .body
            return .YES
        } catch {
            phase = .queued
            return queue(error.response(allowing: door.methods))
        }
    }

    /// One more than the bound at most, so that the door sees the excess.
    private func headers(max: Int) -> [HTTPField] {
        let reader = HeaderReader(max: max)
        let context = Unmanaged.passUnretained(reader).toOpaque()
        withExtendedLifetime(reader) {
            _ = MHD_get_connection_values(connection, .HEADER_KIND, readHeader, context)
        }
        return reader.fields
    }

    private func queue(_ response: HTTPResponse) -> MHD_Result {
        var body = response.body
        guard let raw = MHD_create_response_from_buffer(body.count, &body, .RESPMEM_MUST_COPY)
        else { return .NO }
        defer { MHD_destroy_response(raw) }
        for field in response.headers {
            guard MHD_add_response_header(raw, field.name, field.value) == .YES else {
                preconditionFailure("A response header is well formed: \(field.name)")
            }
        }
        return MHD_queue_response(connection, UInt32(response.status), raw)
    }
}

private final class HeaderReader {
    let max: Int
    var fields: [HTTPField] = []

    init(max: Int) { self.max = max }
}

private func readHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?,
    _ value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let context, let name else { return .NO }
    let reader = Unmanaged<HeaderReader>.fromOpaque(context).takeUnretainedValue()
    guard reader.fields.count <= reader.max else { return .NO }
    let text = value.map { String(cString: $0) } ?? ""
    reader.fields.append(HTTPField(String(cString: name), text))
    return .YES
}
