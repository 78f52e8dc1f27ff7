import KeeperModel

/// Where each open intent stands.
///
///     approved ─ persist ─▶ persisting ─ durable ─▶ sent ─▶ ended
///                                                    │ ▲
///                                         unknown ◀──┘ │ look-up, same bytes again, void
///                                            └─────────┘
///
/// On a chain two more lie between: `pending`, in a pool, where the bid may be raised or the nonce
/// taken back; and a booked inclusion, which ends the intent when it is final and is taken back
/// where the chain takes it back.
///
/// Unknown is a state, not a failure: it keeps target and funds until the venue has said what
/// happened or has put a tombstone in the way of ever happening.
struct OpenIntent {
    enum State: String, Hashable {
        case persisting
        /// Durable; the other side is asked whether it would settle.
        case asking
        case sent
        case unknown
        case lookingUp
        case voiding
        /// In a chain's pool, or on its chain.
        case pending
    }

    let intent: CloseIntent
    var state: State
    /// Everything whose bytes may have left, in order.
    var attempts: [AttemptTerms] = []
    /// How many times bytes may have left.
    var sendCount: Int
    /// How many questions went unanswered since the last word from the venue.
    var unansweredCount = 0
    /// What a chain included and the journal has booked; not final yet.
    var booked: Inclusion?
    /// When the newest attempt was bid.
    var bidHeight: UInt64 = 0
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

    var isBeingCancelled: Bool { attempts.last?.purpose == .cancel }
}

/// All open intents, by client id, in the order of their ids wherever order can be seen.
struct IntentTable {
    private var byClient: [ClientID: OpenIntent] = [:]

    /// In the order of their ids.
    var all: [OpenIntent] { byClient.keys.sorted().compactMap { byClient[$0] } }
    var isEmpty: Bool { byClient.isEmpty }
    var count: Int { byClient.count }

    func unknownCount(in domain: DomainID) -> Int {
        byClient.values.count {
            $0.intent.plan.target.domain == domain
                && ($0.state == .unknown || $0.state == .lookingUp)
        }
    }

    var bookedCount: Int { byClient.values.count { $0.booked != nil } }

    subscript(clientID: ClientID) -> OpenIntent? {
        get { byClient[clientID] }
        set { byClient[clientID] = newValue }
    }

    func clientID(about target: Target) -> ClientID? {
        byClient.keys.filter { byClient[$0]?.intent.plan.target == target }.sorted().first
    }

    func clientIDs(in domain: DomainID) -> [ClientID] {
        byClient.keys.filter { byClient[$0]?.intent.plan.target.domain == domain }.sorted()
    }
}
