// What time it is, as a part that the start-up chooses: the machine's, or a demo's that runs
// faster. Venue and keeper of one demo share origin and factor, so their instants agree.

import CLinux
package import KeeperModel

package protocol WallClock {
    func now() -> Instant
}

/// UTC anchored once and carried on by the monotonic clock: two readings never go back, even when
/// somebody sets the machine's clock between them.
package struct SystemClock: WallClock, Sendable {
    private let anchor: Instant
    private let anchoredAt: MonotonicTime

    package init() {
        anchor = SystemClock.machineTime()
        anchoredAt = .now()
    }

    package func now() -> Instant {
        anchor + (.now() - anchoredAt)
    }

    /// How far the machine's clock has moved away since the anchor: a step, a slew or a
    /// suspension. Whoever trades by wall time watches this.
    package func drift() -> TimeSpan {
        SystemClock.machineTime() - now()
    }

    /// What the machine believes at this moment; may jump.
    package static func machineTime() -> Instant {
        Instant(nanoseconds: clinux_wall_nanoseconds())
    }
}

/// A clock that started at `origin` when the real one showed `startedAt`, and runs `factor` times
/// as fast.
package struct ScaledClock<Real: WallClock>: WallClock {
    private let real: Real
    private let origin: Instant
    private let startedAt: Instant
    private let factor: Int64

    package init(origin: Instant, factor: Int64, startedAt: Instant, real: Real) {
        precondition(factor >= 1, "A scaled clock runs at least at the real speed")
        self.origin = origin
        self.factor = factor
        self.startedAt = startedAt
        self.real = real
    }

    package func now() -> Instant {
        origin + scaled(real.now() - startedAt)
    }

    /// How long to wait in real time for a span of scaled time. Rounded up: no wait ends early.
    package func realSpan(of span: TimeSpan) -> TimeSpan {
        let (quotient, remainder) = span.nanoseconds.quotientAndRemainder(dividingBy: factor)
        return TimeSpan(nanoseconds: quotient + (remainder > 0 ? 1 : 0))
    }

    private func scaled(_ span: TimeSpan) -> TimeSpan {
        let (product, overflowed) = span.nanoseconds.multipliedReportingOverflow(by: factor)
        precondition(!overflowed, "A scaled clock stays between the years 1678 and 2262")
        return TimeSpan(nanoseconds: product)
    }
}

extension ScaledClock: Sendable where Real: Sendable {}

extension ScaledClock where Real == SystemClock {
    /// Starts now.
    package init(origin: Instant, factor: Int64) {
        let real = SystemClock()
        self.init(origin: origin, factor: factor, startedAt: real.now(), real: real)
    }
}
