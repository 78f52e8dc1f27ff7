package import KeeperEngine
package import KeeperModel
package import KeeperRisk

/// The parts that a mode chooses. Below this room no line knows whether it is live.

/// Who carries intents out: a venue behind the write door, a simulator, or nobody at all. Whatever
/// becomes of a call arrives at the keeper as a letter, even if it is only that nobody knows.
package protocol CloseDesk: AnyObject {
    func submit(_ approved: Approved<CloseAttempt>)
    /// Nobody waits for an answer beyond the deadline.
    func ask(_ question: Question, by deadline: Instant)
    func lookUp(_ target: Target, _ clientID: ClientID)
    func void(_ target: Target, _ clientID: ClientID)
}

/// Where intents and their endings are kept.
package protocol IntentJournal: AnyObject {
    /// What has to be on disk before anything follows from it: `whenDurable` is called once it is,
    /// from within this call or from within `endRound`, with the time that it is then.
    typealias WhenDurable = (Instant) -> Void

    func persist(
        _ approved: Approved<CloseIntent>, at now: Instant, whenDurable: @escaping WhenDurable
    ) throws(KeeperStop)
    /// The bytes of an attempt, before they leave.
    func persist(
        _ attempt: CloseAttempt, bytes: [UInt8], at now: Instant,
        whenDurable: @escaping WhenDurable
    ) throws(KeeperStop)
    /// Nothing more is written in this round: what waits for the disk may go there together.
    func endRound(at now: Instant) throws(KeeperStop)
    /// Books what a chain included, though it is not final.
    func book(_ receipt: CloseReceipt, of intent: CloseIntent, at now: Instant) throws(KeeperStop)
    /// Takes back what was booked for an intent, because the chain took it back.
    func reverse(_ intent: CloseIntent, at now: Instant) throws(KeeperStop)
    func conclude(_ intent: CloseIntent, _ ending: IntentEnding, at now: Instant) throws(KeeperStop)
    func openIntents() throws(KeeperStop) -> [RecoveredIntent]
    /// What ended since then.
    func pastDay(since: Instant) throws(KeeperStop) -> PastDay
    /// What every version of a strategy has done, ever.
    func strategyRecords() throws(KeeperStop) -> [StrategyRecord]
    /// What the venue says the keeper has: the first time it opens the books.
    func open(_ domain: DomainID, with balances: [AssetAmount], at now: Instant) throws(KeeperStop)
    /// The same of what it keeps aside there.
    func openReserve(
        _ domain: DomainID, with balances: [AssetAmount], at now: Instant
    ) throws(KeeperStop)
}

/// Where decisions are kept for `explain`.
package protocol DecisionSink: AnyObject {
    func append(_ decision: Decision) throws(KeeperStop)
}

/// Where handled events are kept, in the order in which the engine had them.
package protocol EventSink: AnyObject {
    func append(_ event: Event) throws(KeeperStop)
    /// All that followed from an event is done: the engine as it left it, and the settings that
    /// were adopted last, nil for those of the start.
    func noteHandled(
        _ event: Event, by engine: Engine, adopted: SettingsTexts?
    ) throws(KeeperStop)
}

extension EventSink {
    /// Who keeps events alone has nothing to do.
    package func noteHandled(
        _ event: Event, by engine: Engine, adopted: SettingsTexts?
    ) throws(KeeperStop) {}
}

/// Who wakes the keeper at an instant of its own clock.
package protocol Alarm: AnyObject {
    func set(_ timer: TimerName, at instant: Instant, domain: DomainID)
}

/// Who fetches a market's accounts anew.
package protocol Resyncing: AnyObject {
    func resync(_ domain: DomainID, _ market: MarketID)
}

/// Why a keeper cannot go on. It stops instead of going on wrong; the next start recovers.
package struct KeeperStop: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        case journal
        case recording
        case invariant
    }
    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
