package import KeeperEngine
package import KeeperModel
package import KeeperTransport

/// What other settings would have decided in the recent past: the same events into two engines,
/// one as it was and one with the new settings, and their decisions side by side.
///
/// What closes would have come of other decisions nobody knows: answers are those of the closes
/// that were made, so only what was proposed or skipped is compared, not how it ended. It runs in
/// pieces, between the turns of the keeper whose thread it is on.
package struct SettingsComparison {
    private var old: Engine
    private var new: Engine
    private let events: [Event]
    private let since: Instant
    private var position = 0
    package private(set) var changes: [Change] = []
    package private(set) var changeCount = 0

    /// Of how much of the past.
    package static let span = TimeSpan.seconds(3_600)
    private static let changesMax = 100

    package struct Change: Hashable, Sendable {
        package let at: Instant
        package let target: Target
        /// Labels of verdicts; nil where nothing was decided.
        package let before: String?
        package let after: String?
    }

    /// Nil where no past is kept.
    package init?(_ history: EngineHistory?, new settings: EngineSettings, now: Instant) {
        since = Instant(nanoseconds: now.nanoseconds - Self.span.nanoseconds)
        guard let past = history?.run(since: since) else { return nil }
        old = past.engine
        new = past.engine
        new.adopt(settings)
        events = past.events
    }

    package var eventCount: Int { position }
    package var isDone: Bool { position == events.count }
    package var from: Instant? { events.first.map { max($0.receivedAt, since) } }

    /// Goes on until a moment, and at least by one event.
    package mutating func goOn(until end: MonotonicTime) {
        while position < events.count {
            compare(events[position])
            position += 1
            if MonotonicTime.now() >= end { return }
        }
    }

    private mutating func compare(_ event: Event) {
        // Texts that were adopted once are adopted again; the new engine keeps its own.
        try? old.adoptSettings(of: event)
        let before = Self.verdicts(old.handleWhole(event))
        let after = Self.verdicts(new.handleWhole(event))
        guard event.receivedAt >= since, before != after else { return }
        for target in Set(before.keys).union(after.keys).sorted()
        where before[target] != after[target] {
            changeCount += 1
            guard changes.count < Self.changesMax else { continue }
            changes.append(
                Change(
                    at: event.receivedAt, target: target, before: before[target],
                    after: after[target]))
        }
    }

    /// The last word about each target, where it is one of those that settings decide.
    private static func verdicts(_ effects: [Effect]) -> [Target: String] {
        var verdicts: [Target: String] = [:]
        for case .record(let decision) in effects {
            switch decision.verdict {
            case .proposed, .skipped: verdicts[decision.target] = decision.verdict.label
            default: continue
            }
        }
        return verdicts
    }
}
