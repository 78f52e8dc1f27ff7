import KeeperCodec
import KeeperEngine
import KeeperModel
import KeeperRuntime

/// The events of one life of a keeper and what it decided, to be compared with a replay.
final class LifeLog: EventSink {
    private var events: [Event] = []
    var decisions: [Decision] = []

    func append(_ event: Event) throws(KeeperStop) {
        events.append(event)
    }

    /// Nil where a fresh engine decides the same, byte for byte.
    func difference(fromReplayBy fresh: Engine) -> String? {
        var engine = fresh
        var again: [Decision] = []
        for event in events {
            for case .record(let decision) in engine.handleWhole(event) {
                again.append(decision)
            }
        }
        for (number, pair) in zip(decisions, again).enumerated()
        where pair.0.jsonBytes != pair.1.jsonBytes {
            return "decision \(number + 1) was about \(pair.0.target.account), "
                + "\(pair.0.verdict.label), and is about \(pair.1.target.account), "
                + "\(pair.1.verdict.label)"
        }
        guard decisions.count != again.count else { return nil }
        return "\(decisions.count) decisions were \(again.count)"
    }
}
