package import KeeperModel
import KeeperRuntime
package import VenueSimulator
import WideMath

/// One venue or chain of a simulated world: its own heights, pace, faults, people and markets. What
/// the domains share is the keeper, its books and its limits.
package final class SimulatedDomain {
    package let id: DomainID
    package let faults: FaultPlan
    package internal(set) var venue: ReferenceVenue
    /// Nil where the venue has a door of its own.
    package internal(set) var chain: SimulatedChain?
    let world: SimulatedWorld
    var feed: SimulatedFeed
    let people: SimulatedPeople
    let witness = PriceWitness()
    var conditions = VenueConditions()
    /// Nil where this domain never stands still for long.
    var stall: DomainStall?
    /// How often each target was spoken about: see `CallFate`.
    var callCounts: [Target: UInt64] = [:]
    /// How many intents there ever were here.
    var proposedCount = 0
    /// What a person let go on though prices part.
    var approved: Set<Target> = []
    let chanceSeed: UInt64
    private var generator: SeededGenerator
    private let closingHeights: UInt64
    /// Rises with every reorganisation: what was on its way from before tells of what never was.
    private var branch = 0
    private let totals: [AssetAmount]

    /// After the last price a chain goes on for as long as the keeper is waited for: where replies
    /// are lost again and again, what takes a nonce back is included late.
    private static func closingHeights(spanning span: TimeSpan) -> UInt64 {
        1_200_000 / UInt64(span.milliseconds)
    }

    init(_ draft: DomainDraft, openedAt: Instant, in world: SimulatedWorld) {
        id = draft.id
        faults = draft.faults
        self.world = world
        chanceSeed = draft.seed &* 0x9E6C_63D0_876A_68DF
        generator = SeededGenerator(seed: chanceSeed)
        let month = world.options.month
        let chain = month?.chain(seed: draft.seed) ?? simulatedChain(seed: draft.seed)
        self.chain = chain
        closingHeights =
            month == nil
            ? chain == nil ? 0 : Self.closingHeights(spanning: draft.heightSpan)
            : MonthPlan.closingHeights
        var venue = ReferenceVenue(
            scenario: month?.scenario(seed: draft.seed)
                ?? simulatedScenario(
                    seed: draft.seed, gasAsset: chain?.terms.gasAsset,
                    heightSpan: draft.heightSpan, heightCount: draft.heights + closingHeights,
                    hasThinBooks: draft.faults[.thinBooks] > 0,
                    reserve: world.treasury?.reserve ?? []),
            openedAt: openedAt)
        venue.chain = chain?.terms
        venue.keepsEvidence = true
        venue.triesCloses = world.faults[.trials] > 0
        venue.admit(keeper: SimulatedWorld.keeper)
        people = SimulatedPeople(draft.faults, seed: draft.seed, at: &venue)
        self.venue = venue
        feed = SimulatedFeed(venue)
        totals = Self.totals(of: venue)
    }

    var now: Instant { world.timetable.now }

    // MARK: Chance

    /// Whether a trouble happens now.
    func draw(_ trouble: Trouble) -> Bool { draw(trouble, using: &generator) }

    func draw(_ trouble: Trouble, using generator: inout SeededGenerator) -> Bool {
        let happens = generator.chance(ppm: faults[trouble])
        if happens { world.coverage.note(.troubles, trouble.rawValue) }
        return happens
    }

    func has(_ trouble: Trouble) -> Bool { faults[trouble] > 0 }

    func draw(in range: ClosedRange<UInt64>) -> UInt64 { generator.number(in: range) }

    func way(usually range: ClosedRange<UInt64>) -> TimeSpan {
        way(usually: range, using: &generator)
    }

    // MARK: Heights

    func scheduleHeight() {
        world.timetable.at(venue.nextHeightAt) { [self] in
            guard !world.isStill else { return }
            advance()
            troubleChain()
            troubleVenue()
            letPeopleAct()
            notePurse()
            sendNews()
            if !venue.isOver { scheduleHeight() }
        }
    }

    /// No new trouble while a chain only goes on so that everything can become final.
    var isClosing: Bool { venue.height + closingHeights >= venue.scenario.heightCount }

    /// Lets every height come that is due.
    private func advance() {
        if chain != nil {
            chain?.advance(&venue, to: now)
        } else {
            venue.advance(to: now)
        }
        checkSettledCloses()
    }

    func atVenue(_ request: (inout ReferenceVenue) -> CloseAnswer) -> CloseAnswer {
        advance()
        let answer = request(&venue)
        checkSettledCloses()
        tell("the venue answers \(answer.short)")
        if let refusal = answer.refusal {
            world.coverage.note(.refusals, refusal.refusalClass.rawValue)
        }
        // Whatever an intent needs is reserved for it, and nobody else spends what is ours.
        if case .refused(let refusal) = answer, refusal.refusalClass == .insufficientFunds {
            violate("more was promised than there is: \(refusal.detail)")
        }
        return answer
    }

    func reply(to question: Question) -> QuestionReply {
        advance()
        let reply = venue.reply(to: question, from: SimulatedWorld.keeper)
        tell("the venue says of \(question.clientID): \(reply.short)")
        world.coverage.note(.questions, reply.short)
        return reply
    }

    /// What a chain does to those who rely on it: it forgets calls, and takes heights back.
    private func troubleChain() {
        guard var chain else { return }
        if chain.poolCount > 0, draw(.evictions) {
            tell("the pool forgets a call")
            chain.evict(at: Int(draw(in: 0...UInt64(chain.poolCount - 1))))
        }
        if draw(.reorganisations) {
            let depth = Int(draw(in: 1...chain.terms.finalityHeights - 1))
            let newest = venue.height
            chain.reorganise(&venue, depth: depth, delay: draw(in: 0...2))
            let standing = venue.height
            chain.advance(&venue, to: now)
            checkSettledCloses()
            self.chain = chain
            guard standing < newest else { return }
            tellReorganisation(from: standing, to: newest)
        }
        self.chain = chain
    }

    private func tellReorganisation(from standing: UInt64, to newest: UInt64) {
        tell("heights \(standing + 1) to \(newest) are taken back")
        branch += 1
        witness.goBack()
        deliver(.reorganised, toLife: world.lives, height: standing)
        for body in wholeNews() { deliver(body, toLife: world.lives) }
    }

    // MARK: News

    private func sendNews() {
        for (arrival, bodies) in feed.deliveries(of: venue, in: self) {
            let (life, branch) = (world.lives, branch)
            let height = venue.height
            let sent = feed
            world.timetable.at(arrival) { [self] in
                // What was on its way to a life that is over says nothing to the feed of the next.
                guard branch == self.branch, life == world.lives else { return }
                for body in bodies where feed.isCurrent(body, sentIn: sent) {
                    deliver(takenOnArrival(body), toLife: life, height: height)
                }
            }
        }
    }

    /// A keeper that starts is told everything, as soon as anything is said here.
    func beginFollowing(life: Int) {
        guard life == world.lives else { return }
        guard isMute else { return wholeNews().forEach { post($0) } }
        world.timetable.at(now + .milliseconds(500)) { [self] in beginFollowing(life: life) }
    }

    /// All there is to know, for a keeper that knows nothing.
    private func wholeNews() -> [EventBody] {
        feed.snapshot(of: venue)
            + (chain.map { [.chainReported($0.news(for: SimulatedWorld.keeper))] } ?? [])
    }

    /// A whole set is taken as it is when it arrives, or a newer one could be overtaken by it.
    private func takenOnArrival(_ body: EventBody) -> EventBody {
        guard case .accountsReplaced(let market, _) = body else { return body }
        feed.noteSnapshot(of: market, venue)
        return .accountsReplaced(market, venue.snapshot(of: market) ?? [])
    }

    /// Asked again and again for as long as nobody answers.
    func answerResync(of market: MarketID, toLife life: Int) {
        world.timetable.at(now + .milliseconds(150)) { [self] in
            guard life == world.lives, let states = venue.snapshot(of: market) else { return }
            if isMute { return answerResync(of: market, toLife: life) }
            feed.noteSnapshot(of: market, venue)
            deliver(.accountsReplaced(market, states), toLife: life)
        }
    }

    func deliver(_ body: EventBody, toLife life: Int, height: UInt64? = nil) {
        guard life == world.lives else { return }
        post(body, height: height)
    }

    func post(_ body: EventBody, height: UInt64? = nil) {
        if case .pricesPublished(let updates) = body { witness.take(updates, at: now) }
        world.keeper?.post(
            FeedLetter(
                domain: id, receivedAt: now, height: height ?? venue.height, body: body))
    }

    // MARK: Words

    func violate(_ text: String) { world.violate(named(text)) }

    func tell(_ line: @autoclosure () -> String) { world.tell(self.named(line())) }

    private func named(_ text: String) -> String {
        world.domains.count > 1 ? "[\(id)] \(text)" : text
    }

    // MARK: Conservation

    private static func totals(of venue: ReferenceVenue) -> [AssetAmount] {
        (venue.scenario.assets.map(\.description.asset) + [venue.scenario.quote.asset]).map {
            AssetAmount(asset: $0, amount: venue.world.custody.total(of: $0))
        }
    }

    var isEveryAssetWhereItWas: Bool { Self.totals(of: venue) == totals }
}

extension QuestionReply {
    fileprivate var short: String {
        switch self {
        case .wouldSettle: "would settle"
        case .wouldNot(let refusal): "would not, \(refusal.refusalClass.rawValue)"
        case .unanswered: "unanswered"
        }
    }
}

extension CloseAnswer {
    /// At once, or by a chain that carried it out.
    fileprivate var refusal: Refusal? {
        switch self {
        case .refused(let refusal): refusal
        case .included(let inclusion, _):
            if case .reverted(let refusal) = inclusion.result { refusal } else { nil }
        default: nil
        }
    }

    fileprivate var short: String {
        switch self {
        case .settled(let receipt): "settled \(receipt.clientID) as \(receipt.fillID)"
        case .refused(let refusal): "refused, \(refusal.refusalClass.rawValue): \(refusal.detail)"
        case .unknown(let evidence): "unknown: \(evidence)"
        case .notFound: "no such close"
        case .voided: "voided"
        case .accepted: "in the pool"
        case .included(let inclusion, let isFinal):
            "included at \(inclusion.receipt.height)\(isFinal ? ", final" : "")"
        }
    }
}
