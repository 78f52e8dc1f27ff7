// The loop of the house: one thread, one poll. It carries requests, timers, signals and foreign
// descriptors, and calls back in a fixed order, each callback to completion:
//
//     signals · outcomes of requests · long work that is done · timers · other descriptors
//
// Nothing is called back from inside `start`, `cancel` or libcurl; the next round does it. The
// reactor belongs to the thread that made it and says so at every door.

import CCurl
import CLinux
import Glibc
package import KeeperModel

package final class Reactor {
    package typealias Completion = (Result<Reply, TransportError>) -> Void

    package let clock: any WallClock
    /// Rings from any thread; what it wakes is the next round.
    package let wakeup = Wakeup()

    let multi: UnsafeMutableRawPointer
    var requests = RequestTable()
    var timers = TimerHeap()
    var watches = WatchList()
    private var signals: SignalDescriptor?
    private var signalAction: ((Int32) -> Void)?
    private var isStopping = false
    private var sideThread: SideThread?
    /// Rounds do not sleep while a request that changes something is on the wire.
    package var spinsWhileWriting = false
    private let owner = pthread_self()

    /// Connections kept open for reuse, over all endpoints of a venue. Where more wait on long
    /// polls than are kept, every other one is closed as soon as it is idle.
    private static let connectionsMax = 128

    package init(clock: any WallClock = SystemClock(), venueCount: Int = 1) {
        precondition(CurlHandle.libraryStarted, "libcurl starts")
        guard let multi = curl_multi_init() else {
            preconditionFailure("libcurl has memory for a multi handle")
        }
        self.clock = clock
        self.multi = multi
        let code = ccurl_multi_set_long(
            multi, CURLMOPT_MAXCONNECTS, Reactor.connectionsMax * max(1, venueCount))
        precondition(code == CURLM_OK, "libcurl bounds its connection cache")
        let wakeup = wakeup
        _ = watches.add(wakeup.descriptor, .readable) { _ in wakeup.clear() }
    }

    deinit {
        for transfer in requests.running { detach(transfer) }
        curl_multi_cleanup(multi)
    }

    // MARK: Timers

    /// Calls once, not before `span` of real time has passed.
    @discardableResult
    package func after(_ span: TimeSpan, _ action: @escaping () -> Void) -> TimerID {
        checkThread()
        return timers.insert(at: .now() + max(span, .zero), action)
    }

    package func cancel(_ timer: TimerID) {
        checkThread()
        timers.cancel(timer)
    }

    // MARK: Signals and descriptors

    /// From now on these signals come here. Call it before other threads start: they inherit the
    /// mask, and a thread without it would take the signal's default action.
    package func onSignals(_ numbers: [Int32], _ action: @escaping (Int32) -> Void) {
        checkThread()
        precondition(signals == nil, "Signals are claimed once per reactor")
        let descriptor = SignalDescriptor(numbers)
        signals = descriptor
        signalAction = action
        // Only to end the poll; reading them has its own, earlier turn.
        _ = watches.add(descriptor.descriptor, .readable) { _ in }
    }

    /// Calls in every round in which the descriptor is ready; closing it is the caller's affair.
    package func watch(
        _ descriptor: Int32, _ interest: Interest, _ action: @escaping (Readiness) -> Void
    ) -> WatchID {
        checkThread()
        return watches.add(descriptor, interest, action)
    }

    package func unwatch(_ watch: WatchID) {
        checkThread()
        watches.remove(watch)
    }

    // MARK: Long work

    /// On another thread, which is there from the first time on; where the system has none left it
    /// is done here.
    package func aside<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, _ then: @escaping (Value) -> Void
    ) {
        checkThread()
        if sideThread == nil { sideThread = SideThread(wakeup) }
        guard let sideThread else { return then(work()) }
        sideThread.start(work, then)
    }

    // MARK: Rounds

    /// Rounds until `isDone` or `stop()`, with `isDone` asked between rounds.
    package func run(until isDone: () -> Bool = { false }) {
        isStopping = false
        while !isStopping, !isDone() { runOnce() }
    }

    package func stop() {
        checkThread()
        isStopping = true
    }

    /// One round: waits for something to do, at most for `span`, and does it.
    package func runOnce(waitingAtMost span: TimeSpan = .seconds(60)) {
        checkThread()
        poll(atMost: span)
        takeSignals()
        perform()
        deliverOutcomes()
        sideThread?.deliver()
        fireTimers()
        fireWatches()
    }

    private func poll(atMost span: TimeSpan) {
        var wait = requests.hasOutcomes || requests.hasPostponed ? .zero : max(span, .zero)
        if spinsWhileWriting, requests.isWriting { wait = .zero }
        if let due = timers.nextDue() { wait = max(.zero, min(wait, due - .now())) }
        // Up to the next millisecond, so that a timer never makes the loop spin before it is due.
        let (whole, rest) = wait.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let milliseconds = Int32(clamping: whole + (rest > 0 ? 1 : 0))
        var descriptors = watches.pollList
        let code = curl_multi_poll(
            multi, &descriptors, UInt32(descriptors.count), milliseconds, nil)
        // A signal that interrupts the poll is the start of a round like any other.
        guard code != CURLM_OK, errno != EINTR else { return }
        precondition(
            code == CURLM_UNRECOVERABLE_POLL || code == CURLM_OUT_OF_MEMORY,
            "libcurl polls: \(code.rawValue)")
        // The system cannot wait now: descriptors or memory ran out. Rounds go on, and do not spin.
        usleep(UInt32(min(max(milliseconds, 1), Self.blindWaitMilliseconds)) * 1_000)
    }

    private static let blindWaitMilliseconds: Int32 = 10

    private func takeSignals() {
        while let number = signals?.takeNext() { signalAction?(number) }
    }

    private func fireTimers() {
        // Timers set by a timer wait for the next round: a round always ends.
        let now = MonotonicTime.now()
        while let action = timers.takeDue(at: now) { action() }
    }

    private func fireWatches() {
        // A copy fires, so that an action may add and remove watches.
        let ready = watches
        ready.fire { self.watches.contains($0) }
    }

    func checkThread() {
        precondition(pthread_equal(owner, pthread_self()) != 0, "A reactor stays on its thread")
    }
}
