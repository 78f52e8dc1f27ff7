import KeeperEngine
package import KeeperModel

/// Mode replay: every event from the recording, outcomes and timers included, into the same engine.
/// Nothing is performed; what comes out is the same decisions, byte for byte, or a broken promise.
package struct ReplaySession {
    private var engine: Engine
    private let decisions: any DecisionSink
    private let events: (any EventSink)?
    private var source: EventSource
    private var adopted: SettingsTexts?

    package init(
        _ start: ReplayStart, decisions: any DecisionSink, events: (any EventSink)? = nil
    ) {
        engine = start.engine
        source = start.source
        adopted = start.adopted
        self.decisions = decisions
        self.events = events
    }

    /// What comes before a moment is handled and not told. `pace` is called before each event that
    /// is told.
    package mutating func run(
        tellingFrom first: Instant? = nil, pace: (Event) throws(KeeperStop) -> Void = { _ in }
    ) throws(KeeperStop) -> KeeperTally {
        var tally = KeeperTally()
        while let event = try source.next() {
            try engine.adoptSettings(of: event)
            if case .settingsAdopted(let texts) = event.body { adopted = texts }
            if let first, event.receivedAt < first {
                _ = engine.handleWhole(event)
                continue
            }
            try pace(event)
            try events?.append(event)
            tally.eventCount += 1
            for effect in engine.handleWhole(event) {
                switch effect {
                case .record(let decision):
                    tally.decisionCount += 1
                    try decisions.append(decision)
                case .submit: tally.submitCount += 1
                case .conclude(let intent, let ending):
                    tally.note(ending, in: intent.plan.target.domain)
                default: continue
                }
            }
            try events?.noteHandled(event, by: engine, adopted: adopted)
        }
        return tally
    }
}
