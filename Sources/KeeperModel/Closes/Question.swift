/// Something that only the other side knows. It is asked as an effect, with a deadline, and
/// whatever comes of it is an event: an answer, or that nobody answered.
package enum Question: Hashable, Sendable {
    /// Whether this close would settle now: tried there on the present state, with nothing changed.
    case wouldSettle(ClosePlan)

    package var clientID: ClientID {
        switch self {
        case .wouldSettle(let plan): plan.clientID
        }
    }

    package var target: Target {
        switch self {
        case .wouldSettle(let plan): plan.target
        }
    }
}

/// What was said to a question.
package enum QuestionReply: Hashable, Sendable {
    /// It would, for the account at this version: an answer about another one is no answer.
    case wouldSettle(accountVersion: UInt64)
    case wouldNot(Refusal)
    /// Nothing readable came.
    case unanswered(evidence: String)
}
