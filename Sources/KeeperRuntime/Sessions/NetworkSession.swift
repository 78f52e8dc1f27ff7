import KeeperCodec
package import KeeperEngine
package import KeeperModel
package import KeeperTransport
package import VenueREST

/// Live and dry run over the network: one thread that polls, hands letters to the keeper, and lets
/// it work them off, of one venue or of several. What the mode chooses is the desks; nothing else
/// differs.
package final class NetworkSession {
    package let keeper: Keeper
    /// One for each venue, in the order of the configuration.
    package let lines: [VenueLine]
    package let reactor: Reactor
    /// Decides beside the keeper; nil where nobody asked for one.
    package let shadow: Shadow?
    private let clock: HouseClock
    private let settings: NetworkSettings
    /// Who is meant by what people say to all: the only venue, or all of them.
    private let peopleDomain: DomainID
    private let journal: any IntentJournal
    private var isStopping = false
    private var drainAskedAt: MonotonicTime?
    private var savedAt = MonotonicTime.now()
    private var spareMemory = SpareMemory()

    /// How long letters are handled before the network is looked at again: an outcome that has
    /// arrived there does not wait behind a heap of feeds here, and a price of one venue not behind
    /// the heap of another.
    private let roundTime: TimeSpan
    /// In real time, from the wish to drain to leaving with what is still open; the next start
    /// recovers it. Less than the 45 seconds after which a service supervisor kills.
    private static let drainTime = TimeSpan.seconds(40)
    /// Between two savings, as long as letters do not keep the keeper busy.
    private static let savingInterval = TimeSpan.seconds(1)

    package init(
        reactor: Reactor, clock: HouseClock, ways: [VenueWay],
        engine: Engine, books: SessionBooks, settings: NetworkSettings,
        desk choose: (DeskContext) -> ChosenDesk
    ) {
        precondition(!ways.isEmpty, "A session has a venue")
        let mailbox = LetterBox()
        let timetable = ReactorTimetable(reactor, clock: clock)
        let shadow = settings.shadow?(timetable)
        let isOne = ways.count == 1
        var desks: [DomainID: any CloseDesk] = [:]
        var lines: [VenueLine] = []
        for way in ways {
            let chosen = choose(
                DeskContext(
                    reactor: reactor, endpoint: way.endpoint, domain: way.domain,
                    timetable: timetable, journal: books.journal, post: mailbox.post))
            desks[way.domain] = chosen.desk
            let record = settings.recordExchange
            lines.append(
                VenueLine(
                    way, reactor: reactor, comparedWith: clock, sign: chosen.sign,
                    record: isOne ? record : record.map { Self.naming(way.domain, $0) },
                    sink: { letter in
                        chosen.pass(letter)
                        shadow?.pass(letter)
                    }))
        }
        let keeper = Keeper(
            engine: engine,
            parts: KeeperParts(
                desk: DeskBoard(desks), journal: books.journal, decisions: books.decisions,
                alarm: TimetableAlarm(timetable, post: mailbox.post), events: books.events,
                resyncing: FeedResyncing(lines)),
            history: settings.history)
        mailbox.keeper = keeper
        self.reactor = reactor
        self.clock = clock
        self.settings = settings
        self.lines = lines
        self.keeper = keeper
        self.shadow = shadow
        peopleDomain = isOne ? ways[0].domain : .everyVenue
        roundTime = isOne ? .milliseconds(5) : .milliseconds(1)
        journal = books.journal
    }

    /// Of several venues each exchange is kept with whose it was.
    static func naming(
        _ domain: DomainID, _ record: @escaping ExchangeRecording
    ) -> ExchangeRecording {
        { exchange, startedAt, endedAt in
            record(
                RawExchange(
                    method: exchange.method, path: "venue/\(domain)" + exchange.path,
                    result: exchange.result),
                startedAt, endedAt)
        }
    }

    /// Runs until drained, or told twice to stop.
    package func run() throws(KeeperStop) {
        try keeper.recover(now: clock.now(), pauses: settings.pauses)
        for line in lines { line.start() }
        while !isStopping, !keeper.isDrained {
            reactor.runOnce(waitingAtMost: isIdle ? .milliseconds(200) : .zero)
            try turn()
            try journal.endRound(at: clock.now())
            try saveNowAndThen()
            settings.observe?(self)
            checkDrain()
        }
        for line in lines { line.stop() }
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
    /// Without a domain it is said to all venues.
    package func post(_ body: EventBody, about domain: DomainID? = nil) {
        keeper.post(
            FeedLetter(domain: domain ?? peopleDomain, receivedAt: now, height: 0, body: body))
    }

    package var now: Instant { clock.now() }
    package var isDraining: Bool { drainAskedAt != nil }
    /// One venue is enough to act at: who waited for all would be stopped by one.
    package var isReady: Bool { lines.contains(where: \.isReady) }

    package func height(of domain: DomainID) -> UInt64 {
        keeper.engine.domain(domain)?.height ?? 0
    }

    /// Replies, and whatever came instead of one, of all venues.
    package var feedAttemptCount: UInt64 {
        lines.reduce(0) { $0 + $1.feed.tally.attemptCount }
    }

    private var isIdle: Bool {
        keeper.inbox.isEmpty
            && (shadow.map { $0.problem != nil || $0.keeper.inbox.isEmpty } ?? true)
    }

    private func turn() throws(KeeperStop) {
        let end = MonotonicTime.now() + roundTime
        while try keeper.turn(), MonotonicTime.now() < end {}
        // The shadow has what time the keeper leaves.
        if let shadow, keeper.inbox.isEmpty {
            while MonotonicTime.now() < end, shadow.turn(now: now) {}
        }
        let now = MonotonicTime.now()
        for line in lines {
            line.refreshBalances(after: keeper.tally)
            line.noteWhatWasHeard(at: now)
        }
    }

    private func saveNowAndThen() throws(KeeperStop) {
        let now = MonotonicTime.now()
        guard keeper.inbox.isEmpty, now > savedAt + Self.savingInterval else { return }
        savedAt = now
        try settings.save()
        shadow?.save()
        spareMemory.giveBack(of: lines, beside: reactor)
    }

    private func checkDrain() {
        // Of one venue only: heights of different venues have nothing to do with each other.
        if let last = settings.untilHeight, drainAskedAt == nil,
            lines.allSatisfy({ height(of: $0.domain) >= last })
        {
            askToStop()
        }
        guard let drainAskedAt else { return }
        if MonotonicTime.now() > drainAskedAt + Self.drainTime { isStopping = true }
    }
}

package struct NetworkSettings {
    /// Drain when the venue is so far.
    package let untilHeight: UInt64?
    /// What holds before anything else happens.
    package let pauses: StandingPauses
    /// The recent past, empty yet; nil where none is kept.
    package let history: EngineHistory?
    package let recordExchange: ExchangeRecording?
    /// Makes the shadow, which keeps the keeper's time.
    package let shadow: ((any Timetable) -> Shadow)?
    /// Called after every round: for a picture, never for a decision.
    package let observe: ((NetworkSession) -> Void)?
    /// Called in quiet moments: what waits in memory to be written may go now.
    package let save: () throws(KeeperStop) -> Void

    package init(
        untilHeight: UInt64?, pauses: StandingPauses = StandingPauses(),
        history: EngineHistory? = nil,
        recordExchange: ExchangeRecording?, shadow: ((any Timetable) -> Shadow)? = nil,
        observe: ((NetworkSession) -> Void)?,
        save: @escaping () throws(KeeperStop) -> Void
    ) {
        self.untilHeight = untilHeight
        self.pauses = pauses
        self.history = history
        self.recordExchange = recordExchange
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
