// Carries approved closes, and transfers, to a venue over HTTP. The bytes of an intent are made
// once and are the same in every attempt, each attempt is durable before its first byte leaves, and
// whatever becomes of a call is an answer, if only that nobody knows.

import KeeperCodec
package import KeeperModel
package import KeeperRisk
package import KeeperSigner
package import KeeperTransport
import KeeperWriteDoor
import VenueREST

package final class RESTCloseDesk {
    /// Makes an attempt durable and calls `send` once it is; where it throws, nothing is sent.
    package typealias WillSend = (
        _ attempt: CloseAttempt, _ bytes: [UInt8], _ send: @escaping () -> Void
    ) throws -> Void
    package typealias Sink = (
        _ domain: DomainID, _ clientID: ClientID, _ answer: CloseAnswer, _ height: UInt64
    ) -> Void

    private let endpoint: Endpoint
    private let reactor: Reactor
    private let signer: RequestSigner
    private let limits: ExchangeLimits
    private let willSend: WillSend
    private let sink: Sink
    /// Of closes that have no end yet; bounded by the open intents.
    private var open: [ClientID: OpenClose] = [:]
    /// By what receipts are believed.
    package var trust: SettlementTrust

    private struct OpenClose {
        /// Nil where the program was started anew and has only asked so far.
        var bytes: [UInt8]?
        /// An attempt of this run or of one before it may have reached the venue.
        var mayBeOutThere: Bool
    }

    package init(
        endpoint: Endpoint, reactor: Reactor, signer: RequestSigner,
        limits: ExchangeLimits = ExchangeLimits(), trust: SettlementTrust = .unsigned,
        willSend: @escaping WillSend, sink: @escaping Sink
    ) {
        self.endpoint = endpoint
        self.reactor = reactor
        self.signer = signer
        self.limits = limits
        self.trust = trust
        self.willSend = willSend
        self.sink = sink
    }

    package func submit(_ approved: Approved<CloseAttempt>) {
        let plan = approved.subject.intent.plan
        let bytes = open[plan.clientID]?.bytes ?? plan.transferOrder?.jsonBytes ?? plan.jsonBytes
        do {
            try willSend(approved.subject, bytes) { [weak self] in self?.send(bytes, of: plan) }
        } catch {
            // Not from here: the caller may still be inside its own turn.
            reactor.after(.zero) { [weak self] in
                let answer = CloseAnswer.unknown(evidence: "nothing was sent: \(error)")
                self?.sink(plan.target.domain, plan.clientID, answer, 0)
            }
        }
    }

    private func send(_ bytes: [UInt8], of plan: ClosePlan) {
        let mayBeOutThere = open[plan.clientID]?.mayBeOutThere ?? false
        open[plan.clientID] = OpenClose(bytes: bytes, mayBeOutThere: true)
        start(
            write(Self.path(plan.target, plan.clientID), bytes),
            .submit(mayBeOutThere: mayBeOutThere), plan.target, plan.clientID)
    }

    package func lookUp(_ target: Target, _ clientID: ClientID) {
        noteDoubt(about: clientID)
        start(read(Self.path(target, clientID)), .lookUp, target, clientID)
    }

    package func void(_ target: Target, _ clientID: ClientID) {
        noteDoubt(about: clientID)
        start(write(Self.path(target, clientID) + "/void", []), .void, target, clientID)
    }

    private static func path(_ target: Target, _ clientID: ClientID) -> String {
        (target.isTreasury ? "/v1/transfers/" : "/v1/closes/") + clientID.text
    }

    /// Whoever asks about a close does not know whether it is out there.
    private func noteDoubt(about clientID: ClientID) {
        open[clientID, default: OpenClose(bytes: nil, mayBeOutThere: true)].mayBeOutThere = true
    }

    private func start(
        _ exchange: some Exchange, _ call: CloseCall, _ target: Target, _ clientID: ClientID
    ) {
        reactor.start(exchange) { [weak self] result in
            guard let self else { return }
            take(
                CloseReading(.init(result), to: call, about: clientID, trusting: trust), target,
                clientID)
        }
    }

    private func take(_ reading: CloseReading, _ target: Target, _ clientID: ClientID) {
        switch reading.answer {
        case .settled, .refused, .voided: open[clientID] = nil
        case .unknown, .notFound, .accepted, .included: break
        }
        sink(target.domain, clientID, reading.answer, reading.height)
    }

    // MARK: Requests

    private func read(_ path: String) -> ReadRequest {
        wellFormed { () throws(RequestProblem) in
            try ReadRequest(
                endpoint, path: path, headers: try signature("GET", path, []), limits: limits)
        }
    }

    private func write(_ path: String, _ body: [UInt8]) -> WriteRequest {
        wellFormed { () throws(RequestProblem) in
            let content = body.isEmpty ? [] : [HeaderField("Content-Type", "application/json")]
            let head = try RequestHead(
                endpoint, path: path, headers: content + signature("PUT", path, body),
                limits: limits)
            return WriteRequest(.put, head, body: body)
        }
    }

    /// Over the target as it goes on the wire, the endpoint's own path included. Made at the last
    /// moment: a signature lives for seconds.
    private func signature(
        _ method: String, _ path: String, _ body: [UInt8]
    ) throws(RequestProblem) -> [HeaderField] {
        signer.headers(method, try RequestHead(endpoint, path: path).target, body)
    }

    private func wellFormed<Request>(
        _ make: () throws(RequestProblem) -> Request
    ) -> Request {
        do {
            return try make()
        } catch {
            preconditionFailure("The engine's own keys make paths: \(error)")
        }
    }
}
