// A venue with one promise broken: a proxy before the reference venue that spoils what passes, so
// that the venue itself knows no way to misbehave.

import Foundation
import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperSigner
import KeeperTransport
import KeeperWriteDoor
import Testing
import VenueServing
import VenueSimulator

/// What passed once through the proxy.
struct PassedReply {
    let request: HTTPRequest
    var status: Int
    var headers: [HTTPField]
    var body: JSONValue

    var path: String { request.target.path }

    /// Whether it is a page of a stream and not a snapshot.
    var isPage: Bool { body["entries"] != nil }
}

/// One way to break one promise.
struct Mutation: Sendable, CustomTestStringConvertible {
    /// The check that has to notice.
    let check: String
    let testDescription: String
    /// Whether the proxy signs in the caller's place, so that no signature is ever wrong.
    let forgives: @Sendable (HTTPRequest) -> Bool
    let spoil: @Sendable (inout PassedReply) -> Void

    init(_ check: String, _ title: String, spoil: @escaping @Sendable (inout PassedReply) -> Void) {
        self.check = check
        testDescription = title
        forgives = { _ in false }
        self.spoil = spoil
    }

    init(_ check: String, _ title: String, forgives: @escaping @Sendable (HTTPRequest) -> Bool) {
        self.check = check
        testDescription = title
        self.forgives = forgives
        spoil = { _ in }
    }
}

/// Venue, proxy and prober on one thread and one reactor.
final class MutatedVenue {
    let reactor = Reactor()
    let signer: RequestSigner
    private let venue: VenueServer
    private let proxy: HTTPServer
    private let mutation: Mutation?

    /// Where bids are sealed or offers claimed, accounts are not shown.
    enum Kind {
        case accounts
        case claims
        case bids

        init(for check: String?) {
            self =
                switch check {
                case "offers-bids": .bids
                case let name? where name.hasPrefix("offers-"): .claims
                default: .accounts
                }
        }
    }

    init(_ mutation: Mutation?, of kind: Kind? = nil) throws {
        self.mutation = mutation
        let kind = kind ?? Kind(for: mutation?.check)
        let openedAt = Instant(milliseconds: 1_000_000)
        var reference = ReferenceVenue(scenario: try Self.scenario(kind), openedAt: openedAt)
        reference.advance(to: openedAt + .seconds(kind == .accounts ? 300 : 230))
        switch kind {
        case .accounts: try Self.settleSomething(at: &reference)
        case .claims, .bids: reference.letCrowdClose(atMost: 3)
        }
        Self.switchSomething(at: &reference)
        let key = try Self.freshKey()
        signer = try Self.signer(key)
        var settings = VenueServerSettings()
        // Its accounts do not fit into one.
        settings.snapshotPageBytesMax = 2_000
        try settings.keys.add(key.publicKey, named: "conformance")
        let real = SystemClock()
        venue = try VenueServer(
            venue: reference,
            clock: ScaledClock(
                origin: reference.world.now, factor: 20, startedAt: real.now(), real: real),
            settings: settings, reactor: reactor)
        var proxySettings = ServerSettings()
        proxySettings.methods = [.get, .put]
        proxy = try HTTPServer(proxySettings)
        let proxy = proxy
        _ = reactor.watch(proxy.pollDescriptor, .readable) { [weak self] _ in
            proxy.runOnce(timeoutMilliseconds: 0) { self?.pass($0) }
        }
    }

    private static func scenario(_ kind: Kind) throws -> Scenario {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let name = kind == .accounts ? "crash" : "offers"
        let file = root.appending(path: "scenarios/\(name).json")
        var text = try String(contentsOf: file, encoding: .utf8)
        if kind == .bids {
            text = text.replacing(
                #""allocation": "claim","#, with: #""allocation": "sealedBid", "window": 4,"#)
        }
        text = text.replacing(
            #""backstops": [],"#,
            with: #""backstops": [], "stress": {"exitCostPpm": "3000", "shocks": "#
                + #"[{"name": "crash", "defaultPpm": "-300000", "assets": {}}]},"#)
        return try ScenarioFile.read(Array(text.utf8))
    }

    deinit {
        venue.stop()
        proxy.stop()
    }

    func endpoint() throws -> Endpoint {
        try Endpoint(name: EndpointName("mutant"), baseURL: "http://127.0.0.1:\(proxy.port)")
    }

    private static func signer(_ key: SigningKey) throws -> RequestSigner {
        guard let signer = RequestSigner(key: key, keyID: "conformance") else {
            throw RigProblem("a key has a name")
        }
        return signer
    }

    private static func freshKey() throws -> SigningKey {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "bailiff-conformance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A folder left behind harms nobody.
        defer { try? FileManager.default.removeItem(at: folder) }
        return try KeyFile.generate(folder.appending(path: "key").path)
    }
}

struct RigProblem: Error {
    let text: String
    init(_ text: String) { self.text = text }
}

extension MutatedVenue {
    // MARK: Passing on

    private func pass(_ exchange: HTTPExchange) {
        do {
            let request = exchange.request
            let isForgiven = mutation?.forgives(request) ?? false
            let headers = isForgiven ? sign(request) : Self.passedOn(request.headers)
            let endpoint = try Endpoint(
                name: EndpointName("reference"), baseURL: "http://127.0.0.1:\(venue.port)")
            let completion: Reactor.Completion = { [weak self] in
                self?.answer($0, exchange)
            }
            let path = request.target.rawPath
            let query = request.target.query.map { QueryItem($0.name, $0.value) }
            if request.method == .put {
                let head = try RequestHead(endpoint, path: path, headers: headers)
                reactor.start(WriteRequest(.put, head, body: request.body), completion)
            } else {
                reactor.start(
                    try ReadRequest(endpoint, path: path, query: query, headers: headers),
                    completion)
            }
        } catch {
            exchange.respond(HTTPResponse(status: 500))
        }
    }

    private func sign(_ request: HTTPRequest) -> [HeaderField] {
        let signed = signer.sign(
            method: request.method.rawValue, target: request.target.rawPath, body: request.body,
            at: SystemClock.machineTime())
        return signed?.headers.map { HeaderField($0.name, $0.value) } ?? []
    }

    private static func passedOn(_ headers: [HTTPField]) -> [HeaderField] {
        headers.filter { $0.name.hasPrefix("bailiff-") }.map { HeaderField($0.name, $0.value) }
    }

    private func answer(_ result: Result<Reply, TransportError>, _ exchange: HTTPExchange) {
        guard exchange.isOpen else { return }
        guard case .success(let reply) = result,
            // The venue speaks JSON; what is none is spoilt already.
            let body = try? JSONValue.parse(reply.body)
        else { return exchange.respond(HTTPResponse(status: 502)) }
        let own = ["content-length", "connection", "date", "transfer-encoding"]
        var passed = PassedReply(
            request: exchange.request, status: reply.status,
            headers: reply.headers.filter { !own.contains($0.name) }.map {
                HTTPField($0.name, $0.value)
            },
            body: body)
        mutation?.spoil(&passed)
        exchange.respond(
            HTTPResponse(
                status: passed.status, headers: passed.headers, body: passed.body.canonicalBytes))
    }
}
