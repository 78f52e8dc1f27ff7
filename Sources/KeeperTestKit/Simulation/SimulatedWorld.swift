import KeeperEngine
import KeeperJournal
package import KeeperModel
import KeeperRisk
package import KeeperRuntime
package import KeeperStrategy
package import VenueSimulator
import WideMath

/// A whole experiment in one deterministic loop: the real engine in the real runtime with real
/// books in SQLite, against the reference venue, over a network that loses, doubles and delays,
/// with crashes of the keeper at any time. The seed is all of it.
package final class SimulatedWorld {
    static let keeper = "keeper"
    static let domain = DomainID("sim")
    static let ageMax = TimeSpan.seconds(6)
    static let jumpMaxPpm: UInt64 = 200_000
    static let openIntentsMax = 12
    /// After the last price a chain goes on for as long as the keeper is waited for: where replies
    /// are lost again and again, what takes a nonce back is included late.
    private static let closingHeightsOnChain: UInt64 = 1_200

    package let timetable: VirtualTimetable
    package internal(set) var venue: ReferenceVenue
    /// Nil where the venue has a door of its own.
    package internal(set) var chain: SimulatedChain?
    package let faults: FaultPlan
    package internal(set) var coverage = Coverage()
    package private(set) var violations: [String] = []
    package private(set) var story: [String] = []
    package private(set) var lives = 0
    /// Closes that the referee worked out again.
    package internal(set) var resettledCount: UInt64 = 0
    package private(set) var tallies: [KeeperTally] = []
    var keeper: Keeper?
    var feed: SimulatedFeed
    let journal: Journal
    let books: JournalStore
    let people: SimulatedPeople
    let witness = PriceWitness()
    var conditions = VenueConditions()
    var intentStates: [ClientID: String] = [:]
    var sentShapes: [ClientID: String] = [:]
    /// Nil where this seed is not replayed.
    private var lifeLog: LifeLog?
    private let isReplayed: Bool
    private let closingHeights: UInt64
    /// Rises with every reorganisation: what was on its way from before tells of what never was.
    private var branch = 0
    var sentOnce: Set<ClientID> = []
    private var generator: SeededGenerator
    private let strategies: [Strategy]
    private let tellsStory: Bool
    /// The scenario has ended: whatever keeper lives is to finish what is open.
    private var isOver = false
    private var isSettling = false
    private(set) var isStill = false
    private let totals: [AssetAmount]

    package init(
        seed: UInt64, strategies: [Strategy], options: SimulationOptions = SimulationOptions()
    ) throws(KeeperStop) {
        var generator = SeededGenerator(seed: seed &* 0x2545_F491_4F6C_DD1D)
        let drawn = FaultPlan(drawnFrom: &generator)
        let faults = drawn.without(options.without)
        self.faults = faults
        self.generator = generator
        self.strategies = strategies
        tellsStory = options.tellsStory
        isReplayed = options.isReplayed
        let start = Instant(milliseconds: 1_600_000_000_000)
        timetable = VirtualTimetable(startingAt: start)
        let chain = simulatedChain(seed: seed)
        self.chain = chain
        closingHeights = chain == nil ? 0 : Self.closingHeightsOnChain
        var venue = ReferenceVenue(
            scenario: simulatedScenario(
                seed: seed, gasAsset: chain?.terms.gasAsset,
                heightCount: options.heights + closingHeights),
            openedAt: start)
        venue.chain = chain?.terms
        venue.keepsEvidence = true
        venue.admit(keeper: Self.keeper)
        people = SimulatedPeople(faults, seed: seed, at: &venue)
        self.venue = venue
        feed = SimulatedFeed(venue)
        totals = Self.totals(of: venue)
        do {
            journal = try Journal(path: ":memory:")
            books = JournalStore(journal)
        } catch {
            throw KeeperStop(.journal, "opening the books in memory: \(error)")
        }
    }

    /// Plays the scenario to its end, lets every open question settle, and looks at the books.
    package func run() throws(KeeperStop) {
        try startLife()
        scheduleHeight()
        let end =
            venue.openedAt
            + TimeSpan(
                nanoseconds: venue.scenario.heightSpan.nanoseconds
                    * Int64(venue.scenario.heightCount - closingHeights))
        try runUntil(end)
        isOver = true
        post(.drainRequested)
        try turn()
        // Twenty minutes are hundreds of the longest back-off: what is open then stays open.
        try runUntil(end + .seconds(1_200)) { self.keeper?.isDrained ?? false }
        // What is on its way arrives before the keeper's knowledge is judged: nobody dies of it.
        isSettling = true
        try runUntil(timetable.now + .seconds(15))
        // Then the world stands still, until the last news of it have come too.
        isStill = true
        try runUntil(timetable.now + .seconds(15))
        // One that was killed in these last seconds starts once more, and drains once more.
        try runUntil(timetable.now + .seconds(1_200)) { self.keeper?.isDrained ?? false }
        checkAtEnd()
        if let keeper { tallies.append(keeper.tally) }
        checkReplay()
        noteEnd()
        endWorld()
    }

    /// Parts hold the world and the world holds its parts: what is left of both is let go of here.
    private func endWorld() {
        keeper = nil
        timetable.forgetAll()
    }

    private func runUntil(
        _ end: Instant, unless isDone: () -> Bool = { false }
    ) throws(KeeperStop) {
        while !isDone(), violations.isEmpty, timetable.runNext(until: end) {
            try turn()
        }
    }

    /// Handles what arrived; between any two letters the keeper may die.
    private func turn() throws(KeeperStop) {
        while let keeper {
            if !isSettling, !keeper.inbox.isEmpty, draw(.crashes, in: 10) {
                try crash()
                return
            }
            guard try keeper.turn() else { return }
            checkAfterEvent(keeper)
        }
    }

    // MARK: Chance

    /// Whether a trouble happens now; where a moment is cut up, in one of so many parts of it.
    func draw(_ trouble: Trouble, in parts: UInt64 = 1) -> Bool {
        let happens = generator.chance(ppm: faults[trouble] / parts)
        if happens { coverage.note(.troubles, trouble.rawValue) }
        return happens
    }

    func has(_ trouble: Trouble) -> Bool { faults[trouble] > 0 }

    func draw(in range: ClosedRange<UInt64>) -> UInt64 { generator.number(in: range) }

    // MARK: Lives

    private func startLife() throws(KeeperStop) {
        lives += 1
        let life = lives
        feed.restart()
        witness.restart()
        intentStates = [:]
        lifeLog = isReplayed ? LifeLog() : nil
        let alarm = TimetableAlarm(timetable) { [self] letter in
            if life == self.lives { self.keeper?.post(letter) }
        }
        let keeper = Keeper(
            engine: Engine(settings: settings(life: life)),
            parts: KeeperParts(
                desk: SimulatedNetwork(self, life: life),
                journal: books, decisions: self, alarm: alarm,
                events: lifeLog, resyncing: self),
            // So small that whole sets come in pages here too.
            inbox: Inbox(pageRowsMax: Int(draw(in: 1...9))))
        self.keeper = keeper
        tell("the keeper starts, life \(life)")
        try keeper.recover(now: timetable.now)
        for body in feed.snapshot(of: venue) + chainNews { post(body) }
        if isOver { post(.drainRequested) }
    }

    /// Everything in memory is gone; what is on the way to the venue still arrives there.
    private func crash() throws(KeeperStop) {
        tell("the keeper is killed")
        checkReplay()
        if let keeper { tallies.append(keeper.tally) }
        keeper = nil
        let life = lives
        timetable.at(timetable.now + .milliseconds(Int64(draw(in: 10...8_000)))) {
            [self] in
            guard life == lives, keeper == nil else { return }
            attempt { () throws(KeeperStop) in try self.startLife() }
        }
    }

    /// A life again, from its events alone: the decisions have to be the same, byte for byte.
    private func checkReplay() {
        guard let log = lifeLog, violations.isEmpty else { return }
        lifeLog = nil
        if let difference = log.difference(
            fromReplayBy: Engine(settings: settings(life: lives)))
        {
            violate("life \(lives) replays differently: \(difference)")
        }
    }

    private func settings(life: Int) -> EngineSettings {
        EngineSettings(
            limits: RiskLimits(
                notionalPerCloseMaxUnits: 200_000_000_000, notionalOpenMaxUnits: 400_000_000_000,
                openIntentsMax: Self.openIntentsMax, closesPerHourMax: 100_000,
                lossPerHourMaxUnits: 1_000_000_000, lossPerDayMaxUnits: 5_000_000_000,
                gasPerDayMaxUnits: 20_000_000_000,
                failuresPerHourMax: 100_000, unknownOpenMax: 1_000,
                profitPlausibleMaxPpm: 300_000),
            strategies: strategies,
            guards: PriceGuards(ageMax: Self.ageMax, jumpMaxPpm: Self.jumpMaxPpm),
            keyPrefix: "life\(life)")
    }

    // MARK: The venue's side

    private func scheduleHeight() {
        timetable.at(venue.nextHeightAt) { [self] in
            guard !isStill else { return }
            advance()
            troubleChain()
            troubleVenue()
            letPeopleAct()
            sendNews()
            if !venue.isOver { scheduleHeight() }
        }
    }

    private func sendNews() {
        for (arrival, bodies) in feed.deliveries(of: venue, in: self) {
            let (life, branch) = (lives, branch)
            let height = venue.height
            let sent = feed
            timetable.at(arrival) { [self] in
                // What was on its way to a life that is over says nothing to the feed of the next.
                guard branch == self.branch, life == lives else { return }
                for body in bodies where feed.isCurrent(body, sentIn: sent) {
                    deliver(takenOnArrival(body), toLife: life, height: height)
                }
            }
        }
    }

    /// A whole set is taken as it is when it arrives, or a newer one could be overtaken by it.
    private func takenOnArrival(_ body: EventBody) -> EventBody {
        guard case .accountsReplaced(let market, _) = body else { return body }
        feed.noteSnapshot(of: market, venue)
        return .accountsReplaced(market, venue.snapshot(of: market) ?? [])
    }

    /// No new trouble while a chain only goes on so that everything can become final.
    var isClosing: Bool { venue.height + closingHeights >= venue.scenario.heightCount }

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
            chain.advance(&venue, to: timetable.now)
            checkSettledCloses()
            self.chain = chain
            guard standing < newest else { return }
            tell("heights \(standing + 1) to \(newest) are taken back")
            branch += 1
            witness.goBack()
            deliver(.reorganised, toLife: lives, height: standing)
            for body in feed.snapshot(of: venue) + chainNews { deliver(body, toLife: lives) }
        }
        self.chain = chain
    }

    private var chainNews: [EventBody] {
        chain.map { [.chainReported($0.news(for: Self.keeper))] } ?? []
    }

    /// Lets every height come that is due.
    private func advance() {
        if chain != nil {
            chain?.advance(&venue, to: timetable.now)
        } else {
            venue.advance(to: timetable.now)
        }
        checkSettledCloses()
    }

    func atVenue(_ request: (inout ReferenceVenue) -> CloseAnswer) -> CloseAnswer {
        advance()
        let answer = request(&venue)
        checkSettledCloses()
        tell("the venue answers \(answer.short)")
        if let refusal = answer.refusal {
            coverage.note(.refusals, refusal.refusalClass.rawValue)
        }
        // Whatever an intent needs is reserved for it, and nobody else spends what is ours.
        if case .refused(let refusal) = answer, refusal.refusalClass == .insufficientFunds {
            violate("more was promised than there is: \(refusal.detail)")
        }
        return answer
    }

    func deliver(_ body: EventBody, toLife life: Int, height: UInt64? = nil) {
        guard life == lives else { return }
        post(body, height: height)
    }

    private func post(_ body: EventBody, height: UInt64? = nil) {
        if case .pricesPublished(let updates) = body { witness.take(updates) }
        keeper?.post(
            FeedLetter(
                domain: Self.domain, receivedAt: timetable.now, height: height ?? venue.height,
                body: body))
    }

    func violate(_ text: String) {
        violations.append("at \(seconds(timetable.now)): \(text)")
    }

    func attempt(_ work: () throws(KeeperStop) -> Void) {
        do {
            try work()
        } catch {
            violate("the keeper stopped: \(error)")
        }
    }

    func tell(_ line: @autoclosure () -> String) {
        if tellsStory { story.append("\(seconds(timetable.now))  \(line())") }
    }

    private func seconds(_ instant: Instant) -> String {
        let milliseconds = (instant - venue.openedAt).milliseconds
        return "\(milliseconds / 1_000).\(String(milliseconds % 1_000 + 1_000).dropFirst()) s"
    }

    static func totals(of venue: ReferenceVenue) -> [AssetAmount] {
        (venue.scenario.assets.map(\.description.asset) + [venue.scenario.quote.asset]).map {
            AssetAmount(asset: $0, amount: venue.world.custody.total(of: $0))
        }
    }

    var isEveryAssetWhereItWas: Bool { Self.totals(of: venue) == totals }
}

extension SimulatedWorld: DecisionSink {
    package func append(_ decision: Decision) throws(KeeperStop) {
        lifeLog?.decisions.append(decision)
        note(decision)
        tell("\(decision.target.account): \(decision.verdict.label) \(decision.factsText)")
        if case .proposed(let clientID) = decision.verdict { checkPromises(of: clientID) }
    }
}

extension SimulatedWorld: Resyncing {
    package func resync(_ domain: DomainID, _ market: MarketID) {
        let life = lives
        timetable.at(timetable.now + .milliseconds(150)) { [self] in
            guard let states = venue.snapshot(of: market) else { return }
            feed.noteSnapshot(of: market, venue)
            deliver(.accountsReplaced(market, states), toLife: life)
        }
    }
}

extension Decision {
    fileprivate var factsText: String {
        facts.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
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
