package import KeeperEngine
package import KeeperModel
package import KeeperRuntime

/// Plays every event of a backtest a second time, into an engine of its own, and holds its
/// decisions against those that the backtest makes: what a backtest decides, a replay of its events
/// decides.
package final class ParityWitness: DecisionSink, EventSink {
    private var engine: Engine
    private var expected: [Decision] = []
    private var taken = 0
    package private(set) var eventCount: UInt64 = 0
    package private(set) var difference: DecisionDifference?
    package private(set) var decisionCount = 0

    package init(_ settings: EngineSettings) {
        engine = Engine(settings: settings)
    }

    package func append(_ event: Event) throws(KeeperStop) {
        finishEvent()
        eventCount += 1
        for case .record(let decision) in engine.handleWhole(event) { expected.append(decision) }
    }

    package func append(_ decision: Decision) throws(KeeperStop) {
        decisionCount += 1
        note(taken < expected.count ? expected[taken] : nil, decision)
        taken += 1
    }

    /// After the last event.
    package func finish() {
        finishEvent()
    }

    /// What the replay decided of an event has to have been decided before the next one comes.
    private func finishEvent() {
        if taken < expected.count { note(expected[taken], nil) }
        expected.removeAll(keepingCapacity: true)
        taken = 0
    }

    private func note(_ replayed: Decision?, _ made: Decision?) {
        guard difference == nil, replayed != made else { return }
        difference = DecisionDifference(
            made.map { [$0] } ?? [], replayed.map { [$0] } ?? [], startingAt: decisionCount)
    }
}
