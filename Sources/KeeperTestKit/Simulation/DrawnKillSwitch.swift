import KeeperModel
import KeeperRuntime

/// A person stops the keeper for a while, or for good.
struct DrawnKillSwitch: Hashable, Sendable {
    let isSetAt: Instant
    /// Nil where nobody lifts it any more.
    let isLiftedAt: Instant?
    /// From when on the keeper has been told.
    var isOn = false

    init(from start: Instant, to end: Instant, using generator: inout SeededGenerator) {
        let milliseconds = UInt64((end - start).milliseconds)
        let set = generator.number(in: milliseconds / 20...milliseconds * 3 / 4)
        let length = generator.number(in: 500...max(501, milliseconds / 2))
        isSetAt = start + .milliseconds(Int64(set))
        isLiftedAt =
            generator.chance(ppm: 800_000)
            ? isSetAt + .milliseconds(Int64(length)) : nil
    }
}

extension SimulatedWorld {
    func scheduleKillSwitch() {
        guard let drawn = killSwitch else { return }
        setKillSwitch(true, at: drawn.isSetAt)
        if let lifted = drawn.isLiftedAt { setKillSwitch(false, at: lifted) }
    }

    private func setKillSwitch(_ isOn: Bool, at instant: Instant) {
        timetable.at(instant) { [self] in
            coverage.note(.troubles, Trouble.killSwitch.rawValue)
            killSwitch?.isOn = isOn
            tell(isOn ? "a person sets the kill switch" : "a person lifts the kill switch")
            postFromPerson(.killSwitchSet(isOn))
        }
    }

    /// It outlives the keeper: one that starts is told before it hears of any venue.
    func tellKillSwitch() {
        guard let killSwitch, killSwitch.isOn else { return }
        postFromPerson(.killSwitchSet(true))
    }
}
