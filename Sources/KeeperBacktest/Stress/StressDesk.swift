import KeeperModel
import KeeperRisk
import KeeperRuntime
import VenueSimulator
import WideMath

/// The desk of a stress run: closes go to a venue that is a value, after the latency of a dry run,
/// and whoever is first by the draw has closed before ours arrives.
final class StressDesk: CloseDesk {
    static let keeper = "dry"
    static let crowd = "crowd"

    var venue: ReferenceVenue
    private(set) var callCount: UInt64 = 0
    private let domain: DomainID
    private let latency: TimeSpan
    private let timetable: VirtualTimetable
    private let post: (FeedLetter) -> Void
    private let model: StressModel
    private var heardSequences: [MarketID: UInt64] = [:]
    private var heardFigures: UInt64 = 0
    private var lastWords: [EventBody] = []

    init(
        _ venue: ReferenceVenue, domain: DomainID, latency: TimeSpan, model: StressModel,
        timetable: VirtualTimetable, post: @escaping (FeedLetter) -> Void
    ) {
        self.venue = venue
        self.domain = domain
        self.latency = min(latency, .milliseconds(StressModel.roundSpan.milliseconds / 4))
        self.model = model
        self.timetable = timetable
        self.post = post
    }

    func submit(_ approved: Approved<CloseAttempt>) {
        let plan = approved.subject.intent.plan
        callCount += 1
        later { desk in
            if desk.isBeaten(to: plan.target) {
                _ = desk.venue.closeByCrowd(plan.target, named: Self.crowd, gainMinUnits: .zero)
            }
            let reply = desk.venue.close(
                plan, bodyHash: plan.clientID.text, keeper: Self.keeper)
            desk.send(.closeAnswered(plan.clientID, reply.asAnswer))
            desk.tellChanges()
        }
    }

    func ask(_ question: Question, by deadline: Instant) {
        later { desk in
            let reply = desk.venue.reply(to: question, from: Self.keeper)
            desk.send(.questionAnswered(question.clientID, reply))
        }
    }

    func lookUp(_ target: Target, _ clientID: ClientID) {
        later { desk in
            let stored = desk.venue.lookUp(clientID, keeper: Self.keeper)
            desk.send(.closeAnswered(clientID, stored?.answer.asAnswer ?? .notFound))
        }
    }

    func void(_ target: Target, _ clientID: ClientID) {
        later { desk in
            let stored = desk.venue.void(clientID, keeper: Self.keeper)
            desk.send(.closeAnswered(clientID, stored?.asAnswer ?? .notFound))
        }
    }

    /// The same draw for the same account whatever else happens.
    func isBeaten(to target: Target) -> Bool {
        guard model.againstCount > 0 else { return false }
        var generator = RaceDraws(seed: model.seed, target: target, episode: 0).generator(of: 0)
        return generator.number(in: 0...UInt64(model.againstCount)) > 0
    }

    // MARK: What the keeper hears

    func tellOpening() {
        send(.venueDescribed(venue.description))
        for market in venue.scenario.markets { tellAll(of: market) }
        tellChanges()
        tellPrices()
    }

    func tellPrices() {
        guard let prices = venue.channels.prices.newest?.payload else { return }
        send(.pricesPublished(prices))
    }

    /// Everything that is not a price, as it is now.
    func tellChanges() {
        let figures = venue.channels.figures
        if let newest = figures.newest, figures.sequence > heardFigures {
            heardFigures = figures.sequence
            send(.figuresPublished(newest.payload))
        }
        for market in venue.scenario.markets { tellAccounts(of: market) }
        if let depth = venue.channels.depth.newest?.payload { sendNews(.depthPublished(depth)) }
        if let pools = venue.channels.flashPools.newest?.payload {
            sendNews(.flashPoolsPublished(pools))
        }
        sendNews(.balancesReported(venue.balances(of: Self.keeper)))
    }

    /// Every word makes the keeper look at all who may be closed, so nothing is said twice.
    private func sendNews(_ body: EventBody) {
        let place = lastWords.firstIndex { $0.isOfSameKind(as: body) }
        if let place {
            guard lastWords[place] != body else { return }
            lastWords[place] = body
        } else {
            lastWords.append(body)
        }
        send(body)
    }

    private func tellAll(of market: MarketID) {
        heardSequences[market] = venue.channels.accounts[market]?.sequence ?? 0
        send(.accountsReplaced(market, venue.snapshot(of: market) ?? []))
    }

    private func tellAccounts(of market: MarketID) {
        guard let channel = venue.channels.accounts[market] else { return }
        switch channel.reading(after: heardSequences[market] ?? 0, countMax: .max) {
        case .gone: tellAll(of: market)
        case .entries(let entries):
            heardSequences[market] = channel.sequence
            for entry in entries {
                send(
                    .accountsChanged(
                        market, changed: entry.payload.changed, removed: entry.payload.removed))
            }
        }
    }

    private func later(_ action: @escaping (StressDesk) -> Void) {
        timetable.at(timetable.now + latency) { [self] in action(self) }
    }

    private func send(_ body: EventBody) {
        post(
            FeedLetter(
                domain: domain, receivedAt: timetable.now, height: venue.height, body: body))
    }
}

extension EventBody {
    fileprivate func isOfSameKind(as other: EventBody) -> Bool {
        switch (self, other) {
        case (.depthPublished, .depthPublished), (.balancesReported, .balancesReported),
            (.flashPoolsPublished, .flashPoolsPublished):
            true
        default: false
        }
    }
}

extension ReferenceVenue.CloseReply {
    fileprivate var asAnswer: CloseAnswer {
        switch self {
        case .answered(let stored, _): stored.asAnswer
        case .keyReused: .refused(Refusal(.keyReused, detail: "the key is another close's"))
        case .tooManyCalls: .refused(Refusal(.rateLimited, detail: "too many calls"))
        }
    }
}

extension StoredAnswer {
    fileprivate var asAnswer: CloseAnswer {
        switch self {
        case .settled(let receipt): .settled(receipt)
        case .refused(let refusal): .refused(refusal)
        case .tombstone: .voided
        case .pending: .accepted
        }
    }
}
