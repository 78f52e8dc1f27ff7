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
    /// What this block holds and nobody was told of yet.
    private var news = BlockNews()

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
            desk.tellSoon { news in
                news.note(.closeAnswered(plan.clientID, answer))
                for change in changes { news.note(change) }
            }
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
    /// leave nothing to close. What the keeper hears of it is what was real, where that is known.
    @discardableResult
    package func closeByOther(
        _ target: Target, named other: String, gainMinUnits: Int256, real: ObservedClose? = nil
    ) -> Bool {
        let closed = venue.closeByOther(target, named: other, gainMinUnits: gainMinUnits)
        guard let observed = closed else { return false }
        tellSoon { $0.note(real ?? observed) }
        return true
    }

    /// Calls of one block are that far apart at most.
    private static let blockSpread = TimeSpan(nanoseconds: 1_000)

    private func tellSoon(_ add: (inout BlockNews) -> Void) {
        if news.isEmpty { later(Self.blockSpread) { desk in desk.tell() } }
        add(&news)
    }

    private func tell() {
        let height = venue.height
        for body in news.told(leaving: venue.depth) { send(body, height: height) }
        news = BlockNews()
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
