package import KeeperModel
import WideMath

/// Why others were first. The answer is in what was last said about the target; where the account
/// is gone or healthy by then, because of that very close, what was said before is kept here for a
/// while.
struct MissedCloses {
    /// Bounds memory; what is older than the newest half of it is forgotten.
    static let wordsMax = 4_096

    private(set) var counts: [MissedCause: UInt64]
    private(set) var words: [Target: Word]
    private(set) var nextNumber: UInt64

    struct Word {
        let cause: MissedCause
        let number: UInt64
    }

    init(
        counts: [MissedCause: UInt64] = [:], words: [Target: Word] = [:], nextNumber: UInt64 = 0
    ) {
        self.counts = counts
        self.words = words
        self.nextNumber = nextNumber
    }

    var wordCount: Int { words.count }

    /// Keeps what a close of a target would have meant, of which nothing is to be said any more.
    mutating func keep(_ cause: MissedCause, about target: Target) {
        nextNumber += 1
        words[target] = Word(cause: cause, number: nextNumber)
        guard words.count > Self.wordsMax else { return }
        let oldest = nextNumber - UInt64(Self.wordsMax / 2)
        words = words.filter { $0.value.number > oldest }
    }

    /// The last word about a target that was kept; it is good for one close.
    mutating func lastWord(about target: Target) -> MissedCause? {
        words.removeValue(forKey: target)?.cause
    }

    mutating func count(_ cause: MissedCause) {
        counts[cause, default: 0] += 1
    }
}

extension MissedCause {
    /// What the last word about a target says about a close of it by somebody else. An open intent
    /// says more, and is asked first.
    fileprivate init(lastWord: Verdict) {
        switch lastWord {
        case .recovered, .disagreed, .foreseen: self = .notSeen
        case .eligible, .proposed, .missed: self = .seenLate
        case .ended(_, let ending): self.init(ending: ending)
        case .skipped(let reason): self.init(reason)
        }
    }

    fileprivate init(ending: String) {
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
        case .accountsUncertain, .priceUncertain, .costUnknown, .listed, .pricesPart, .clocksPart,
            .held, .marketSwitched, .marketClosing, .draining, .reserveShort, .inventoryReserved,
            .transfersPerDay, .transferDue, .planChanged:
            self = .heldBack
        }
    }
}

extension Engine {
    /// One decision for each close by somebody else. It is no verdict about what is to be done, so
    /// what was last said about the target stands.
    mutating func take(_ closes: [ObservedClose], _ turn: inout Turn) {
        for close in closes {
            let cause = cause(of: close)
            missed.count(cause)
            let domain = domains[close.target.domain]
            turn.effects.append(
                .record(
                    Decision(
                        sequence: turn.event.sequence, decidedAt: turn.now,
                        height: domain?.height ?? 0, target: close.target,
                        accountVersion: domain?.version(of: close.target) ?? 0,
                        verdict: .missed(cause), facts: close.facts)))
        }
    }

    private mutating func cause(of close: ObservedClose) -> MissedCause {
        let kept = missed.lastWord(about: close.target)
        if let open = intents.open(about: close.target) {
            return open.attempts.last?.bid == nil ? .seenLate : .outbid
        }
        return standingCause(of: close.target) ?? kept ?? .notSeen
    }

    /// What a close by somebody else would mean now; nil where nothing was said about the target.
    /// A rest after a first failure says why that failed: it is often that very close.
    private func standingCause(of target: Target) -> MissedCause? {
        guard let verdict = verdicts[target] else { return nil }
        if case .skipped(.coolDown) = verdict, let failure = coolDowns.firstFailure(of: target) {
            return MissedCause(ending: "refused-" + failure)
        }
        return MissedCause(lastWord: verdict)
    }

    /// Nothing is to be said about a target any more; why it was left alone is kept for a while.
    mutating func keepWord(about target: Target) {
        if let cause = standingCause(of: target) { missed.keep(cause, about: target) }
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
