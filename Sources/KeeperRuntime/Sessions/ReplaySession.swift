package import KeeperEngine
import KeeperModel

/// Mode replay: every event from the recording, outcomes and timers included, into the same engine.
/// Nothing is performed; what comes out is the same decisions, byte for byte, or a broken promise.
package struct ReplaySession {
    private var engine: Engine
    private let decisions: any DecisionSink
    private let events: (any EventSink)?

    package init(
        engine: Engine, decisions: any DecisionSink, events: (any EventSink)? = nil
    ) {
        self.engine = engine
        self.decisions = decisions
        self.events = events
    }

    package mutating func run(_ source: inout EventSource) throws(KeeperStop) -> KeeperTally {
        var tally = KeeperTally()
        while let event = try source.next() {
            try events?.append(event)
            tally.eventCount += 1
            try engine.adoptSettings(of: event)
            for effect in engine.handleWhole(event) {
                switch effect {
                case .record(let decision):
                    tally.decisionCount += 1
                    try decisions.append(decision)
                case .submit: tally.submitCount += 1
                case .conclude(_, let ending): tally.note(ending)
                default: continue
                }
            }
        }
        return tally
    }
}
