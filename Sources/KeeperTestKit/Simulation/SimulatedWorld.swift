import KeeperEngine
import KeeperJournal
package import KeeperModel
import KeeperRisk
package import KeeperRuntime
package import KeeperStrategy
import VenueSimulator
import WideMath

/// A whole experiment in one deterministic loop: the real engine in the real runtime with real
/// books in SQLite, against one or several reference venues, over a network that loses, doubles and
/// delays, with crashes of the keeper at any time. The seed is all of it.
package final class SimulatedWorld {
    static let keeper = "keeper"
    static let ageMax = TimeSpan.seconds(6)
    static let jumpMaxPpm: UInt64 = 200_000

    package let timetable: VirtualTimetable
    package private(set) var domains: [SimulatedDomain] = []
    /// What any of the domains has, and what each has.
    package private(set) var troubles: [Trouble] = []
    package private(set) var troublesText = ""
    package internal(set) var coverage = Coverage()
    package private(set) var violations: [String] = []
    package private(set) var story: [String] = []
    package private(set) var lives = 0
    /// Closes that the referee worked out again.
    package internal(set) var resettledCount: UInt64 = 0
    package internal(set) var comparedStallCount: UInt64 = 0
    package private(set) var tallies: [KeeperTally] = []
    /// What the whole world has: crashes, and which domains there are.
    let faults: FaultPlan
    let seed: UInt64
    let options: SimulationOptions
    let strategies: [Strategy]
    let limits: RiskLimits
    let avoided: DrawnAvoidList
    let parting: PartingRule?
    /// Nil where the keeper keeps nothing aside.
    let treasury: DrawnTreasury?
    let journal: Journal
    let books: JournalStore
    var keeper: Keeper?
    var intentStates: [ClientID: String] = [:]
    var sentShapes: [ClientID: String] = [:]
    var sentOnce: Set<ClientID> = []
    /// Each decision while prices come, with its height: see `checkNobodyWasDelayed`.
    var said: [DomainID: [String]] = [:]
    var killSwitch: DrawnKillSwitch?
    /// How often the purse held too little for a close.
    var shortCount: UInt64 = 0
    /// The least that was in it: see `MonthPlan`.
    var lowest: [AssetID: UInt256] = [:]
    /// Nil where this seed is not replayed.
    private var lifeLog: LifeLog?
    private var generator: SeededGenerator
    /// The scenario has ended: whatever keeper lives is to finish what is open.
    private(set) var isOver = false
    private var isSettling = false
    private(set) var isStill = false
    private let start: Instant
    private let end: Instant

    package init(
        seed: UInt64, strategies: [Strategy], options: SimulationOptions = SimulationOptions()
    ) throws(KeeperStop) {
        var generator = SeededGenerator(seed: seed &* 0x2545_F491_4F6C_DD1D)
        let drawn =
            options.month == nil
            ? FaultPlan(drawnFrom: &generator).withTreasury(drawnBy: seed) : MonthPlan.faults
        let faults = drawn.without(options.without)
        self.faults = faults
        (self.seed, self.options) = (seed, options)
        self.strategies = faults[.trials] > 0 ? Self.askingEverySecond(strategies) : strategies
        self.generator = generator
        treasury =
            faults[.treasury] > 0
            ? DrawnTreasury(seed: seed, domains: DomainDraft.ids) : options.month?.treasury
        limits = Self.limits(drawn, faults, treasury)
        let start = Instant(milliseconds: 1_600_000_000_000)
        self.start = start
        end = start + (options.month == nil ? .seconds(Int64(options.heights)) : MonthPlan.span)
        timetable = VirtualTimetable(startingAt: start)
        var lots = SeededGenerator(seed: seed ^ 0x6F70_6572)
        avoided =
            faults[.avoidList] > 0
            ? DrawnAvoidList(from: start, to: end, using: &lots) : .none
        parting = faults[.partingPrices] > 0 ? PartingPrices.rule(using: &lots) : nil
        do {
            journal = try Journal(path: ":memory:")
            books = JournalStore(journal)
        } catch {
            throw KeeperStop(.journal, "opening the books in memory: \(error)")
        }
        domains = DomainDraft.drafts(seed: seed, faults, options).map {
            SimulatedDomain($0, openedAt: start, in: self)
        }
        troubles = Set(domains.flatMap(\.faults.present)).union(faults.present).sorted()
        troublesText = domains.map { "\($0.id) \($0.faults.description)" }
            .joined(separator: "; ")
        drawStall(from: start)
        drawKillSwitch(from: start)
        for trouble in [Trouble.trials, .canary, .treasury] where faults[trouble] > 0 {
            coverage.note(.troubles, trouble.rawValue)
        }
    }

    static let canary = CanaryRule(notionalMaxUnits: 2_000_000_000, wonCountMin: 3)

    /// Long enough for most calls and too short for some.
    private static func askingEverySecond(_ strategies: [Strategy]) -> [Strategy] {
        strategies.enumerated().map { number, strategy in
            number % 2 == 0 ? strategy : strategy.trying(within: .milliseconds(350))
        }
    }

    /// Drawn whether it happens or not, so that all else stays as it is.
    private func drawStall(from start: Instant) {
        var lots = SeededGenerator(seed: seed ^ 0x7374_616C_6C)
        guard domains.count > 1, faults[.stalledDomain] > 0, !options.isUnstalled else { return }
        let index = lots.number(in: 0...UInt64(domains.count - 1))
        let stall = DomainStall.drawn(from: start, to: end, using: &lots)
        domains[Int(index)].stall = stall
        coverage.note(.troubles, Trouble.stalledDomain.rawValue)
        coverage.note(.stalls, stall.kind.rawValue)
    }

    private func drawKillSwitch(from start: Instant) {
        guard faults[.killSwitch] > 0 else { return }
        var lots = SeededGenerator(seed: seed ^ 0x6B69_6C6C)
        killSwitch = DrawnKillSwitch(from: start, to: end, using: &lots)
    }

    /// Plays the scenario to its end, lets every open question settle, and looks at the books.
    package func run() throws(KeeperStop) {
        try startLife()
        for domain in domains { domain.scheduleHeight() }
        scheduleKillSwitch()
        try runUntil(end)
        isOver = true
        requestDrain()
        try turn()
        // Twenty minutes are hundreds of the longest back-off: what is open then stays open.
        try runUntil(end + patience) { self.keeper?.isDrained ?? false }
        // What is on its way arrives before the keeper's knowledge is judged: nobody dies of it.
        isSettling = true
        try runUntil(timetable.now + .seconds(15))
        // Then the world stands still, until the last news of it have come too.
        isStill = true
        try runUntil(timetable.now + .seconds(15))
        // One that was killed in these last seconds starts once more, and drains once more.
        try runUntil(timetable.now + patience) { self.keeper?.isDrained ?? false }
        checkAtEnd()
        if let keeper { tallies.append(keeper.tally) }
        checkReplay()
        noteEnd()
        try checkNobodyWasDelayed()
        endWorld()
    }

    /// Where heights are hours it takes days until all is final.
    private var patience: TimeSpan {
        options.month == nil
            ? .seconds(1_200)
            : .seconds(Int64(MonthPlan.closingHeights) * MonthPlan.heightSeconds)
    }

    /// Parts hold the world and the world holds its parts: what is left of both is let go of here.
    private func endWorld() {
        keeper = nil
        domains = []
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
            if !isSettling, !keeper.inbox.isEmpty, drawCrash() {
                try crash()
                return
            }
            guard try keeper.turn() else { return }
            checkAfterEvent(keeper)
        }
    }

    /// A moment is cut up: the keeper may die in each of ten parts of it.
    private func drawCrash() -> Bool {
        let happens = generator.chance(ppm: faults[.crashes] / 10)
        if happens { coverage.note(.troubles, Trouble.crashes.rawValue) }
        return happens
    }

    func domain(of target: Target) -> SimulatedDomain {
        guard let domain = domains.first(where: { $0.id == target.domain }) else {
            preconditionFailure("The keeper acts in \(target.domain), of which it never heard")
        }
        return domain
    }

    // MARK: Lives

    private func startLife() throws(KeeperStop) {
        lives += 1
        let life = lives
        for domain in domains {
            domain.feed.restart()
            domain.witness.restart()
        }
        intentStates = [:]
        lifeLog = options.isReplayed ? LifeLog() : nil
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
            inbox: Inbox(pageRowsMax: Int(generator.number(in: 1...9))))
        self.keeper = keeper
        tell("the keeper starts, life \(life)")
        try keeper.recover(now: timetable.now)
        tellKillSwitch()
        for domain in domains { domain.beginFollowing(life: life) }
        if isOver { requestDrain() }
    }

    /// Everything in memory is gone; what is on the way to the venue still arrives there.
    private func crash() throws(KeeperStop) {
        tell("the keeper is killed")
        checkReplay()
        if let keeper { tallies.append(keeper.tally) }
        keeper = nil
        let life = lives
        let rest = TimeSpan.milliseconds(Int64(generator.number(in: 10...8_000)))
        timetable.at(timetable.now + rest) { [self] in
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
            limits: limits, strategies: strategies,
            guards: PriceGuards(
                ageMax: Self.ageMax, jumpMaxPpm: Self.jumpMaxPpm, parting: parting),
            avoided: AvoidList(avoided.entries), keyPrefix: "life\(life)")
    }

    // MARK: Words

    /// What a person says is meant for all domains.
    func postFromPerson(_ body: EventBody) {
        keeper?.post(
            FeedLetter(
                domain: domains[0].id, receivedAt: timetable.now, height: 0, body: body))
    }

    private func requestDrain() { postFromPerson(.drainRequested) }

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
        if options.tellsStory { story.append("\(seconds(timetable.now))  \(line())") }
    }

    private func seconds(_ instant: Instant) -> String {
        let milliseconds = (instant - start).milliseconds
        return "\(milliseconds / 1_000).\(String(milliseconds % 1_000 + 1_000).dropFirst()) s"
    }
}

extension SimulatedWorld: DecisionSink {
    package func append(_ decision: Decision) throws(KeeperStop) {
        lifeLog?.decisions.append(decision)
        note(decision)
        noteShortage(decision)
        let domain = domain(of: decision.target)
        if !isOver {
            said[domain.id, default: []].append(
                "\(decision.verdict.label) at \(decision.height) about \(decision.target.account)")
        }
        domain.tell("\(decision.target.account): \(decision.verdict.label) \(decision.factsText)")
        switch decision.verdict {
        case .proposed(let clientID):
            domain.proposedCount += 1
            domain.checkPromises(of: clientID)
        case .skipped(.held): domain.letPersonDecide(about: decision.target)
        default: break
        }
    }
}

extension SimulatedWorld: Resyncing {
    package func resync(_ domain: DomainID, _ market: MarketID) {
        domains.first { $0.id == domain }?.answerResync(of: market, toLife: lives)
    }
}

extension Decision {
    fileprivate var factsText: String {
        facts.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }
}
