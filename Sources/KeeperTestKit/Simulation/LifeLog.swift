import KeeperCodec
import KeeperEngine
import KeeperModel
import KeeperRuntime

/// The events of one life of a keeper and what it decided, to be compared with a replay: of a fresh
/// engine, and of engines that are read back from checkpoints on the way.
final class LifeLog: EventSink {
    private var events: [Event] = []
    var decisions: [Decision] = []
    private static let checkpointCount = 8

    func append(_ event: Event) throws(KeeperStop) {
        events.append(event)
    }

    /// Nil where a fresh engine decides the same, byte for byte.
    func difference(fromReplayBy fresh: Engine) -> String? {
        if let difference = difference(fromReplayBy: fresh, checkpointEvery: .max) {
            return difference
        }
        let step = max(1, events.count / Self.checkpointCount)
        return difference(fromReplayBy: fresh, checkpointEvery: step).map {
            "from checkpoints every \(step) events: " + $0
        }
    }

    private func difference(
        fromReplayBy fresh: Engine, checkpointEvery step: Int
    ) -> String? {
        var engine = fresh
        var again: [Decision] = []
        for (number, event) in events.enumerated() {
            for case .record(let decision) in engine.handleWhole(event) {
                again.append(decision)
            }
            guard (number + 1) % step == 0,
                let row = RecordedCheckpoint.row(engine, adopted: nil, after: event)
            else { continue }
            do {
                let read = try RecordedCheckpoint(row, settings: fresh.settings, path: "life")
                // What was read writes itself as what was written, or something is missing.
                let written = RecordedCheckpoint.row(read.engine, adopted: nil, after: event)
                guard written == row else { return "checkpoint \(event.sequence) reads otherwise" }
                engine = read.engine
            } catch {
                return "\(error)"
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
