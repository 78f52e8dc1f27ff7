// Requests: bounded on the wire per endpoint, bounded in line behind that, each under a deadline
// that counts from `start`. Every started request gets exactly one completion.

import CCurl
import KeeperModel

extension Reactor {
    /// The completion runs in a later round, with the reply or the reason there is none.
    @discardableResult
    package func start(_ exchange: some Exchange, _ completion: @escaping Completion) -> RequestID {
        checkThread()
        let transfer = Transfer(
            id: requests.nextID(), exchange: exchange, clock: clock, completion: completion)
        guard requests.enqueue(transfer) else {
            finish(transfer, .failure(transfer.error(.lineFull)))
            return transfer.id
        }
        let timeout = TimeSpan.milliseconds(Int64(transfer.limits.timeoutMilliseconds))
        transfer.deadline = timers.insert(at: transfer.startedTime + timeout) {
            [weak self, weak transfer] in
            guard let self, let transfer else { return }
            self.end(transfer, .timedOut)
        }
        if transfer.limits.isLongPoll {
            requests.postpone(transfer.endpoint)
        } else {
            startWaiting(at: transfer.endpoint)
        }
        return transfer.id
    }

    /// The completion still comes, with `cancelled`; nothing happens when it has already been.
    package func cancel(_ request: RequestID) {
        checkThread()
        guard let transfer = requests[request] else { return }
        end(transfer, .cancelled)
    }

    /// For leaving: every open request ends as `cancelled` in the next round.
    package func cancelAllRequests() {
        checkThread()
        for transfer in requests.all { end(transfer, .cancelled) }
    }

    package func health(of endpoint: Endpoint) -> EndpointHealth {
        checkThread()
        return requests.health(of: endpoint.name)
    }

    package var requestsOpen: Int { requests.all.count }

    func perform() {
        var running: Int32 = 0
        let code = curl_multi_perform(multi, &running)
        precondition(code == CURLM_OK, "libcurl performs: \(code.rawValue)")
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = requests.running(on: easy)
            else { preconditionFailure("libcurl finishes only what was started") }
            finish(transfer, transfer.result(ccurl_message_result(message)))
        }
        startPostponed()
    }

    /// libcurl writes in the order in which it was told: a close that a reply led to goes out
    /// before the long polls that follow the same reply.
    private func startPostponed() {
        for endpoint in requests.takePostponed() { startWaiting(at: endpoint) }
    }

    /// Only the outcomes that stand there now: a completion that starts a request which fails at
    /// once must not keep the round from ending.
    func deliverOutcomes() {
        for outcome in requests.takeOutcomes() { outcome.transfer.completion(outcome.result) }
    }

    private func end(_ transfer: Transfer, _ kind: TransportError.Kind) {
        guard requests[transfer.id] != nil else { return }
        finish(transfer, .failure(transfer.error(kind)))
    }

    private func finish(_ transfer: Transfer, _ result: Result<Reply, TransportError>) {
        if let deadline = transfer.deadline { timers.cancel(deadline) }
        let handle = detach(transfer)
        requests.finish(transfer, result, returning: handle)
        startWaiting(at: transfer.endpoint)
    }

    private func startWaiting(at endpoint: Endpoint) {
        while let transfer = requests.takeNext(at: endpoint) {
            let handle = requests.takeHandle()
            handle.harden(for: transfer.exchange.head)
            transfer.exchange.setMethod(on: handle)
            transfer.attach(to: handle)
            requests.markRunning(transfer, on: handle)
            let code = curl_multi_add_handle(multi, handle.easy)
            precondition(code == CURLM_OK, "libcurl takes a fresh handle: \(code.rawValue)")
        }
    }

    /// Takes the handle off the wire; libcurl calls this transfer no more.
    @discardableResult
    func detach(_ transfer: Transfer) -> CurlHandle? {
        guard let handle = transfer.handle else { return nil }
        let code = curl_multi_remove_handle(multi, handle.easy)
        precondition(code == CURLM_OK, "libcurl gives a handle back: \(code.rawValue)")
        transfer.handle = nil
        return handle
    }
}
