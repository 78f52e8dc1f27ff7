import KeeperModel

/// Where each open intent stands.
///
///     approved ─ persist ─▶ persisting ─ durable ─▶ sent ─▶ ended
///                                                    │ ▲
///                                         unknown ◀──┘ │ look-up, same bytes again, void
///                                            └─────────┘
///
/// Unknown is a state, not a failure: it keeps target and funds until the venue has said what
/// happened or has put a tombstone in the way of ever happening.
struct OpenIntent {
    enum State: Hashable {
        case persisting
        case sent
        case unknown
        case lookingUp
        case voiding
    }

    let intent: CloseIntent
    var state: State
    /// How many times bytes may have left.
    var sendCount: Int
    /// How many questions went unanswered since the last word from the venue.
    var unansweredCount = 0
    /// Read back from the journal: such an intent is resolved, never sent anew.
    let isRecovered: Bool

    static let sendCountMax = 3
    private static let firstDelayMilliseconds: Int64 = 250
    private static let doublingsMax = 5

    /// Exponential, bounded: 250 ms to 8 s.
    var nextQuestionDelay: TimeSpan {
        let doublings = min(unansweredCount, Self.doublingsMax)
        return .milliseconds(Self.firstDelayMilliseconds << Int64(doublings))
    }

    /// Whether the same bytes may be sent again after the venue said it has none.
    func maySendAgain(height: UInt64) -> Bool {
        !isRecovered && sendCount < Self.sendCountMax && height <= intent.plan.validUntilHeight
    }
}

/// All open intents, by client id, in the order of their ids wherever order can be seen.
struct IntentTable {
    private var byClient: [ClientID: OpenIntent] = [:]

    var isEmpty: Bool { byClient.isEmpty }
    var count: Int { byClient.count }

    subscript(clientID: ClientID) -> OpenIntent? {
        get { byClient[clientID] }
        set { byClient[clientID] = newValue }
    }
}
