/// What a feed hands to whoever keeps the inbox: an event body that has no place in the order yet.
package struct FeedLetter: Hashable, Sendable {
    package let domain: DomainID
    /// By the clock of the house.
    package let receivedAt: Instant
    /// The venue's height that the body speaks of; 0 where it speaks of none.
    package let height: UInt64
    package let body: EventBody

    package init(domain: DomainID, receivedAt: Instant, height: UInt64, body: EventBody) {
        self.domain = domain
        self.receivedAt = receivedAt
        self.height = height
        self.body = body
    }
}
