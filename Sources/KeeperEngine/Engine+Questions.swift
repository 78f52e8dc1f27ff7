import KeeperModel
import KeeperStrategy

/// A close that is tried at the other side before its bytes leave.
///
/// The plan is fixed and durable by then, and what it needs is reserved. The question has a
/// deadline: nothing is ever sent because nobody answered.
extension Engine {
    /// False where the strategy asks nothing.
    mutating func askFirst(about open: OpenIntent, _ turn: inout Turn) -> Bool {
        guard let within = strategy(of: open.intent)?.trialWithin else { return false }
        let plan = open.intent.plan
        let deadline = turn.now + within
        var open = open
        open.state = .asking
        intents[plan.clientID] = open
        turn.effects.append(.ask(.wouldSettle(plan), by: deadline))
        turn.effects.append(.arm(.questionEnds(plan.clientID), at: deadline))
        return true
    }

    mutating func take(_ reply: QuestionReply, to clientID: ClientID, _ turn: inout Turn) {
        // Late, or about something that went another way meanwhile.
        guard let open = intents[clientID], open.state == .asking else { return }
        let plan = open.intent.plan
        switch reply {
        case .wouldSettle(let version) where version == plan.accountVersion:
            begin(open, &turn)
        case .wouldSettle:
            giveUp(open, "tried on another version of the account", restAs: .staleVersion, &turn)
        case .wouldNot(let refusal):
            giveUp(
                open, "would be refused: \(refusal.refusalClass.rawValue)",
                restAs: refusal.refusalClass, &turn)
        case .unanswered(let evidence):
            giveUp(open, "not tried: \(evidence)", restAs: .rateLimited, &turn)
        }
    }

    mutating func endQuestion(of clientID: ClientID, _ turn: inout Turn) {
        guard let open = intents[clientID], open.state == .asking else { return }
        giveUp(open, "not tried: no answer in time", restAs: .rateLimited, &turn)
    }

    /// The same plan a moment later would be asked about again: the target rests first.
    private mutating func giveUp(
        _ open: OpenIntent, _ reason: String, restAs failure: RefusalClass, _ turn: inout Turn
    ) {
        let target = open.intent.plan.target
        wake(target, at: coolDowns.start(target, after: failure, now: turn.now), &turn)
        conclude(open.intent, .cancelled(reason: reason), &turn)
    }
}
