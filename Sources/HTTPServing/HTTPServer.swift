// A small HTTP/1.1 server on libmicrohttpd, driven from outside: nothing happens but in `runOnce`,
// on the thread that made it, and requests are handed out after libmicrohttpd has returned, so an
// answer may come in the same round or an hour later.

import CLinux
import CMicroHTTPD
import Glibc

package final class HTTPServer {
    package let port: UInt16
    /// For a poll that has other guests: readable when `runOnce` has something to do, an answer
    /// given outside of it included. Deadlines want it run a few times a second as well.
    package let pollDescriptor: Int32

    private let state: ServerState
    private var daemon: OpaquePointer?
    private let owner = pthread_self()

    /// One busy peer gets no more of a round than this.
    private static let roundsMax = 64

    package init(_ settings: ServerSettings = ServerSettings()) throws(ServerProblem) {
        let state = ServerState(settings)
        guard let daemon = cmhd_start(settings.forLibrary, state.callbacks) else {
            throw .cannotListen(port: settings.port)
        }
        self.state = state
        self.daemon = daemon
        port = cmhd_bound_port(daemon)
        pollDescriptor = clinux_open_pair(cmhd_poll_descriptor(daemon), state.bell)
        precondition(pollDescriptor >= 0, "The system has a descriptor for polling")
    }

    deinit {
        stop()
        close(pollDescriptor)
    }

    /// Waits for the network, at most so long, and hands out every request that is whole.
    package func runOnce(timeoutMilliseconds: Int, _ answer: (HTTPExchange) -> Void) {
        precondition(pthread_equal(owner, pthread_self()) != 0, "A server stays on its thread")
        guard let daemon else { return }
        // Slow peers are cut off by a look at the clock, so somebody must look.
        let wait = state.hasConnections ? min(timeoutMilliseconds, 250) : timeoutMilliseconds
        run(daemon, waitMilliseconds: hasWorkLeft(daemon) ? 0 : wait)
        state.cutOverdue(at: clinux_monotonic_nanoseconds())
        handOut(answer)
        // What was read ahead is looked at now: libmicrohttpd's descriptor announces new bytes
        // only, never those that it has not touched yet, and no answers.
        for _ in 1...HTTPServer.roundsMax where hasWorkLeft(daemon) {
            run(daemon, waitMilliseconds: 0)
            handOut(answer)
        }
        if hasWorkLeft(daemon) { state.ringBell() }
    }

    private func hasWorkLeft(_ daemon: OpaquePointer) -> Bool {
        guard !state.hasFreshAnswers else { return true }
        var milliseconds: UInt64 = .max
        return MHD_get_timeout(daemon, &milliseconds) == .YES && milliseconds == 0
    }

    private func handOut(_ answer: (HTTPExchange) -> Void) {
        for request in state.takeRequests() { answer(request) }
    }

    /// Answers what is still open with 503 and ends every connection.
    package func stop() {
        guard let daemon else { return }
        self.daemon = nil
        state.close(answering: HTTPResponse(status: 503))
        // Sleeping connections must be awake before the daemon may stop, and get their last words.
        for _ in 1...2 { run(daemon, waitMilliseconds: 0) }
        MHD_stop_daemon(daemon)
    }

    private func run(_ daemon: OpaquePointer, waitMilliseconds: Int) {
        state.clearBell()
        let code = MHD_run_wait(daemon, Int32(clamping: max(0, waitMilliseconds)))
        precondition(code == .YES, "libmicrohttpd runs")
    }
}

extension ServerSettings {
    fileprivate var forLibrary: cmhd_settings {
        cmhd_settings(
            address: address.number, port: port, connections_max: UInt32(connectionsMax),
            connections_per_address_max: UInt32(connectionsPerAddressMax),
            idle_timeout_seconds: UInt32((phaseTimeoutMilliseconds + 999) / 1_000),
            connection_memory_bytes: headBytesMax)
    }
}
