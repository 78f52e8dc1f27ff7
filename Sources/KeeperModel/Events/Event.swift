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

    package init(
        sequence: UInt64, domain: DomainID, receivedAt: Instant, height: UInt64, body: EventBody
    ) {
        self.sequence = sequence
        self.domain = domain
        self.receivedAt = receivedAt
        self.height = height
        self.body = body
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
    case accountsChanged(MarketID, changed: [AccountState], removed: [AccountID])
    case depthPublished([DepthBook])
    case flashPoolsPublished([FlashPool])
    case balancesReported([AssetAmount])
    /// A delta was lost: what is known of the market's accounts is no longer exact.
    case gapDetected(MarketID)

    // Outcomes.
    case intentRecovered(RecoveredIntent)
    /// The intent is on disk; its bytes may leave.
    case intentDurable(ClientID)
    case closeAnswered(ClientID, CloseAnswer)

    // Time and people.
    case timerFired(TimerName)
    case drainRequested
    case killSwitchSet(Bool)
}

/// What a timer was set for.
package enum TimerName: Hashable, Sendable {
    /// Ask again about an intent whose outcome is unknown.
    case resolve(ClientID)
    /// A target's cool-down ends.
    case coolDown(Target)
}
