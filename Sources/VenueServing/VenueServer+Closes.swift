// Requests that change something: closes, transfers, voids, and the switches of tests.

import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperTransport
import VenueSimulator

extension VenueServer {
    func change(
        _ route: VenueRoute, _ exchange: HTTPExchange, _ visit: Visit
    ) throws(VenueProblem) {
        if route == .testFaults { return try setFaults(exchange, visit) }
        guard !faults.rejectWrites else {
            throw VenueProblem(.writesRejected, "a test switch refuses every write")
        }
        let keeper = try keeper(of: exchange.request, for: route.scopeOfWrite, visit)
        let body = exchange.request.body
        let result: Result<HTTPResponse, VenueProblem>
        do throws(VenueProblem) {
            switch route {
            case .close(let clientID):
                result = .success(try close(clientID, body, keeper, visit))
            case .void(let clientID):
                result = .success(try void(clientID, body, keeper, visit))
            case .transfer(let clientID):
                result = .success(try transfer(clientID, body, keeper, visit))
            case .capacity:
                result = .success(try commit(body, keeper, visit))
            case .voidTransfer(let clientID):
                result = .success(try voidTransfer(clientID, body, keeper, visit))
            default:
                preconditionFailure("What takes no PUT is never written")
            }
        } catch {
            result = .failure(error)
        }
        deliver(result, exchange, visit)
        // The close may have moved books and accounts; its own reply goes first.
        answerReadyPolls()
    }

    private func close(
        _ clientID: ClientID, _ body: [UInt8], _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        let plan: ClosePlan
        do {
            plan = try ClosePlan(jsonBytes: body)
        } catch {
            throw VenueProblem(.malformed, "\(error)")
        }
        guard plan.clientID == clientID else {
            throw VenueProblem(.malformed, "path and body name different keys")
        }
        // It has a path and a scope of its own.
        guard plan.action.transfer == nil else {
            throw VenueProblem(.malformed, "a transfer is no close: PUT /v1/transfers/\(clientID)")
        }
        let bodyHash = Hex.encode(SHA256.hash(body))
        switch withVenue({ $0.close(plan, bodyHash: bodyHash, keeper: keeper) }) {
        case .answered(let answer, let isReplayed):
            return answered(clientID, answer, visit, isReplayed: isReplayed)
        case .keyReused:
            throw VenueProblem(.keyReused, "'\(clientID)' belongs to another body")
        case .tooManyCalls:
            // Heights may be shorter than a second; the header cannot say less.
            throw VenueProblem(
                .tooManyCalls, "at most \(venue.scenario.callsPerHeight) closes a height",
                headers: [HTTPField("Retry-After", "1")])
        }
    }

    private func void(
        _ clientID: ClientID, _ body: [UInt8], _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        guard body.isEmpty else { throw VenueProblem(.malformed, "a void has no body") }
        guard let answer = withVenue({ $0.void(clientID, keeper: keeper) }) else {
            throw VenueProblem(.keyReused, "'\(clientID)' belongs to another keeper")
        }
        return answered(clientID, answer, visit)
    }

    /// Whatever stands at the key, for good. A refused close is an answer and not an error: it is
    /// kept and replayed like a settled one.
    func answered(
        _ clientID: ClientID, _ answer: StoredAnswer, _ visit: Visit,
        isReplayed: Bool = false
    ) -> HTTPResponse {
        let headers = isReplayed ? [HTTPField("Replayed", "true")] : []
        return reply(visit, headers: headers) { json in
            json.member("clientId", clientID)
            json.member("answer", answer.asCloseAnswer)
            if case .settled(let receipt) = answer, !receipt.settlements.isEmpty {
                settlementSigner.write(under: receipt, to: &json)
            }
        }
    }

    // MARK: Faults

    private func deliver(
        _ result: Result<HTTPResponse, VenueProblem>, _ exchange: HTTPExchange,
        _ visit: Visit
    ) {
        guard !faults.takeDrop() else { return exchange.drop() }
        let response: HTTPResponse
        switch result {
        case .success(let reply): response = reply
        case .failure(let problem): response = refusal(problem, visit)
        }
        guard faults.delayRepliesMilliseconds > 0 else { return exchange.respond(response) }
        reactor.after(.milliseconds(Int64(faults.delayRepliesMilliseconds))) {
            guard exchange.isOpen else { return }
            exchange.respond(response)
        }
    }

    private func setFaults(
        _ exchange: HTTPExchange, _ visit: Visit
    ) throws(VenueProblem) {
        guard settings.hasTestSwitches else {
            throw VenueProblem(.noSuchPath, "this venue has no test switches")
        }
        let wanted = try TestFaults(jsonBytes: exchange.request.body)
        if let unknown = wanted.markets.first(where: { !venue.scenario.markets.contains($0) }) {
            throw VenueProblem(.malformed, "no market is called '\(unknown)'")
        }
        takeMarketFaults(faults, wanted)
        faults = wanted
        exchange.respond(
            reply(visit) { json in faults.writeMembers(to: &json) })
        answerReadyPolls()
    }
}

extension StoredAnswer {
    /// As it goes on the wire.
    var asCloseAnswer: CloseAnswer {
        switch self {
        case .settled(let receipt): .settled(receipt)
        case .refused(let refusal): .refused(refusal)
        case .tombstone: .voided
        case .pending: .accepted
        }
    }
}
