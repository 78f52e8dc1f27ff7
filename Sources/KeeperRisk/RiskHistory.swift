package import KeeperModel
import WideMath

/// What limits over time count: nothing older than a day has a limit that asks for it.
package struct RiskHistory: Hashable, Sendable {
    package var approvals: [Instant] = []
    package var losses: [RiskMemory.Loss] = []
    package var gasBooked: [RiskMemory.Loss] = []
    package var failures: [RiskMemory.Failure] = []

    /// A transfer that failed says nothing about closes.
    mutating func note(_ ending: PastDay.Ending) {
        let (net, gas, instant) = (ending.netUnits, ending.gasUnits, ending.endedAt)
        if net.isNegative { losses.append(RiskMemory.Loss(at: instant, units: net.magnitude)) }
        if !gas.isZero { gasBooked.append(RiskMemory.Loss(at: instant, units: gas)) }
        if ending.hasFailed, ending.transfer == nil {
            failures.append(RiskMemory.Failure(at: instant, domain: ending.domain))
        }
    }

    mutating func forget(now: Instant) {
        approvals.removeAll { $0 <= now - .hour }
        losses.removeAll { $0.at <= now - .day }
        gasBooked.removeAll { $0.at <= now - .day }
        failures.removeAll { $0.at <= now - .hour }
    }

    func closesWithinHour(_ now: Instant) -> Int {
        approvals.count { $0 > now - .hour }
    }

    func lossWithinHour(_ now: Instant) -> UInt256 { lossUnits(since: now - .hour) }
    func lossWithinDay(_ now: Instant) -> UInt256 { lossUnits(since: now - .day) }

    func gasWithinDay(_ now: Instant) -> UInt256 {
        gasBooked.reduce(.zero) { $1.at > now - .day ? $0 + $1.units : $0 }
    }

    /// How a venue behaves is no word about another. One of an unknown venue counts at each.
    func failuresWithinHour(_ now: Instant, in domain: DomainID) -> Int {
        failures.count { $0.at > now - .hour && ($0.domain == nil || $0.domain == domain) }
    }

    private func lossUnits(since: Instant) -> UInt256 {
        losses.reduce(.zero) { $1.at > since ? $0 + $1.units : $0 }
    }
}

extension TimeSpan {
    fileprivate static let hour = TimeSpan.seconds(3_600)
    fileprivate static let day = TimeSpan.seconds(86_400)
}

extension Instant {
    var aDayBefore: Instant { self - .day }

    fileprivate static func - (instant: Instant, span: TimeSpan) -> Instant {
        Instant(nanoseconds: instant.nanoseconds - span.nanoseconds)
    }
}
