import KeeperCodec
package import KeeperEngine
package import KeeperFeeds
import KeeperModel
import KeeperRisk
package import KeeperRuntime

/// Whether a recorded run decides the same when it is played again.
///
/// A recording holds outcomes beside feeds, so it says itself what was proposed: every intent that
/// became durable was approved by an event before it. A replay has to approve the same ones, no
/// fewer and no more. Where the decisions were kept in a file, they have to be the same bytes.
package struct ParityCheck {
    private let settings: EngineSettings

    package init(_ settings: EngineSettings) {
        self.settings = settings
    }

    package struct Report: Hashable, Sendable {
        package let eventCount: UInt64
        package let decisionCount: Int
        package let intentCount: Int
        package let difference: Difference?
    }

    package struct Difference: Hashable, Sendable {
        /// The event at which it showed.
        package let sequence: UInt64
        package let problem: String
    }

    /// Decisions are compared where their lines are given.
    package func replay(
        _ reader: RecordingReader, path: String, kept: [[UInt8]]? = nil
    ) throws(KeeperStop) -> Report {
        var engine = Engine(settings: settings)
        var ledger = IntentParity()
        var decisions = DecisionParity(kept)
        var source = EventSource(reader, path: path)
        var eventCount: UInt64 = 0
        var difference: Difference?
        while difference == nil, let event = try source.next() {
            eventCount += 1
            difference = ledger.heard(event)
            for effect in engine.handleWhole(event) where difference == nil {
                difference = ledger.took(effect) ?? decisions.took(effect, at: event.sequence)
            }
        }
        if difference == nil, reader.isFinished {
            difference = ledger.end(at: eventCount) ?? decisions.end(at: eventCount)
        }
        return Report(
            eventCount: eventCount, decisionCount: decisions.count, intentCount: ledger.count,
            difference: difference)
    }
}

/// Intents that the replay approved, and those that the recording knows of.
private struct IntentParity {
    private var awaited: [ClientID] = []
    private var known: Set<ClientID> = []
    private(set) var count = 0

    mutating func took(_ effect: Effect) -> ParityCheck.Difference? {
        guard case .persist(let approved) = effect else { return nil }
        count += 1
        known.insert(approved.subject.plan.clientID)
        awaited.append(approved.subject.plan.clientID)
        return nil
    }

    mutating func heard(_ event: Event) -> ParityCheck.Difference? {
        switch event.body {
        case .intentRecovered(let recovered):
            known.insert(recovered.intent.plan.clientID)
        case .intentDurable(let clientID):
            guard let index = awaited.firstIndex(of: clientID) else {
                return .init(
                    sequence: event.sequence,
                    problem: "the run had intent \(clientID), which the replay does not propose")
            }
            awaited.remove(at: index)
        case .closeAnswered(let clientID, _) where !known.contains(clientID):
            return .init(
                sequence: event.sequence,
                problem: "the run heard of close \(clientID), which the replay never sends")
        default: break
        }
        return nil
    }

    func end(at sequence: UInt64) -> ParityCheck.Difference? {
        awaited.first.map {
            .init(
                sequence: sequence, problem: "the replay proposes intent \($0), the run did not")
        }
    }
}

/// The lines that were kept beside those of the replay.
private struct DecisionParity {
    private let kept: [[UInt8]]?
    private(set) var count = 0

    init(_ kept: [[UInt8]]?) {
        self.kept = kept
    }

    mutating func took(_ effect: Effect, at sequence: UInt64) -> ParityCheck.Difference? {
        guard case .record(let decision) = effect else { return nil }
        count += 1
        guard let kept else { return nil }
        let line = decision.jsonBytes
        guard count <= kept.count, kept[count - 1] == line else {
            let was =
                count <= kept.count
                ? String(decoding: kept[count - 1], as: UTF8.self) : "no such decision"
            return .init(
                sequence: sequence,
                problem: "decision \(count) was \(was) and is "
                    + String(decoding: line, as: UTF8.self))
        }
        return nil
    }

    func end(at sequence: UInt64) -> ParityCheck.Difference? {
        guard let kept, count < kept.count else { return nil }
        return .init(
            sequence: sequence,
            problem: "\(kept.count) decisions were kept, and the replay makes \(count)")
    }
}
