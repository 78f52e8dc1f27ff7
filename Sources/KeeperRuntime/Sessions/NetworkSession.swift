package import KeeperEngine
package import KeeperFeeds
package import KeeperModel
package import KeeperTransport
package import VenueREST

/// Live and dry run over the network: one thread that polls, hands letters to the keeper, and lets
/// it work them off. What the mode chooses is the desk; nothing else differs.
package final class NetworkSession {
    package let keeper: Keeper
    package let feed: RESTFeed
    /// What assets sell for elsewhere; nil where the configuration names no source.
    package let priceFeed: PriceFeed?
    package let reactor: Reactor
    /// Decides beside the keeper; nil where nobody asked for one.
    package let shadow: Shadow?
    private let clock: HouseClock
    private let settings: NetworkSettings
    private let domain: DomainID
    private let journal: any IntentJournal
    private var isStopping = false
    private var drainAskedAt: MonotonicTime?
    private var savedAt = MonotonicTime.now()

    /// How long letters are handled before the network is looked at again: an outcome that has
    /// arrived there does not wait behind a heap of feeds here.
    private static let roundTime = TimeSpan.milliseconds(5)
    /// In real time, from the wish to drain to leaving with what is still open; the next start
    /// recovers it. Less than the 45 seconds after which a service supervisor kills.
    private static let drainTime = TimeSpan.seconds(40)
    /// Between two savings, as long as letters do not keep the keeper busy.
    private static let savingInterval = TimeSpan.seconds(1)

    package init(
        reactor: Reactor, clock: HouseClock, endpoint: Endpoint, domain: DomainID,
        engine: Engine, books: SessionBooks, settings: NetworkSettings,
        desk choose: (DeskContext) -> ChosenDesk
    ) {
        let mailbox = LetterBox()
        let timetable = ReactorTimetable(reactor, clock: clock)
        let context = DeskContext(
            reactor: reactor, endpoint: endpoint, domain: domain, timetable: timetable,
            journal: books.journal, post: mailbox.post)
        let chosen = choose(context)
        let shadow = settings.shadow?(timetable)
        let sink: (FeedLetter) -> Void = { letter in
            chosen.pass(letter)
            shadow?.pass(letter)
        }
        let feed = RESTFeed(
            domain: domain, endpoint: endpoint, mirrors: settings.mirrors, reactor: reactor,
            sign: chosen.sign,
            record: settings.recordExchange, sink: sink)
        let keeper = Keeper(
            engine: engine,
            parts: KeeperParts(
                desk: chosen.desk, journal: books.journal, decisions: books.decisions,
                alarm: TimetableAlarm(timetable, post: mailbox.post), events: books.events,
                resyncing: FeedResyncing(feed)),
            history: settings.history)
        mailbox.keeper = keeper
        self.reactor = reactor
        self.clock = clock
        self.settings = settings
        self.domain = domain
        journal = books.journal
        self.feed = feed
        priceFeed = PriceFeed(
            settings.priceFeeds, domain: domain, carrier: reactor,
            recordExchange: settings.recordExchange, sink: sink)
        self.keeper = keeper
        self.shadow = shadow
    }

    /// Runs until drained, or told twice to stop.
    package func run() throws(KeeperStop) {
        try keeper.recover(now: clock.now(), isPaused: settings.startsPaused)
        feed.start()
        priceFeed?.start()
        while !isStopping, !keeper.isDrained {
            reactor.runOnce(waitingAtMost: isIdle ? .milliseconds(200) : .zero)
            try turn()
            try journal.endRound(at: clock.now())
            try saveNowAndThen()
            settings.observe?(self)
            checkDrain()
        }
        feed.stop()
        priceFeed?.stop()
    }

    /// The first wish is to finish what is open and take nothing new; the second, to leave now.
    package func askToStop() {
        guard drainAskedAt == nil else {
            isStopping = true
            return
        }
        drainAskedAt = .now()
        post(.drainRequested)
    }

    /// What people want comes through the same door as everything else, so a replay sees it.
    package func post(_ body: EventBody) {
        keeper.post(FeedLetter(domain: domain, receivedAt: now, height: 0, body: body))
    }

    package var now: Instant { clock.now() }
    package var isDraining: Bool { drainAskedAt != nil }
    package var height: UInt64 { keeper.engine.domain(domain)?.height ?? 0 }
    package var isReady: Bool { feed.isReady }

    private var isIdle: Bool {
        keeper.inbox.isEmpty
            && (shadow.map { $0.problem != nil || $0.keeper.inbox.isEmpty } ?? true)
    }

    private func turn() throws(KeeperStop) {
        let wonBefore = keeper.tally.wonCount
        let end = MonotonicTime.now() + Self.roundTime
        while try keeper.turn(), MonotonicTime.now() < end {}
        // The shadow has what time the keeper leaves.
        if let shadow, keeper.inbox.isEmpty {
            while MonotonicTime.now() < end, shadow.turn(now: now) {}
        }
        // What a close moved is in the venue's balances now.
        if keeper.tally.wonCount > wonBefore { feed.refreshBalances() }
    }

    private func saveNowAndThen() throws(KeeperStop) {
        let now = MonotonicTime.now()
        guard keeper.inbox.isEmpty, now > savedAt + Self.savingInterval else { return }
        savedAt = now
        try settings.save()
        shadow?.save()
    }

    private func checkDrain() {
        if let last = settings.untilHeight, height >= last, drainAskedAt == nil { askToStop() }
        guard let drainAskedAt else { return }
        if MonotonicTime.now() > drainAskedAt + Self.drainTime { isStopping = true }
    }
}

package struct NetworkSettings {
    /// Drain when the venue is so far.
    package let untilHeight: UInt64?
    /// The kill switch is on before anything else happens.
    package let startsPaused: Bool
    /// The recent past, empty yet; nil where none is kept.
    package let history: EngineHistory?
    package let recordExchange: ExchangeRecording?
    package let priceFeeds: [AssetFeed]
    /// Other ways to the same venue, for what only reads.
    package let mirrors: [Endpoint]
    /// Makes the shadow, which keeps the keeper's time.
    package let shadow: ((any Timetable) -> Shadow)?
    /// Called after every round: for a picture, never for a decision.
    package let observe: ((NetworkSession) -> Void)?
    /// Called in quiet moments: what waits in memory to be written may go now.
    package let save: () throws(KeeperStop) -> Void

    package init(
        untilHeight: UInt64?, startsPaused: Bool = false, history: EngineHistory? = nil,
        recordExchange: ExchangeRecording?, priceFeeds: [AssetFeed] = [],
        mirrors: [Endpoint] = [], shadow: ((any Timetable) -> Shadow)? = nil,
        observe: ((NetworkSession) -> Void)?,
        save: @escaping () throws(KeeperStop) -> Void
    ) {
        self.untilHeight = untilHeight
        self.startsPaused = startsPaused
        self.history = history
        self.recordExchange = recordExchange
        self.priceFeeds = priceFeeds
        self.mirrors = mirrors
        self.shadow = shadow
        self.observe = observe
        self.save = save
    }
}

/// What a desk may be made of.
package struct DeskContext {
    package let reactor: Reactor
    package let endpoint: Endpoint
    package let domain: DomainID
    package let timetable: any Timetable
    package let journal: any IntentJournal
    package let post: (FeedLetter) -> Void
}

/// The one choice that makes a mode: who carries closes, what the feed passes through on its way,
/// and whether it may read what only the key's owner may.
package struct ChosenDesk {
    package let desk: any CloseDesk
    package let pass: (FeedLetter) -> Void
    package let sign: RequestSigning?

    package init(
        desk: any CloseDesk, pass: @escaping (FeedLetter) -> Void, sign: RequestSigning?
    ) {
        self.desk = desk
        self.pass = pass
        self.sign = sign
    }
}

private final class FeedResyncing: Resyncing {
    private let feed: RESTFeed

    init(_ feed: RESTFeed) {
        self.feed = feed
    }

    func resync(_ domain: DomainID, _ market: MarketID) {
        guard domain == feed.domain else { return }
        feed.resync(market)
    }
}
