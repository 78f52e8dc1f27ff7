import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperRuntime
import KeeperStrategy
import Testing
import WideMath

@Suite struct KeeperTests {
    /// Found by seed 392: the wish to drain overtook recovery, found nothing open and left.
    @Test func `a wish to drain at start waits for what an earlier run left open`() throws {
        let parts = QuietParts(open: [recovered])
        let keeper = parts.keeper(settings: try settings())
        keeper.post(letter(.drainRequested))
        try keeper.recover(now: Instant(milliseconds: 5))
        try keeper.turnAll()
        #expect(!keeper.isDrained)
        #expect(parts.lookUps == [ClientID("k")])
        keeper.post(letter(.closeAnswered(ClientID("k"), .voided)))
        try keeper.turnAll()
        #expect(keeper.isDrained)
        #expect(parts.endings == ["voided"])
    }

    @Test func `for the engine time never goes back`() throws {
        let parts = QuietParts(open: [])
        let keeper = parts.keeper(settings: try settings())
        keeper.post(letter(.killSwitchSet(true), at: 90))
        try keeper.turnAll()
        keeper.post(letter(.killSwitchSet(false), at: 20))
        try keeper.turnAll()
        #expect(parts.events.map(\.receivedAt.nanoseconds) == [90_000_000, 90_000_000])
        #expect(parts.events.map(\.sequence) == [1, 2])
    }

    @Test func `answers that came together are planned on together, and a price at once`() throws {
        let parts = QuietParts(open: [])
        let keeper = parts.keeper(settings: try settings())
        keeper.post(letter(.depthPublished([])))
        keeper.post(letter(.accountsChanged(MarketID("m"), changed: [], removed: [])))
        keeper.post(letter(.closeAnswered(ClientID("k"), .voided)))
        keeper.post(letter(.closeAnswered(ClientID("l"), .voided)))
        keeper.post(letter(.pricesPublished([])))
        try keeper.turnAll()
        #expect(parts.events.map(\.moreFollows) == [true, true, false, true, false])
        keeper.post(letter(.closeAnswered(ClientID("k"), .voided)))
        keeper.post(letter(.intentDurable(ClientID("l"))))
        keeper.post(letter(.closeAnswered(ClientID("l"), .voided), in: "other"))
        try keeper.turnAll()
        #expect(parts.events.suffix(3).map(\.moreFollows) == [false, false, false])
    }

    @Test func `a feed without an end is planned on all the same`() throws {
        let parts = QuietParts(open: [])
        let keeper = parts.keeper(settings: try settings())
        for _ in 0..<1_000 { keeper.post(letter(.depthPublished([]))) }
        try keeper.turnAll()
        let places = parts.events.indices.filter { !parts.events[$0].moreFollows }
        #expect(places == [256, 513, 770, 999])
    }

    private func letter(
        _ body: EventBody, at milliseconds: Int64 = 1, in domain: String = "v"
    ) -> FeedLetter {
        FeedLetter(
            domain: DomainID(domain), receivedAt: Instant(milliseconds: milliseconds), height: 0,
            body: body)
    }

    private func settings() throws -> EngineSettings {
        let strategy = Strategy(
            name: StrategyName("s"), version: 1, summary: "", markets: [.margin],
            condition: try Condition("health < 1"), sizing: .full, funding: .inventory,
            exit: .hold, bid: nil, validHeights: 5, coolDown: .zero)
        return EngineSettings(
            limits: RiskLimits(
                notionalPerCloseMaxUnits: 1_000, notionalOpenMaxUnits: 1_000, openIntentsMax: 1,
                closesPerHourMax: 1, lossPerHourMaxUnits: 1, lossPerDayMaxUnits: 1,
                gasPerDayMaxUnits: 1_000_000_000_000_000,
                failuresPerHourMax: 100_000, unknownOpenMax: 1_000,
                profitPlausibleMaxPpm: 1),
            strategies: [strategy], guards: PriceGuards(ageMax: .seconds(1), jumpMaxPpm: 1),
            keyPrefix: "t")
    }

    private var recovered: RecoveredIntent {
        RecoveredIntent(
            intent: CloseIntent(
                plan: ClosePlan(
                    clientID: ClientID("k"),
                    target: Target(
                        domain: DomainID("v"), market: MarketID("m"), account: AccountID("a")),
                    accountVersion: 1,
                    action: .margin(MarginClose(lots: 1, limitPrice: 1, incentiveMin: 0)),
                    validUntilHeight: 9),
                by: StrategyRun(StrategyName("s"), version: 1),
                expectation: Expectation(
                    grossUnits: 1, costUnits: 0, inventoryNeeded: [], notionalUnits: 1),
                proposedAt: Instant(milliseconds: 0), decidedBy: 1),
            attempts: [AttemptTerms(number: 1, purpose: .close, lane: .venueAPI, bid: nil)])
    }
}

/// Parts that do nothing and remember what they were asked.
private final class QuietParts: CloseDesk, IntentJournal, DecisionSink, EventSink, Alarm {
    private let open: [RecoveredIntent]
    private(set) var lookUps: [ClientID] = []
    private(set) var endings: [String] = []
    private(set) var events: [Event] = []

    init(open: [RecoveredIntent]) {
        self.open = open
    }

    func keeper(settings: EngineSettings) -> Keeper {
        Keeper(
            engine: Engine(settings: settings),
            parts: KeeperParts(
                desk: self, journal: self, decisions: self, alarm: self, events: self,
                resyncing: nil))
    }

    func submit(_ approved: Approved<CloseAttempt>) {}
    func ask(_ question: Question, by deadline: Instant) {}
    func lookUp(_ target: Target, _ clientID: ClientID) { lookUps.append(clientID) }
    func void(_ target: Target, _ clientID: ClientID) {}
    func persist(
        _ approved: Approved<CloseIntent>, at now: Instant, whenDurable: @escaping WhenDurable
    ) { whenDurable(now) }
    func persist(
        _ attempt: CloseAttempt, bytes: [UInt8], at now: Instant,
        whenDurable: @escaping WhenDurable
    ) { whenDurable(now) }
    func endRound(at now: Instant) {}
    func book(_ receipt: CloseReceipt, of intent: CloseIntent, at now: Instant) {}
    func reverse(_ intent: CloseIntent, at now: Instant) {}
    func openIntents() -> [RecoveredIntent] { open }
    func pastDay(since: Instant) -> PastDay { PastDay(endings: []) }
    func strategyRecords() -> [StrategyRecord] { [] }
    func open(_ domain: DomainID, with balances: [AssetAmount], at now: Instant) {}
    func openReserve(_ domain: DomainID, with balances: [AssetAmount], at now: Instant) {}
    func append(_ decision: Decision) {}
    func append(_ event: Event) { events.append(event) }
    func set(_ timer: TimerName, at instant: Instant, domain: DomainID) {}

    func conclude(_ intent: CloseIntent, _ ending: IntentEnding, at now: Instant) {
        endings.append(ending.label)
    }
}
