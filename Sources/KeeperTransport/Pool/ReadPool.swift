// Several ways to one venue, for reads and for nothing else: a request that changes something has
// no way in here, so none can ever leave twice.
//
// A read goes to the endpoint that is liked best. Where it fails, the next is asked within the same
// time budget; where it is late, a second is asked as well, the first good answer counts and the
// other request is cancelled. Endpoints that fail rest, and those behind the others are not asked.

import KeeperModel

package struct PoolReadID: Hashable, Sendable {
    let number: UInt64
}

/// How an endpoint is doing, for people.
package struct PoolStanding: Hashable, Sendable {
    package let endpoint: EndpointName
    package let height: UInt64?
    /// It failed too often and is left alone for a while.
    package let isResting: Bool
    package let isBehind: Bool
}

package final class ReadPool {
    package typealias Completion = (Result<Reply, TransportError>, Endpoint) -> Void
    package typealias Building = (Endpoint) throws(RequestProblem) -> ReadRequest

    package let endpoints: [Endpoint]
    /// How often a second endpoint was asked because the first was late, and answered first.
    package private(set) var hedgeCount: UInt64 = 0
    package private(set) var hedgeWonCount: UInt64 = 0

    private let carrier: any Carrier
    private var breakers: [EndpointBreaker]
    private var quorum: HeightQuorum
    private var trips = RoundTrips()
    private var reads: [PoolReadID: Read] = [:]
    private var lastNumber: UInt64 = 0

    private final class Read {
        let requests: [ReadRequest]
        let isHedged: Bool
        let completion: Completion
        let startedAt: MonotonicTime
        var tried: Set<Int> = []
        /// Each request under way with its endpoint and when it left.
        var open: [RequestID: (endpoint: Int, since: MonotonicTime)] = [:]
        var hedge: TimerID?
        var hedgedWith: Int?

        init(
            _ requests: [ReadRequest], isHedged: Bool, startedAt: MonotonicTime,
            completion: @escaping Completion
        ) {
            self.requests = requests
            self.isHedged = isHedged
            self.startedAt = startedAt
            self.completion = completion
        }
    }

    /// An endpoint that is further behind than `lagMax` heights is not asked.
    package init(_ endpoints: [Endpoint], carrier: any Carrier, lagMax: UInt64 = 3) {
        precondition(!endpoints.isEmpty, "A pool has an endpoint")
        precondition(
            Set(endpoints.map(\.name)).count == endpoints.count,
            "Endpoints of a pool have names of their own")
        self.endpoints = endpoints
        self.carrier = carrier
        breakers = Array(repeating: EndpointBreaker(), count: endpoints.count)
        quorum = HeightQuorum(endpointCount: endpoints.count, lagMax: lagMax)
    }

    /// What an endpoint said of its height.
    package func note(height: UInt64, of endpoint: Endpoint) {
        guard let index = endpoints.firstIndex(where: { $0.name == endpoint.name }) else { return }
        quorum.note(height, of: index)
    }

    package var standings: [PoolStanding] {
        endpoints.indices.map {
            PoolStanding(
                endpoint: endpoints[$0].name, height: quorum.height(of: $0),
                isResting: breakers[$0].isOpen, isBehind: quorum.isBehind($0))
        }
    }

    /// Asks; the completion comes once. A long poll is not hedged: it is late by design.
    package func read(
        hedged: Bool, _ build: Building, _ completion: @escaping Completion
    ) throws(RequestProblem) -> PoolReadID {
        lastNumber += 1
        let id = PoolReadID(number: lastNumber)
        // Written for every endpoint before anything leaves: one that cannot be asked is a fault of
        // the request and not of the way.
        var requests: [ReadRequest] = []
        for endpoint in endpoints { requests.append(try build(endpoint)) }
        let read = Read(
            requests, isHedged: hedged, startedAt: carrier.monotonicNow, completion: completion)
        reads[id] = read
        ask(best(for: read) ?? 0, read, id)
        if hedged, endpoints.count > 1 {
            read.hedge = carrier.after(trips.hedgeDelay) { [weak self] in self?.hedge(id) }
        }
        return id
    }

    /// The completion still comes, with `cancelled`, from the request that was under way.
    package func cancel(_ id: PoolReadID) {
        guard let read = reads[id] else { return }
        dropHedge(of: read)
        for request in read.open.keys.sorted() { carrier.cancel(request) }
    }

    // MARK: Which one

    /// The one liked best of those that were not tried: neither resting nor behind, in the order of
    /// the configuration. Where all rest, the one whose rest ends first: somebody has to be asked.
    private func best(for read: Read) -> Int? {
        let left = endpoints.indices.filter { !read.tried.contains($0) }
        let now = carrier.monotonicNow
        if let good = left.first(where: { breakers[$0].mayAsk(at: now) && !quorum.isBehind($0) }) {
            return good
        }
        guard read.tried.isEmpty else { return nil }
        let inStep = left.filter { !quorum.isBehind($0) }
        let resting = inStep.isEmpty ? left : inStep
        return resting.min { first, second in
            let (one, other) = (breakers[first].reopensAt, breakers[second].reopensAt)
            return (one?.nanoseconds ?? 0, first) < (other?.nanoseconds ?? 0, second)
        }
    }

    private func ask(_ endpoint: Int, _ read: Read, _ id: PoolReadID) {
        let request = read.requests[endpoint]
        precondition(request.mayBeRepeated, "Only what may leave twice is asked of two")
        read.tried.insert(endpoint)
        breakers[endpoint].noteAsked()
        var started: RequestID?
        let number = carrier.start(request) { [weak self] result in
            guard let self, let started else { return }
            take(result, started, id)
        }
        started = number
        read.open[number] = (endpoint, carrier.monotonicNow)
    }

    private func hedge(_ id: PoolReadID) {
        guard let read = reads[id], read.open.count == 1, let next = best(for: read) else { return }
        hedgeCount += 1
        read.hedgedWith = next
        ask(next, read, id)
    }

    private func dropHedge(of read: Read) {
        if let hedge = read.hedge { carrier.cancel(hedge) }
        read.hedge = nil
    }

    // MARK: What came

    private func take(
        _ result: Result<Reply, TransportError>, _ request: RequestID, _ id: PoolReadID
    ) {
        guard let read = reads[id], let open = read.open.removeValue(forKey: request) else {
            return
        }
        note(result, open.endpoint, since: open.since, isTimed: read.isHedged)
        if isGood(result) {
            if read.hedgedWith == open.endpoint { hedgeWonCount += 1 }
            return finish(read, id, result, open.endpoint)
        }
        // Somebody else is on the way already.
        guard read.open.isEmpty else { return }
        if !isCancelled(result), hasTime(read), let next = best(for: read) {
            return ask(next, read, id)
        }
        finish(read, id, result, open.endpoint)
    }

    private func finish(
        _ read: Read, _ id: PoolReadID, _ result: Result<Reply, TransportError>, _ endpoint: Int
    ) {
        reads[id] = nil
        dropHedge(of: read)
        for (request, late) in read.open.sorted(by: { $0.key < $1.key }) {
            breakers[late.endpoint].noteCancelled()
            carrier.cancel(request)
        }
        read.completion(result, endpoints[endpoint])
    }

    private func note(
        _ result: Result<Reply, TransportError>, _ endpoint: Int, since: MonotonicTime,
        isTimed: Bool
    ) {
        let now = carrier.monotonicNow
        if isCancelled(result) { return breakers[endpoint].noteCancelled() }
        guard isGood(result) else { return breakers[endpoint].noteFailure(at: now) }
        breakers[endpoint].noteReply()
        if isTimed { trips.note(now - since) }
    }

    /// A refusal that speaks of the request is an answer; one that speaks of the endpoint is not.
    private func isGood(_ result: Result<Reply, TransportError>) -> Bool {
        guard case .success(let reply) = result else { return false }
        return reply.status < 500 && reply.status != 429
    }

    private func isCancelled(_ result: Result<Reply, TransportError>) -> Bool {
        guard case .failure(let error) = result else { return false }
        return error.kind == .cancelled
    }

    private func hasTime(_ read: Read) -> Bool {
        let budget = read.requests.map(\.head.limits.timeoutMilliseconds).max() ?? 0
        return carrier.monotonicNow - read.startedAt < .milliseconds(Int64(budget))
    }
}
