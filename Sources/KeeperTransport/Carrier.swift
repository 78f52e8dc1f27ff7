// What somebody who asks needs of the loop: requests, timers and the house's clock. The reactor
// carries for real; a simulated one carries by a script, in a time of its own.

package import KeeperModel

package protocol Carrier: AnyObject {
    var clock: any WallClock { get }

    /// The completion runs in a later round, exactly once.
    @discardableResult
    func start(_ exchange: some Exchange, _ completion: @escaping Reactor.Completion) -> RequestID
    func cancel(_ request: RequestID)
    @discardableResult
    func after(_ span: TimeSpan, _ action: @escaping () -> Void) -> TimerID
    func cancel(_ timer: TimerID)
    /// Work that is long and touches nothing but values; what comes of it is handed over on the
    /// carrier's thread.
    func aside<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, _ then: @escaping (Value) -> Void)
    /// Real time, or the script's: what deadlines and delays are counted in.
    var monotonicNow: MonotonicTime { get }
}

extension Reactor: Carrier {
    package var monotonicNow: MonotonicTime { .now() }
}
