package import KeeperEngine
package import KeeperModel
import VenueSimulator

/// Dry run on a recording, and backtest: feeds from the recording, outcomes from the simulator on
/// counterfactual accounts, the recording's own clock. Each venue has a counterfactual one of its
/// own; the clock is one for all of them.
package final class VirtualSession {
    package let keeper: Keeper
    /// In the order in which the venues were named.
    package let desks: [VirtualDesk]
    /// The recording's own time.
    package let timetable: VirtualTimetable
    private let board: VirtualDesks
    private var hasBegun = false

    /// How long, by the recording's clock, open intents are waited for after its last event.
    private static let settlingTime = TimeSpan.seconds(600)

    package init(engine: Engine, books: SessionBooks, venues: [VirtualVenue]) {
        precondition(!venues.isEmpty, "Somebody answers closes")
        let timetable = VirtualTimetable()
        let mailbox = LetterBox()
        let desks = venues.map {
            VirtualDesk($0, timetable: timetable, post: mailbox.post)
        }
        let board = VirtualDesks(desks)
        let keeper = Keeper(
            engine: engine,
            parts: KeeperParts(
                desk: board.board, journal: books.journal, decisions: books.decisions,
                alarm: TimetableAlarm(timetable, post: mailbox.post), events: books.events,
                resyncing: nil))
        mailbox.keeper = keeper
        self.timetable = timetable
        self.desks = desks
        self.board = board
        self.keeper = keeper
    }

    /// Nil for a domain that no venue was named of.
    package func desk(of domain: DomainID) -> VirtualDesk? { board.desk(of: domain) }

    package func run(_ source: inout EventSource) throws(KeeperStop) {
        while let event = try source.next() {
            try take(
                FeedLetter(
                    domain: event.domain, receivedAt: event.receivedAt, height: event.height,
                    body: event.body))
        }
        try finish()
    }

    /// One letter of the recording, and first whatever is due before it.
    package func take(_ letter: FeedLetter) throws(KeeperStop) {
        if !hasBegun {
            hasBegun = true
            timetable.advance(to: letter.receivedAt)
            try keeper.recover(now: letter.receivedAt)
        }
        guard letter.body.isFromFeed else { return }
        try runScheduled(until: letter.receivedAt)
        timetable.advance(to: max(timetable.now, letter.receivedAt))
        board.pass(letter)
        try keeper.turnAll()
    }

    /// After the last letter.
    package func finish() throws(KeeperStop) {
        if hasBegun { try drain() }
    }

    /// Nothing new is begun after the last event; what was begun is waited for.
    private func drain() throws(KeeperStop) {
        let end = timetable.now + Self.settlingTime
        let told = desks.count == 1 ? desks[0].domain : .everyVenue
        keeper.post(
            FeedLetter(
                domain: told, receivedAt: timetable.now, height: 0, body: .drainRequested))
        try keeper.turnAll()
        try runScheduled(until: end) { keeper.isDrained }
    }

    private func runScheduled(
        until end: Instant, unless isDone: () -> Bool = { false }
    ) throws(KeeperStop) {
        while !isDone(), timetable.runNext(until: end) {
            try keeper.turnAll()
        }
    }
}

/// Where a session keeps what it did.
package struct SessionBooks {
    package let journal: any IntentJournal
    package let decisions: any DecisionSink
    package let events: (any EventSink)?

    package init(
        journal: any IntentJournal, decisions: any DecisionSink, events: (any EventSink)?
    ) {
        self.journal = journal
        self.decisions = decisions
        self.events = events
    }
}

/// Parts post to the keeper, and the keeper is made of parts: this is the knot between them.
package final class LetterBox {
    package weak var keeper: Keeper?

    package init() {}

    package func post(_ letter: FeedLetter) {
        guard let keeper else { preconditionFailure("A letter is posted while its keeper lives") }
        keeper.post(letter)
    }
}
