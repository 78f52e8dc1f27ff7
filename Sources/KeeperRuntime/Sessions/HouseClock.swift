package import KeeperCommands
package import KeeperModel
package import KeeperTransport

/// The clock that keeper and venue share: the machine's own, or one that runs faster from an
/// origin. Deadlines of the network and the window of signatures stay real.
package struct HouseClock: WallClock {
    private let scaled: ScaledClock<SystemClock>
    private let factor: Int64

    package init(_ setting: ClockSetting?, real: SystemClock = SystemClock()) {
        let origin = setting.map { Instant(milliseconds: $0.originMilliseconds) } ?? real.now()
        factor = setting?.factor ?? 1
        scaled = ScaledClock(origin: origin, factor: factor, startedAt: origin, real: real)
    }

    package func now() -> Instant { scaled.now() }

    /// How long to wait really for a span of this clock.
    package func realSpan(of span: TimeSpan) -> TimeSpan { scaled.realSpan(of: span) }
}

/// A timetable on the reactor's timers.
package final class ReactorTimetable: Timetable {
    private let reactor: Reactor
    private let clock: HouseClock

    package init(_ reactor: Reactor, clock: HouseClock) {
        self.reactor = reactor
        self.clock = clock
    }

    package var now: Instant { clock.now() }

    package func at(_ instant: Instant, _ action: @escaping () -> Void) {
        reactor.after(clock.realSpan(of: instant - clock.now()), action)
    }
}
