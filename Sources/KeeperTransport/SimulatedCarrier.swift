// The reactor's twin without a network: the same requests, timers and completions, in a time that
// moves only when it is told, with replies from a script. Two runs of one script are the same run.

package import KeeperModel

package final class SimulatedCarrier: Carrier {
    /// What becomes of a request, by a script.
    package struct Fate {
        package enum End {
            case reply(status: Int, headers: [HeaderField], body: [UInt8])
            case failure(TransportError.Kind, mayHaveBeenSent: Bool)
        }

        /// Nil for silence: the request's own deadline ends it.
        let end: End?
        let after: TimeSpan

        package static let silence = Fate(end: nil, after: .zero)

        package static func reply(
            _ status: Int, _ body: String, headers: [HeaderField] = [],
            after span: TimeSpan = .milliseconds(1)
        ) -> Fate {
            Fate(
                end: .reply(status: status, headers: headers, body: Array(body.utf8)), after: span)
        }

        package static func failure(
            _ kind: TransportError.Kind, mayHaveBeenSent: Bool = true,
            after span: TimeSpan = .milliseconds(1)
        ) -> Fate {
            Fate(end: .failure(kind, mayHaveBeenSent: mayHaveBeenSent), after: span)
        }
    }

    /// A request as it left.
    package struct Sent: Hashable {
        package let endpoint: EndpointName
        package let target: String
        /// False for what must not leave twice.
        package let mayBeRepeated: Bool
        package let at: MonotonicTime
    }

    private final class Hands: WallClock {
        let origin: Instant
        var elapsed = TimeSpan.zero

        init(_ origin: Instant) { self.origin = origin }
        func now() -> Instant { origin + elapsed }
    }

    private struct Open {
        let head: RequestHead
        let startedAt: Instant
        let end: TimerID
        let completion: Reactor.Completion
    }

    package private(set) var sent: [Sent] = []
    private let hands: Hands
    private let script: (Sent) -> Fate
    private var timers = TimerHeap()
    private var open: [RequestID: Open] = [:]
    private var lastNumber: UInt64 = 0

    package init(from origin: Instant, script: @escaping (Sent) -> Fate) {
        hands = Hands(origin)
        self.script = script
    }

    package var clock: any WallClock { hands }
    package var monotonicNow: MonotonicTime {
        MonotonicTime(nanoseconds: hands.elapsed.nanoseconds)
    }
    package var requestsOpen: Int { open.count }

    @discardableResult
    package func after(_ span: TimeSpan, _ action: @escaping () -> Void) -> TimerID {
        timers.insert(at: monotonicNow + max(span, .zero), action)
    }

    package func cancel(_ timer: TimerID) { timers.cancel(timer) }

    /// At once: no time of the script passes by work.
    package func aside<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, _ then: @escaping (Value) -> Void
    ) {
        then(work())
    }

    @discardableResult
    package func start(
        _ exchange: some Exchange, _ completion: @escaping Reactor.Completion
    ) -> RequestID {
        lastNumber += 1
        let id = RequestID(number: lastNumber)
        let head = exchange.head
        let note = Sent(
            endpoint: head.endpoint.name, target: head.target,
            mayBeRepeated: exchange.mayBeRepeated, at: monotonicNow)
        sent.append(note)
        let fate = script(note)
        let deadline = TimeSpan.milliseconds(Int64(head.limits.timeoutMilliseconds))
        let isInTime = fate.end != nil && fate.after < deadline
        let end = after(isInTime ? fate.after : deadline) { [weak self] in
            self?.finish(
                id, isInTime ? fate.end : .failure(.timedOut, mayHaveBeenSent: true))
        }
        open[id] = Open(head: head, startedAt: hands.now(), end: end, completion: completion)
        return id
    }

    package func cancel(_ request: RequestID) {
        guard let cancelled = open[request] else { return }
        timers.cancel(cancelled.end)
        // Nobody's completion runs inside somebody's call, here as there.
        after(.zero) { [weak self] in
            self?.finish(request, .failure(.cancelled, mayHaveBeenSent: true))
        }
    }

    /// Lets time pass, and everything happen that falls due in it, in order.
    package func advance(by span: TimeSpan) {
        let end = monotonicNow + span
        while let due = timers.nextDue(), due <= end {
            hands.elapsed = max(hands.elapsed, TimeSpan(nanoseconds: due.nanoseconds))
            while let action = timers.takeDue(at: due) { action() }
        }
        hands.elapsed = TimeSpan(nanoseconds: end.nanoseconds)
    }

    private func finish(_ id: RequestID, _ end: Fate.End?) {
        guard let ended = open.removeValue(forKey: id), let end else { return }
        switch end {
        case .failure(let kind, let mayHaveBeenSent):
            ended.completion(
                .failure(
                    TransportError(
                        kind: kind, endpoint: ended.head.endpoint.name,
                        mayHaveBeenSent: mayHaveBeenSent, curlCode: 0)))
        case .reply(let status, let headers, let body):
            guard body.count <= ended.head.limits.replyBytesMax else {
                return ended.completion(
                    .failure(
                        TransportError(
                            kind: .tooLarge, endpoint: ended.head.endpoint.name,
                            mayHaveBeenSent: true, curlCode: 0)))
            }
            let now = hands.now()
            ended.completion(
                .success(
                    Reply(
                        status: status, headers: headers, body: body,
                        times: ReplyTimes(
                            startedAt: ended.startedAt, firstByteAt: now, finishedAt: now,
                            roundTrip: now - ended.startedAt))))
        }
    }
}
