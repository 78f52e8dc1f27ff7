package import KeeperModel
package import KeeperRisk

/// What the engine wants done. Effects are values: the runtime performs them, in order, with the
/// parts that the mode has, and whatever comes of it returns as an event.
package enum Effect: Hashable, Sendable {
    /// Make the intent durable; answered by `intentDurable`.
    case persist(Approved<CloseIntent>)
    /// Make the attempt's bytes durable and send them; answered by `closeAnswered`. Only ever after
    /// `intentDurable`.
    case submit(Approved<CloseAttempt>)
    /// Ask the other side; answered by `questionAnswered`, or by nothing.
    case ask(Question, by: Instant)
    /// Ask the venue what became of a close; answered by `closeAnswered`.
    case lookUp(Target, ClientID)
    /// Make a late arrival impossible; answered by `closeAnswered`.
    case void(Target, ClientID)
    /// Book what a chain included, once; it is not final yet.
    case book(CloseIntent, CloseReceipt)
    /// The chain took it back, and so do the books.
    case reverse(CloseIntent)
    /// Journal the ending and book its fill, once.
    case conclude(CloseIntent, IntentEnding)
    case arm(TimerName, at: Instant)
    case record(Decision)
    /// A delta was lost or did not fit: fetch the market's accounts anew.
    case resync(DomainID, MarketID)
    /// No intent is open any more and none will be made.
    case drained
}
