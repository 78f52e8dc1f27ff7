package import KeeperModel
package import KeeperRisk
package import VenueSimulator
package import WideMath

/// The desk of every mode that cannot send: closes are settled by the counterfactual venue, after
/// the latency that is assumed for a real one.
package final class VirtualDesk: CloseDesk {
    package private(set) var venue: CounterfactualVenue
    package let domain: DomainID
    private let latency: TimeSpan
    private let timetable: any Timetable
    private let post: (FeedLetter) -> Void
    /// Where a model says how long each attempt takes; otherwise all take the same time.
    package var delay: ((CloseAttempt) -> TimeSpan)?
    /// Hears of every attempt that was carried out, or turned away.
    package var onAnswer: ((CloseAttempt, CloseAnswer) -> Void)?
    /// What others closed in this block and nobody was told of yet.
    private var unheard: [ObservedClose] = []

    package init(
        _ venue: CounterfactualVenue, domain: DomainID, latency: TimeSpan,
        timetable: any Timetable, post: @escaping (FeedLetter) -> Void
    ) {
        self.venue = venue
        self.domain = domain
        self.latency = latency
        self.timetable = timetable
        self.post = post
    }

    /// Feeds pass through here on their way to the keeper, because a virtual close changes what the
    /// keeper would see.
    package func pass(_ letter: FeedLetter) {
        guard letter.domain == domain else { return post(letter) }
        let seen = venue.observe(letter.body, height: letter.height, at: letter.receivedAt)
        for body in seen { send(body, height: letter.height, at: letter.receivedAt) }
    }

    package func submit(_ approved: Approved<CloseAttempt>) {
        let attempt = approved.subject
        let plan = attempt.intent.plan
        later(delay?(attempt)) { desk in
            let (answer, changes) = desk.venue.close(plan)
            desk.onAnswer?(attempt, answer)
            let height = desk.venue.height
            desk.send(.closeAnswered(plan.clientID, answer), height: height)
            for change in changes { desk.send(change, height: height) }
        }
    }

    package func ask(_ question: Question, by deadline: Instant) {
        later { desk in
            desk.send(
                .questionAnswered(question.clientID, desk.venue.reply(to: question)),
                height: desk.venue.height)
        }
    }

    package func lookUp(_ target: Target, _ clientID: ClientID) {
        later { desk in
            desk.send(
                .closeAnswered(clientID, desk.venue.lookUp(clientID)), height: desk.venue.height)
        }
    }

    package func void(_ target: Target, _ clientID: ClientID) {
        later { desk in
            let answer = desk.venue.void(clientID)
            desk.send(.closeAnswered(clientID, answer), height: desk.venue.height)
        }
    }

    /// Somebody else closes the account now. False where rules, books or our own close before it
    /// leave nothing to close. What the keeper hears of it is what was real, where that is known,
    /// and it hears of all that one block held at once.
    @discardableResult
    package func closeByOther(
        _ target: Target, named other: String, gainMinUnits: Int256, real: ObservedClose? = nil
    ) -> Bool {
        let closed = venue.closeByOther(target, named: other, gainMinUnits: gainMinUnits)
        guard let observed = closed else { return false }
        if unheard.isEmpty {
            later(Self.blockSpread) { desk in desk.tellOfOthers() }
        }
        unheard.append(real ?? observed)
        return true
    }

    /// Calls of one block are that far apart at most.
    private static let blockSpread = TimeSpan(nanoseconds: 1_000)

    private func tellOfOthers() {
        let closes = unheard
        unheard = []
        let height = venue.height
        send(.closesObserved(closes), height: height)
        for market in Set(closes.map(\.target.market)).sorted() {
            let gone = closes.filter { $0.target.market == market }.map(\.target.account)
            send(.accountsChanged(market, changed: [], removed: gone.sorted()), height: height)
        }
        send(.depthPublished(venue.depth), height: height)
    }

    private func later(
        _ delay: TimeSpan? = nil, _ action: @escaping (VirtualDesk) -> Void
    ) {
        timetable.at(timetable.now + (delay ?? latency)) { [self] in action(self) }
    }

    private func send(_ body: EventBody, height: UInt64, at instant: Instant? = nil) {
        post(
            FeedLetter(
                domain: domain, receivedAt: instant ?? timetable.now, height: height, body: body))
    }
}
