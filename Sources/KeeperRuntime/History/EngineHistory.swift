package import KeeperEngine
package import KeeperModel

/// The engine as it was at any event of the recent past: a copy every so many events, and the
/// events since. An engine is a value and its own log is its cause, so an old one is made again
/// exactly.
///
/// A copy costs nothing until the next change, which then copies what it touches: with a million
/// accounts a checkpoint is some hundred megabytes and tens of milliseconds, so how many are kept
/// and how often they are made is the caller's choice.
package struct EngineHistory {
    private struct Checkpoint {
        /// As it was before the first of these events.
        let engine: Engine
        var events: [Event] = []
    }

    private let eventsPerCheckpoint: Int
    private let checkpointsMax: Int
    /// Over all checkpoints: with many accounts fewer are kept, and one always.
    private let accountsMax: Int
    private var checkpoints: [Checkpoint] = []

    package init(
        eventsPerCheckpoint: Int, checkpointsMax: Int, accountsMax: Int = 4_000_000
    ) {
        precondition(eventsPerCheckpoint > 0 && checkpointsMax > 0, "A history holds something")
        self.eventsPerCheckpoint = eventsPerCheckpoint
        self.checkpointsMax = checkpointsMax
        self.accountsMax = accountsMax
    }

    /// The engine is what the event will be handled by.
    package mutating func note(_ event: Event, before engine: Engine) {
        if (checkpoints.last?.events.count ?? eventsPerCheckpoint) >= eventsPerCheckpoint {
            checkpoints.append(Checkpoint(engine: engine))
            let room = accountsMax / max(1, engine.load.accountCount)
            let count = max(1, min(checkpointsMax, room))
            if checkpoints.count > count { checkpoints.removeFirst(checkpoints.count - count) }
        }
        checkpoints[checkpoints.count - 1].events.append(event)
    }

    /// The engine after the last event that had come by then; nil for a time before all that is
    /// kept.
    package func engine(at instant: Instant) -> (engine: Engine, event: Event)? {
        let kept = checkpoints.last { ($0.events.first?.receivedAt ?? instant) <= instant }
        guard let kept else { return nil }
        var engine = kept.engine
        var last: Event?
        for event in kept.events.prefix(while: { $0.receivedAt <= instant }) {
            // Texts that were adopted once are adopted again.
            try? engine.adoptSettings(of: event)
            _ = engine.handleWhole(event)
            last = event
        }
        return last.map { (engine, $0) }
    }

    /// Where a run of everything since a moment begins, and what it runs through: from the
    /// checkpoint before that moment, or from the first that is kept.
    package func run(since instant: Instant) -> (engine: Engine, events: [Event])? {
        let first = checkpoints.lastIndex { ($0.events.first?.receivedAt ?? instant) <= instant }
        guard let start = first ?? checkpoints.indices.first else { return nil }
        return (checkpoints[start].engine, checkpoints[start...].flatMap(\.events))
    }

    /// Since when.
    package var beginning: Instant? { checkpoints.first?.events.first?.receivedAt }

    package var eventCount: Int { checkpoints.reduce(0) { $0 + $1.events.count } }
}
