// The books of the reactor: which request is where, who waits at which endpoint, how each endpoint
// has been doing. No libcurl calls here beyond owning handles.

package import KeeperModel

package struct EndpointHealth: Hashable, Sendable {
    package internal(set) var inFlight = 0
    /// Long polls that wait for news: beside those in flight, so that what is to be done now does
    /// not stand behind what waits by design.
    package internal(set) var polling = 0
    package internal(set) var waiting = 0
    package internal(set) var replies: UInt64 = 0
    package internal(set) var failures: UInt64 = 0
    /// Since the last reply.
    package internal(set) var failuresInARow = 0
    package internal(set) var lastFailure: TransportError.Kind?
    package internal(set) var lastRoundTrip: TimeSpan?
}

struct RequestTable {
    struct Outcome {
        let transfer: Transfer
        let result: Result<Reply, TransportError>
    }

    private struct Lane {
        var waiting: [Transfer] = []
        var health = EndpointHealth()

        func hasRoom(for transfer: Transfer, _ limits: EndpointLimits) -> Bool {
            transfer.limits.isLongPoll
                ? health.polling < limits.longPollsMax : health.inFlight < limits.inFlightMax
        }

        /// What is to be done now before what waits by design, each kind in its order.
        func next(_ limits: EndpointLimits) -> Int? {
            func first(isLongPoll: Bool) -> Int? {
                waiting.firstIndex {
                    $0.limits.isLongPoll == isLongPoll && hasRoom(for: $0, limits)
                }
            }
            return first(isLongPoll: false) ?? first(isLongPoll: true)
        }

        mutating func note(_ transfer: Transfer, by change: Int) {
            if transfer.limits.isLongPoll {
                health.polling += change
            } else {
                health.inFlight += change
            }
        }
    }

    private var open: [RequestID: Transfer] = [:]
    private var byHandle: [UnsafeMutableRawPointer: Transfer] = [:]
    private var lanes: [EndpointName: Lane] = [:]
    private var outcomes: [Outcome] = []
    private var idleHandles: [CurlHandle] = []
    private var lastNumber: UInt64 = 0
    /// Where long polls wait for the end of the next round.
    private var postponed: [Endpoint] = []

    private static let idleHandlesMax = 64

    mutating func nextID() -> RequestID {
        lastNumber += 1
        return RequestID(number: lastNumber)
    }

    subscript(id: RequestID) -> Transfer? { open[id] }

    /// Oldest first.
    var all: [Transfer] { open.sorted { $0.key < $1.key }.map(\.value) }
    var running: [Transfer] { all.filter { $0.handle != nil } }
    var hasOutcomes: Bool { !outcomes.isEmpty }

    var isWriting: Bool { byHandle.contains { !$0.value.exchange.mayBeRepeated } }

    func running(on easy: UnsafeMutableRawPointer) -> Transfer? { byHandle[easy] }

    func health(of endpoint: EndpointName) -> EndpointHealth {
        lanes[endpoint]?.health ?? EndpointHealth()
    }

    /// False when the line in front of the endpoint is full.
    mutating func enqueue(_ transfer: Transfer) -> Bool {
        let endpoint = transfer.endpoint
        var lane = lanes[endpoint.name, default: Lane()]
        guard lane.waiting.count < endpoint.limits.waitingMax else { return false }
        lane.waiting.append(transfer)
        lane.health.waiting += 1
        lanes[endpoint.name] = lane
        open[transfer.id] = transfer
        return true
    }

    /// The next in line, if the endpoint has room on the wire.
    mutating func takeNext(at endpoint: Endpoint) -> Transfer? {
        guard var lane = lanes[endpoint.name], let place = lane.next(endpoint.limits) else {
            return nil
        }
        let transfer = lane.waiting.remove(at: place)
        lane.health.waiting -= 1
        lane.note(transfer, by: 1)
        lanes[endpoint.name] = lane
        return transfer
    }

    mutating func postpone(_ endpoint: Endpoint) {
        if !postponed.contains(endpoint) { postponed.append(endpoint) }
    }

    var hasPostponed: Bool { !postponed.isEmpty }

    mutating func takePostponed() -> [Endpoint] {
        defer { postponed = [] }
        return postponed
    }

    mutating func takeHandle() -> CurlHandle {
        idleHandles.popLast() ?? CurlHandle()
    }

    mutating func markRunning(_ transfer: Transfer, on handle: CurlHandle) {
        byHandle[handle.easy] = transfer
    }

    /// Takes the request out of every table and keeps its outcome for the next delivery.
    mutating func finish(
        _ transfer: Transfer, _ result: Result<Reply, TransportError>, returning handle: CurlHandle?
    ) {
        open[transfer.id] = nil
        var lane = lanes[transfer.endpoint.name, default: Lane()]
        if let handle {
            byHandle[handle.easy] = nil
            lane.note(transfer, by: -1)
            keep(handle)
        } else if let place = lane.waiting.firstIndex(where: { $0 === transfer }) {
            lane.waiting.remove(at: place)
            lane.health.waiting -= 1
        }
        lane.health.note(result)
        lanes[transfer.endpoint.name] = lane
        outcomes.append(Outcome(transfer: transfer, result: result))
    }

    mutating func takeOutcomes() -> [Outcome] {
        defer { outcomes = [] }
        return outcomes
    }

    private mutating func keep(_ handle: CurlHandle) {
        guard idleHandles.count < RequestTable.idleHandlesMax else { return }
        handle.reset()
        idleHandles.append(handle)
    }
}

extension EndpointHealth {
    fileprivate mutating func note(_ result: Result<Reply, TransportError>) {
        switch result {
        case .success(let reply):
            replies += 1
            failuresInARow = 0
            lastRoundTrip = reply.times.roundTrip
        // What we ended or never began says nothing about the other side.
        case .failure(let error) where error.kind == .cancelled || error.kind == .lineFull:
            break
        case .failure(let error):
            failures += 1
            failuresInARow += 1
            lastFailure = error.kind
        }
    }
}
