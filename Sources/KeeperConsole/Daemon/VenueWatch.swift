package import KeeperModel
package import KeeperRuntime
package import KeeperTransport

/// What is to be said of each of several venues: that it is there, that nothing was heard of it for
/// long, that it is heard again. Of one venue alone all that is the keeper's own state.
package struct VenueWatch: Sendable {
    package struct Word: Hashable, Sendable {
        package let domain: DomainID
        package let level: LogLevel
        package let event: String
        package let text: String
    }

    /// What there is to see of a venue.
    package struct Sight: Hashable, Sendable {
        package let domain: DomainID
        package let isReady: Bool
        package let isHeard: Bool

        package init(domain: DomainID, isReady: Bool, isHeard: Bool) {
            self.domain = domain
            self.isReady = isReady
            self.isHeard = isHeard
        }
    }

    private struct Said {
        var isReady = false
        var isSilent = false
    }

    private var said: [DomainID: Said] = [:]
    private var beganAt: MonotonicTime?
    private var lookedAt: MonotonicTime?
    private let isNeeded: Bool
    private static let pause = TimeSpan.milliseconds(500)

    package init(_ domains: [DomainID]) {
        isNeeded = domains.count > 1
    }

    /// Twice a second is often enough for people. The first silence counts from the first look.
    package mutating func look(_ lines: [VenueLine], now: MonotonicTime) -> [Word] {
        guard isNeeded, lookedAt.map({ now - $0 >= Self.pause }) ?? true else { return [] }
        let firstAt = beganAt ?? now
        beganAt = firstAt
        lookedAt = now
        let isEarly = now - firstAt <= VenueLine.silenceMax
        return look(
            lines.map { line in
                Sight(
                    domain: line.domain, isReady: line.isReady,
                    isHeard: line.isHeard(at: now) || line.heardAt == nil && isEarly)
            })
    }

    package mutating func look(_ sights: [Sight]) -> [Word] {
        isNeeded ? sights.flatMap { look($0) } : []
    }

    private mutating func look(_ sight: Sight) -> [Word] {
        let before = said[sight.domain] ?? Said()
        said[sight.domain] = Said(
            isReady: before.isReady || sight.isReady, isSilent: !sight.isHeard)
        var words: [Word] = []
        if sight.isReady, !before.isReady {
            words.append(
                Word(
                    domain: sight.domain, level: .notice, event: "venue-ready",
                    text: "everything a decision rests on has come"))
        }
        if !sight.isHeard, !before.isSilent {
            words.append(
                Word(
                    domain: sight.domain, level: .error, event: "venue-silent",
                    text: "nothing usable was heard of it for half a minute; the others go on"))
        }
        if sight.isHeard, before.isSilent {
            words.append(
                Word(
                    domain: sight.domain, level: .notice, event: "venue-heard",
                    text: "it is heard again"))
        }
        return words
    }
}
