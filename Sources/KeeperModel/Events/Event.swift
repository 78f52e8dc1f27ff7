package import WideMath

/// Everything the engine ever learns comes in as one of these, through one door, in one order.
package struct Event: Hashable, Sendable {
    /// Given by the inbox: 1, 2, 3 …
    package let sequence: UInt64
    package let domain: DomainID
    /// When it became ours: the moment from which a replay may know it.
    package let receivedAt: Instant
    /// The venue's height that the event speaks of; 0 where it speaks of none.
    package let height: UInt64
    package let body: EventBody
    /// The next word of this domain had arrived already: plans wait for it, because what is planned
    /// between two answers to a crowd is planned anew with each.
    package let moreFollows: Bool

    package init(
        sequence: UInt64, domain: DomainID, receivedAt: Instant, height: UInt64, body: EventBody,
        moreFollows: Bool = false
    ) {
        self.sequence = sequence
        self.domain = domain
        self.receivedAt = receivedAt
        self.height = height
        self.body = body
        self.moreFollows = moreFollows
    }
}

package enum EventBody: Hashable, Sendable {
    // From feeds.
    case venueDescribed(VenueDescription)
    /// All prices of one height: one tick.
    case pricesPublished([PriceUpdate])
    /// Grown indexes, totals, pools: whatever else moves many accounts at once.
    case figuresPublished([MarketFigures])
    /// The whole set of accounts; whoever is not in it is gone.
    case accountsReplaced(MarketID, [AccountState])
    /// A part of the whole set: a large one comes in pages, so that a price never waits long.
    case accountsPaged(MarketID, AccountPage)
    case accountsChanged(MarketID, changed: [AccountState], removed: [AccountID])
    case depthPublished([DepthBook])
    case flashPoolsPublished([FlashPool])
    case balancesReported([AssetAmount])
    /// What the operator keeps aside at the venue.
    case reserveReported([AssetAmount])
    /// What a chain says with every height.
    case chainReported(ChainNews)
    /// What sending a call with one close will about cost, in units of account, where no chain of
    /// the venue's says it.
    case callCostReported(UInt256)
    /// The venue's clock and ours are so far apart, theirs behind where it is positive; nil once
    /// they agree again.
    case clocksParted(TimeSpan?)
    /// The chain took heights back: the event's own height is the newest that still stands.
    case reorganised
    /// What a venue allows now, and from when it allows more.
    case marketSwitched(MarketSwitch)
    /// What others closed.
    case closesObserved([ObservedClose])
    /// A delta was lost: what is known of the market's accounts is no longer exact.
    case gapDetected(MarketID)

    // Outcomes.
    /// At start, before anything else that the books say.
    case pastDayRecalled(PastDay)
    /// At start: what each version of a strategy has done so far.
    case strategiesRecalled([StrategyRecord])
    case intentRecovered(RecoveredIntent)
    /// The intent is on disk; its bytes may leave.
    case intentDurable(ClientID)
    case closeAnswered(ClientID, CloseAnswer)
    case questionAnswered(ClientID, QuestionReply)

    // Time and people.
    case timerFired(TimerName)
    case drainRequested
    case killSwitchSet(Bool)
    /// Nothing new at the event's own venue, or something again; the others go on.
    case venuePauseSet(Bool)
    /// A person lets a plan that is held go on.
    case approvalGiven(Target)
    /// A person wants exactly those transfers made that a plan of this name holds.
    case transfersApproved(plan: String)
    /// A person had limits, guards and strategies read anew.
    case settingsAdopted(SettingsTexts)
}

/// One page of a market's whole set of accounts. Pages follow each other without a hole, or the set
/// is not whole.
package struct AccountPage: Hashable, Sendable {
    /// Counts from 0.
    package let number: UInt64
    package let isLast: Bool
    package let states: [AccountState]

    package init(number: UInt64, isLast: Bool, states: [AccountState]) {
        self.number = number
        self.isLast = isLast
        self.states = states
    }
}

/// What changes on a chain from height to height.
package struct ChainNews: Hashable, Sendable {
    package let gas: GasPrice
    /// The nonce that the keeper's next call has to carry.
    package let nextNonce: UInt64

    package init(gas: GasPrice, nextNonce: UInt64) {
        self.gas = gas
        self.nextNonce = nextNonce
    }
}

/// What a timer was set for.
package enum TimerName: Hashable, Sendable {
    /// Ask again about an intent whose outcome is unknown.
    case resolve(ClientID)
    /// A target's cool-down ends.
    case coolDown(Target)
    /// Nobody said yes in time.
    case holdEnds(Target)
    /// Nobody answered a question in time.
    case questionEnds(ClientID)
    /// A venue's switch is due.
    case marketOpens(MarketID)
}
