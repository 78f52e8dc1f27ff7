package import KeeperEngine
package import KeeperModel
import KeeperRisk

/// The engine among its parts: takes letters one at a time, makes events of them, and performs the
/// effects in order. One thread, every turn to completion.
package final class Keeper {
    package private(set) var engine: Engine
    package private(set) var inbox: Inbox
    package private(set) var isDrained = false
    package private(set) var tally = KeeperTally()
    /// The recent past, where it is kept.
    package private(set) var history: EngineHistory?
    private var sequence: UInt64 = 0
    /// How many events of a domain in a row were followed by more of it.
    private var followedCounts: [DomainID: Int] = [:]
    private var adopted: SettingsTexts?
    private var lastReceivedAt = Instant(nanoseconds: .min)
    private let parts: KeeperParts

    package init(
        engine: Engine, parts: KeeperParts, inbox: Inbox = Inbox(), history: EngineHistory? = nil
    ) {
        self.engine = engine
        self.inbox = inbox
        self.parts = parts
        self.history = history
    }

    package func post(_ letter: FeedLetter) {
        inbox.post(letter)
    }

    /// Everything the journal says is open becomes an event like any other, and is handled before
    /// anything that waits: a wish to drain that came first would find nothing open and leave. A
    /// keeper that was paused is paused before it finds anything open.
    package func recover(
        now: Instant, pauses: StandingPauses = StandingPauses()
    ) throws(KeeperStop) {
        CrashPoint.reached(.recoveryBegun)
        if pauses.isEverywhere {
            try handle(
                FeedLetter(
                    domain: .everyVenue, receivedAt: now, height: 0,
                    body: .killSwitchSet(true)))
        }
        for domain in pauses.domains {
            try handle(
                FeedLetter(
                    domain: domain, receivedAt: now, height: 0, body: .venuePauseSet(true)))
        }
        let dayAgo = Instant(nanoseconds: now.nanoseconds - TimeSpan.seconds(86_400).nanoseconds)
        let pastDay = try parts.journal.pastDay(since: dayAgo)
        if !pastDay.endings.isEmpty {
            try handle(
                FeedLetter(
                    domain: .everyVenue, receivedAt: now, height: 0,
                    body: .pastDayRecalled(pastDay)))
        }
        let records = try parts.journal.strategyRecords()
        if !records.isEmpty {
            try handle(
                FeedLetter(
                    domain: .everyVenue, receivedAt: now, height: 0,
                    body: .strategiesRecalled(records)))
        }
        CrashPoint.reached(.pastRecalled)
        for recovered in try parts.journal.openIntents() {
            try handle(
                FeedLetter(
                    domain: recovered.intent.plan.target.domain, receivedAt: now, height: 0,
                    body: .intentRecovered(recovered)))
            CrashPoint.reached(.intentRecovered)
        }
        CrashPoint.reached(.recoveryDone)
    }

    /// Handles one letter. False where there was none.
    package func turn() throws(KeeperStop) -> Bool {
        guard let letter = inbox.next() else { return false }
        try handle(letter)
        return true
    }

    /// Handles letters until there are none.
    package func turnAll() throws(KeeperStop) {
        while try turn() {}
    }

    /// Gives the letter its place in the order.
    private func handle(_ letter: FeedLetter) throws(KeeperStop) {
        sequence += 1
        // Letters of higher priority overtake others, but for the engine time never goes back.
        lastReceivedAt = max(lastReceivedAt, letter.receivedAt)
        let moreFollows = isFollowed(letter)
        followedCounts[letter.domain] =
            moreFollows ? followedCounts[letter.domain, default: 0] + 1 : nil
        try handle(
            Event(
                sequence: sequence, domain: letter.domain, receivedAt: lastReceivedAt,
                height: letter.height, body: letter.body, moreFollows: moreFollows))
    }

    /// Whether plans may wait for the letter behind this one. Not for ever: a feed may be faster
    /// than the engine. Letters of other domains that come between the two wait for no plan of this
    /// one, and are few: the inbox gives each domain its turn.
    private func isFollowed(_ letter: FeedLetter) -> Bool {
        guard letter.body.plansCanWait,
            followedCounts[letter.domain, default: 0] < Self.followedMax,
            let next = inbox.first(of: letter.domain)
        else { return false }
        return next.body.mayChangePlans
    }

    private static let followedMax = 256

    /// Logged before it is handled: what the log lacks, the engine never saw.
    private func handle(_ event: Event) throws(KeeperStop) {
        try parts.events?.append(event)
        history?.note(event, before: engine)
        try engine.adoptSettings(of: event)
        if case .settingsAdopted(let texts) = event.body { adopted = texts }
        tally.eventCount += 1
        if event.body.isOutcome { tally.outcomeCount += 1 }
        if case .balancesReported(let balances) = event.body {
            CrashPoint.reached(.capitalKnown)
            try parts.journal.open(event.domain, with: balances, at: event.receivedAt)
            CrashPoint.reached(.capitalBooked)
        }
        if case .reserveReported(let balances) = event.body {
            try parts.journal.openReserve(event.domain, with: balances, at: event.receivedAt)
        }
        let effects = engine.handle(event)
        if let point = event.body.pointWhenHeard { CrashPoint.reached(point) }
        for effect in effects {
            try perform(effect, of: event)
        }
        for effect in engine.lookAfter(event) {
            try perform(effect, of: event)
        }
        try parts.events?.noteHandled(event, by: engine, adopted: adopted)
    }

    private func perform(_ effect: Effect, of event: Event) throws(KeeperStop) {
        switch effect {
        case .persist(let approved):
            CrashPoint.reached(.intentApproved)
            try persist(approved, event)
        case .submit(let approved):
            tally.submitCount += 1
            CrashPoint.reached(.sendDecided)
            parts.desk.submit(approved)
        case .ask(let question, let deadline):
            parts.desk.ask(question, by: deadline)
        case .lookUp(let target, let clientID):
            parts.desk.lookUp(target, clientID)
        case .void(let target, let clientID):
            parts.desk.void(target, clientID)
        case .book(let intent, let receipt):
            try parts.journal.book(receipt, of: intent, at: event.receivedAt)
        case .reverse(let intent):
            try parts.journal.reverse(intent, at: event.receivedAt)
        case .conclude(let intent, let ending):
            CrashPoint.reached(.endingKnown)
            try parts.journal.conclude(intent, ending, at: event.receivedAt)
            CrashPoint.reached(.endingBooked)
            let target = intent.plan.target
            if !target.isTreasury { tally.note(ending, in: target.domain) }
        case .arm(let timer, let instant):
            parts.alarm.set(timer, at: instant, domain: event.domain)
        case .record(let decision):
            tally.decisionCount += 1
            try parts.decisions.append(decision)
            CrashPoint.reached(.decisionRecorded)
        case .resync(let domain, let market):
            parts.resyncing?.resync(domain, market)
        case .drained:
            CrashPoint.reached(.drained)
            isDrained = true
        }
    }
}

extension EventBody {
    /// The engine has made up its mind about it, and nothing that it wants is done.
    fileprivate var pointWhenHeard: CrashPoint? {
        switch self {
        case .closeAnswered: .answerHeard
        case .timerFired(.resolve): .questionDue
        case .drainRequested: .drainAsked
        default: nil
        }
    }
}

extension Keeper {
    /// That it is durable is a letter like any other, whenever it comes.
    private func persist(
        _ approved: Approved<CloseIntent>, _ event: Event
    ) throws(KeeperStop) {
        let domain = event.domain
        let clientID = approved.subject.plan.clientID
        try parts.journal.persist(approved, at: event.receivedAt) { [weak self] now in
            CrashPoint.reached(.intentDurable)
            self?.post(
                FeedLetter(
                    domain: domain, receivedAt: now, height: 0, body: .intentDurable(clientID)))
        }
    }
}

/// What a keeper is made of besides its engine.
package struct KeeperParts {
    package let desk: any CloseDesk
    package let journal: any IntentJournal
    package let decisions: any DecisionSink
    package let alarm: any Alarm
    package let events: (any EventSink)?
    package let resyncing: (any Resyncing)?

    package init(
        desk: any CloseDesk, journal: any IntentJournal, decisions: any DecisionSink,
        alarm: any Alarm, events: (any EventSink)?, resyncing: (any Resyncing)?
    ) {
        self.desk = desk
        self.journal = journal
        self.decisions = decisions
        self.alarm = alarm
        self.events = events
        self.resyncing = resyncing
    }
}

/// Counters for status and reports.
package struct KeeperTally: Hashable, Sendable {
    package var eventCount: UInt64 = 0
    /// Of those, answers to what the keeper did, and timers.
    package var outcomeCount: UInt64 = 0
    package var decisionCount: UInt64 = 0
    package var submitCount: UInt64 = 0
    package var wonCount: UInt64 = 0
    package var notWonCount: UInt64 = 0
    private var wonCounts: [DomainID: UInt64] = [:]
    private var notWonCounts: [DomainID: UInt64] = [:]

    package init() {}

    package func wonCount(in domain: DomainID) -> UInt64 { wonCounts[domain] ?? 0 }
    package func notWonCount(in domain: DomainID) -> UInt64 { notWonCounts[domain] ?? 0 }

    mutating func note(_ ending: IntentEnding, in domain: DomainID) {
        if case .won = ending {
            wonCount += 1
            wonCounts[domain, default: 0] += 1
        } else {
            notWonCount += 1
            notWonCounts[domain, default: 0] += 1
        }
    }
}
