package import KeeperModel
import WideMath

/// Why others were first. The answer is in what was last said about the target; where the account
/// is gone or healthy by then, because of that very close, what was said before is kept here for a
/// while.
struct MissedCloses {
    /// Bounds memory; what is older than the newest half of it is forgotten.
    static let wordsMax = 4_096

    private(set) var counts: [MissedCause: UInt64] = [:]
    private var words: [Target: Word] = [:]
    private var nextNumber: UInt64 = 0

    private struct Word {
        let verdict: Verdict
        let number: UInt64
    }

    var wordCount: Int { words.count }

    /// Keeps what was said about a target of which nothing is to be said any more.
    mutating func keep(_ verdict: Verdict?, about target: Target) {
        guard let verdict else { return }
        nextNumber += 1
        words[target] = Word(verdict: verdict, number: nextNumber)
        guard words.count > Self.wordsMax else { return }
        let oldest = nextNumber - UInt64(Self.wordsMax / 2)
        words = words.filter { $0.value.number > oldest }
    }

    /// The last word about a target that was kept; it is good for one close.
    mutating func lastWord(about target: Target) -> Verdict? {
        words.removeValue(forKey: target)?.verdict
    }

    mutating func count(_ cause: MissedCause) {
        counts[cause, default: 0] += 1
    }
}

extension MissedCause {
    /// What the last word about a target says about a close of it by somebody else. An open intent
    /// says more, and is asked first.
    init(lastWord: Verdict?) {
        switch lastWord {
        case nil, .recovered, .disagreed: self = .notSeen
        case .eligible, .proposed, .missed: self = .seenLate
        case .ended(_, let ending): self.init(ending: ending)
        case .skipped(let reason): self.init(reason)
        }
    }

    private init(ending: String) {
        let late = ["refused-staleVersion", "refused-unknownAccount", "refused-healthy", "won"]
        if late.contains(ending) {
            self = .seenLate
        } else if ending.hasPrefix("refused-") || ending.hasPrefix("reverted-") {
            self = .reverted
        } else {
            self = ending == "withdrawn" ? .outbid : .seenLate
        }
    }

    private init(_ reason: SkipReason) {
        switch reason {
        case .belowFloor, .gasTooDear: self = .belowFloor
        case .noFunds: self = .noFunds
        case .coolDown, .quarantined: self = .coolDown
        case .refusedByRisk: self = .refusedByRisk
        case .noDepth, .notCloseable: self = .noPlan
        case .accountsUncertain, .priceUncertain, .costUnknown, .listed, .pricesPart, .held,
            .marketSwitched, .draining:
            self = .heldBack
        }
    }
}

extension Engine {
    /// One decision for each close by somebody else. It is no verdict about what is to be done, so
    /// what was last said about the target stands.
    mutating func take(_ closes: [ObservedClose], _ turn: inout Turn) {
        for close in closes {
            let cause = cause(of: close, at: turn.now)
            missed.count(cause)
            let domain = domains[close.target.domain]
            turn.effects.append(
                .record(
                    Decision(
                        sequence: turn.event.sequence, decidedAt: turn.now,
                        height: domain?.height ?? 0, target: close.target,
                        accountVersion: domain?.state(of: close.target)?.version ?? 0,
                        verdict: .missed(cause), facts: close.facts)))
        }
    }

    private mutating func cause(of close: ObservedClose, at now: Instant) -> MissedCause {
        let target = close.target
        let kept = missed.lastWord(about: target)
        if let open = intents.open(about: target) {
            return open.attempts.last?.bid == nil ? .seenLate : .outbid
        }
        let word = verdicts[target] ?? kept
        // After a close of ours the target rests; what others take of it then, they take there.
        if case .ended(_, "won") = word, coolDowns.rest(of: target, at: now) != nil {
            return .coolDown
        }
        return MissedCause(lastWord: word)
    }

    /// How many closes others made, by why we did not.
    package var missedCounts: [MissedCause: UInt64] { missed.counts }
}

extension ObservedClose {
    fileprivate var facts: [DecisionFact] {
        [DecisionFact("keeper", keeper), DecisionFact("at", "\(height)")]
            + [("paid", paid), ("taken", taken)].compactMap { name, held in
                held.map { DecisionFact(name, "\($0.amount) \($0.asset)") }
            } + [DecisionFact("value", valueUnits.description)]
    }
}

extension IntentTable {
    /// At most one intent is open about a target.
    fileprivate func open(about target: Target) -> OpenIntent? {
        clientIDs(in: target.domain).lazy.compactMap { self[$0] }
            .first { $0.intent.plan.target == target }
    }
}
