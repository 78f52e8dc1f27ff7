// Asks a venue one question at a time and keeps the heads of all replies. It knows the signing text
// and nothing else of how the venue is built.

import KeeperCodec
import KeeperModel
package import KeeperSigner
package import KeeperTransport
import KeeperWriteDoor

package final class VenueProbe {
    /// The head of a reply that came, for checks over all of them.
    struct Seen {
        let question: String
        let status: Int
        let headers: [HeaderField]
    }

    let hasKey: Bool
    private(set) var seen: [Seen] = []

    private let endpoint: Endpoint
    private let reactor: Reactor
    private let signer: RequestSigner?
    private let firstKey: String
    private var keyCount = 0

    private static let patience = TimeSpan.seconds(15)

    /// Without a signer only what is open to everybody is asked.
    package init(endpoint: Endpoint, reactor: Reactor, signer: RequestSigner?) {
        self.endpoint = endpoint
        self.reactor = reactor
        self.signer = signer
        hasKey = signer != nil
        // Keys of closes are remembered for weeks: a second run needs others.
        firstKey = "conformance-\(SystemClock.machineTime().nanoseconds / 1_000_000)"
    }

    /// Whether anything answers there at all, whatever it says.
    package var isReachable: Bool {
        do {
            _ = try get("/v1/time")
            return true
        } catch {
            return false
        }
    }

    /// A key of a close that nobody has used.
    func freshKey() -> ClientID {
        keyCount += 1
        return ClientID("\(firstKey)-\(keyCount)")
    }

    // MARK: Questions

    func get(_ path: String, _ query: [QueryItem] = []) throws -> Reply {
        try finish(ReadRequest(endpoint, path: path, query: query), "GET \(path)")
    }

    func get(_ path: String, signedBy headers: [HeaderField]) throws -> Reply {
        try finish(ReadRequest(endpoint, path: path, headers: headers), "GET \(path)")
    }

    func put(_ path: String, _ body: [UInt8], signedBy headers: [HeaderField]) throws -> Reply {
        let content = body.isEmpty ? [] : [HeaderField("Content-Type", "application/json")]
        let head = try RequestHead(endpoint, path: path, headers: content + headers)
        return try finish(WriteRequest(.put, head, body: body), "PUT \(path)")
    }

    func signedGet(_ path: String) throws -> Reply {
        try get(path, signedBy: signature("GET", path))
    }

    func signedPut(_ path: String, _ body: [UInt8] = []) throws -> Reply {
        try put(path, body, signedBy: signature("PUT", path, body))
    }

    /// Over this request, or over another one where a check wants a wrong signature.
    func signature(
        _ method: String, _ path: String, _ body: [UInt8] = [], shiftedBy shift: TimeSpan = .zero
    ) throws -> [HeaderField] {
        guard let signer else { throw NotOffered(reason: "no key was given") }
        let target = try RequestHead(endpoint, path: path).target
        let time = SystemClock.machineTime() + shift
        guard let signed = signer.sign(method: method, target: target, body: body, at: time) else {
            preconditionFailure("A request that the transport takes can be signed")
        }
        return signed.headers.map { HeaderField($0.name, $0.value) }
    }

    private func finish(_ exchange: some Exchange, _ question: String) throws -> Reply {
        var result: Result<Reply, TransportError>?
        reactor.start(exchange) { result = $0 }
        let end = MonotonicTime.now() + Self.patience
        while result == nil, MonotonicTime.now() < end {
            reactor.runOnce(waitingAtMost: .milliseconds(100))
        }
        guard let result else {
            throw Departure("\(question) has no answer within \(Self.patience.milliseconds) ms")
        }
        switch result {
        case .success(let reply):
            seen.append(Seen(question: question, status: reply.status, headers: reply.headers))
            return reply
        case .failure(let error):
            throw Departure("\(question) has no answer: \(error)")
        }
    }
}

extension VenueProbe {
    // MARK: Documents

    /// The members of a reply that has to be a success.
    func document(_ reply: Reply, of question: String) throws -> ObjectReader {
        try require(reply.status == 200, "\(question) answers \(reply.status), not 200")
        let type = reply.header("content-type") ?? "nothing"
        try require(
            type.hasPrefix("application/json"), "\(question) says that it is \(type), not JSON")
        return try JSONReader(try JSONValue.parse(reply.body)).object()
    }

    func document(at path: String, _ query: [QueryItem] = []) throws -> ObjectReader {
        try document(try get(path, query), of: "GET \(path)")
    }

    /// A refusal with this status that says in the form of RFC 9457 that nothing was done. Returns
    /// its code.
    @discardableResult
    func refusal(_ reply: Reply, status: Int, of question: String) throws -> String {
        try require(
            reply.status == status, "\(question) answers \(reply.status), not \(status)")
        let type = reply.header("content-type") ?? "nothing"
        try require(
            type.hasPrefix("application/problem+json"),
            "\(question) refuses with \(type), not application/problem+json")
        var problem = try JSONReader(try JSONValue.parse(reply.body)).object()
        let outcome = try problem.string("outcome")
        try require(outcome == "none", "\(question) is refused with outcome '\(outcome)'")
        let retry = try problem.string("retry")
        try require(
            ["never", "same", "later"].contains(retry),
            "\(question) is refused with retry '\(retry)', which is no word of the contract")
        let said = try problem.integer("status", as: Int64.self)
        try require(said == status, "\(question): body says \(said), status line \(status)")
        let requestID = try problem.string("requestId")
        let header = reply.header("request-id") ?? "none"
        try require(
            requestID == header, "\(question): requestId is '\(requestID)', its header '\(header)'")
        return try problem.string("code")
    }
}
