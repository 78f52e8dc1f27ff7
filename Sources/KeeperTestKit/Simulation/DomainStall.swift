import KeeperModel
import KeeperRuntime
import VenueSimulator

/// A domain that stands still for long: the test of whether the others mind.
struct DomainStall: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Its feed says nothing; its door still answers.
        case silent
        /// Nothing that is asked of it is answered either.
        case hanging
        /// What it says never fits, so that everything is asked for anew with every height.
        case resyncing
    }

    let kind: Kind
    let begins: Instant
    let ends: Instant

    /// From somewhere in the first half, for between a quarter of the run and all that is left.
    static func drawn(
        from start: Instant, to end: Instant, using generator: inout SeededGenerator
    ) -> DomainStall {
        let milliseconds = UInt64((end - start).milliseconds)
        let kind = Kind.allCases[Int(generator.number(in: 0...UInt64(Kind.allCases.count - 1)))]
        let begins = generator.number(in: milliseconds / 20...milliseconds / 2)
        let length = generator.number(in: milliseconds / 4...milliseconds)
        return DomainStall(
            kind: kind, begins: start + .milliseconds(Int64(begins)),
            ends: start + .milliseconds(Int64(min(begins + length, milliseconds))))
    }

    func isOn(_ now: Instant) -> Bool { begins <= now && now < ends }
}

extension SimulatedDomain {
    private var currentStall: DomainStall.Kind? {
        stall.flatMap { $0.isOn(now) ? $0.kind : nil }
    }

    /// Nothing of what happens here is heard.
    var isMute: Bool { currentStall.map { $0 != .resyncing } ?? false }

    var answersNobody: Bool { currentStall == .hanging }

    /// What a domain that resyncs for ever adds to the news of a height.
    var endlessGaps: [EventBody] {
        currentStall == .resyncing ? venue.scenario.markets.map { .gapDetected($0) } : []
    }
}

extension SimulatedWorld {
    /// The same seed, in which nobody stalls: every other domain has to have been decided about at
    /// the same heights in the same way. Crashes take all domains at once and come between letters,
    /// so there it cannot be said.
    func checkNobodyWasDelayed() throws(KeeperStop) {
        guard violations.isEmpty, let stalled = domains.first(where: { $0.stall != nil }),
            faults[.crashes] == 0, !options.isUnstalled
        else { return }
        var calm = options
        calm.isUnstalled = true
        calm.tellsStory = false
        let other = try SimulatedWorld(seed: seed, strategies: strategies, options: calm)
        try other.run()
        comparedStallCount += 1
        for domain in domains where domain !== stalled {
            let (ours, theirs) = (said[domain.id] ?? [], other.said[domain.id] ?? [])
            guard ours != theirs else { continue }
            let place = zip(ours, theirs).prefix { $0 == $1 }.count
            let (here, there) = (ours.dropFirst(place).first, theirs.dropFirst(place).first)
            domain.violate(
                "while \(stalled.id) stalls it is decided '\(here ?? "nothing")', "
                    + "else '\(there ?? "nothing")'")
        }
    }
}
