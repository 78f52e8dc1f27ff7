import KeeperCodec
import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import WideMath

/// An engine with one venue and one borrower who owes 1,700 USD against one ether, told what to
/// hear.
struct EngineScript {
    static let venue = DomainID("v")
    static let market = MarketID("m")
    static let target = Target(domain: venue, market: market, account: AccountID("b"))

    private(set) var engine: Engine
    private let settings: EngineSettings
    private let chain: ChainTerms?
    private let triesCloses: Bool
    private let movesReserve: Bool
    private(set) var effects: [Effect] = []
    private let etherDecimals: UInt8
    private var sequence: UInt64 = 0
    private(set) var now = Instant(milliseconds: 1_000_000)

    /// Without a wallet the venue has yet to say what the keeper owns.
    init(
        publishes: Bool = true, ether: UInt64 = 1_950_000_000, wallet: UInt64? = 5_000_000_000,
        chain: ChainTerms? = nil, bid: BidRule? = nil, avoided: AvoidList = AvoidList(),
        parting: PartingRule? = nil, trialWithin: TimeSpan? = nil, triesCloses: Bool = true,
        limits: RiskLimits = Self.limits(), etherDecimals: UInt8 = 18,
        lines: [AccountLine] = [], marketPriceNeeded: Set<AssetID> = [],
        marketPriceNeededIn: [DomainID: Set<AssetID>] = [:],
        accounts: [AccountState]? = nil, movesReserve: Bool = false
    ) {
        self.movesReserve = movesReserve
        self.etherDecimals = etherDecimals
        self.chain = chain
        self.triesCloses = triesCloses
        settings = EngineSettings(
            limits: limits,
            strategies: [Self.strategy(bid: bid, trialWithin: trialWithin)],
            guards: PriceGuards(ageMax: .seconds(10), jumpMaxPpm: 300_000, parting: parting),
            avoided: avoided, lines: lines, marketPriceNeeded: marketPriceNeeded,
            marketPriceNeededIn: marketPriceNeededIn, keyPrefix: "t")
        engine = Engine(settings: settings)
        describeVenue()
        if let wallet { reportWallet(wallet) }
        publishDepth()
        if let accounts {
            tell(.accountsReplaced(Self.market, accounts))
        } else {
            publishAccount(version: 1)
        }
        publishPrices(round: 1, ether: publishes ? 1_950_000_000 : ether)
    }

    // MARK: Telling

    mutating func tell(_ body: EventBody, height: UInt64 = 5, moreFollows: Bool = false) {
        sequence += 1
        effects += engine.handle(
            Event(
                sequence: sequence, domain: Self.venue, receivedAt: now, height: height,
                body: body, moreFollows: moreFollows))
    }

    mutating func advance(_ span: TimeSpan) {
        now = now + span
    }

    mutating func describeVenue() {
        tell(
            .venueDescribed(
                Self.description(
                    chain: chain, etherDecimals: etherDecimals, triesCloses: triesCloses,
                    movesReserve: movesReserve)))
    }

    /// A keeper that knows nothing yet.
    mutating func restart() {
        engine = Engine(settings: settings)
        effects = []
    }

    /// The same script with an engine that was written as a checkpoint and read back.
    func throughCheckpoint() throws -> EngineScript {
        var copy = self
        copy.effects = []
        var json = JSONWriter()
        engine.writeCheckpoint(to: &json)
        let value = try JSONValue.parse(json.finish())
        copy.engine = try Engine(settings: settings, checkpoint: JSONReader(value))
        return copy
    }

    /// The operator's list, read anew while the keeper runs.
    mutating func avoid(_ list: AvoidList) {
        engine.adopt(
            EngineSettings(
                limits: settings.limits, strategies: settings.strategies,
                guards: settings.guards, avoided: list, lines: settings.lines,
                keyPrefix: settings.keyPrefix))
    }

    mutating func publishPrices(
        round: UInt64, ether: UInt64 = 1_950_000_000, sourceAge: TimeSpan = .zero,
        height: UInt64 = 5
    ) {
        let sourceAt = Instant(nanoseconds: now.nanoseconds - sourceAge.nanoseconds)
        tell(
            .pricesPublished(
                [("USD", 1_000_000), ("ETH", ether)].map { name, price in
                    PriceUpdate(
                        asset: AssetID(name), kind: .eligible, price: UInt256(price),
                        round: round, sourceAt: sourceAt)
                }), height: height)
    }

    mutating func publishPending(_ ether: UInt64, round: UInt64) {
        tell(
            .pricesPublished([
                PriceUpdate(
                    asset: AssetID("ETH"), kind: .pending, price: UInt256(ether), round: round,
                    sourceAt: now)
            ]))
    }

    mutating func publishMarketPrice(_ ether: UInt64) {
        tell(
            .pricesPublished([
                PriceUpdate(
                    asset: AssetID("ETH"), kind: .market, price: UInt256(ether),
                    round: UInt64(effects.count), sourceAt: now)
            ]))
    }

    mutating func reportWallet(_ units: UInt64) {
        tell(.balancesReported([AssetAmount(asset: AssetID("USD"), amount: UInt256(units))]))
    }

    mutating func publishBitcoin(_ price: UInt64, round: UInt64) {
        tell(
            .pricesPublished([
                PriceUpdate(
                    asset: AssetID("BTC"), kind: .eligible, price: UInt256(price), round: round,
                    sourceAt: now)
            ]))
    }

    /// Who owes so many units of USD against so much of something.
    static func borrower(
        _ name: String, owes debt: UInt64, against amount: UInt256, of asset: String = "ETH",
        version: UInt64 = 1
    ) -> AccountState {
        AccountState(
            account: AccountID(name), version: version,
            position: .lending(
                LendingPosition(
                    collateral: [ScaledBalance(asset: AssetID(asset), scaledAmount: amount)],
                    debts: [ScaledBalance(asset: AssetID("USD"), scaledAmount: UInt256(debt))])))
    }

    static func limits(
        openIntentsMax: Int = 10, notionalOpenMaxUnits: UInt256 = 1_000_000_000_000,
        canary: CanaryRule? = nil, treasury: TreasuryRules? = nil
    ) -> RiskLimits {
        RiskLimits(
            notionalPerCloseMaxUnits: 1_000_000_000_000,
            notionalOpenMaxUnits: notionalOpenMaxUnits, openIntentsMax: openIntentsMax,
            closesPerHourMax: 1_000, lossPerHourMaxUnits: 1_000_000,
            lossPerDayMaxUnits: 1_000_000, gasPerDayMaxUnits: 1_000_000_000_000_000,
            failuresPerHourMax: 100_000, unknownOpenMax: 1_000, profitPlausibleMaxPpm: 200_000,
            canary: canary, treasury: treasury)
    }

    /// One whole ether in its smallest units.
    static func ether(_ decimals: UInt8 = 18) -> UInt256 {
        (0..<decimals).reduce(.one) { whole, _ in whole * 10 }
    }

    mutating func publishAccount(version: UInt64) {
        let state = Self.borrower(
            Self.target.account.text, owes: 1_700_000_000, against: Self.ether(etherDecimals),
            version: version)
        tell(
            version == 1
                ? .accountsReplaced(Self.market, [state])
                : .accountsChanged(Self.market, changed: [state], removed: []))
    }

    mutating func publishPage(_ number: UInt64, _ accounts: [String], isLast: Bool) {
        let states = accounts.map { name in
            Self.borrower(name, owes: 1_700_000_000, against: Self.ether(etherDecimals))
        }
        tell(
            .accountsPaged(
                Self.market, AccountPage(number: number, isLast: isLast, states: states)))
    }

    mutating func publishDepth(height: UInt64 = 5) {
        let bids = [
            DepthLevel(
                price: 1_940_000_000, quantity: Self.ether(etherDecimals) * UInt256(100))
        ]
        let bitcoin = [DepthLevel(price: 39_990_000_000, quantity: 1_000_000_000)]
        tell(
            .depthPublished([
                DepthBook(asset: AssetID("ETH"), bids: bids, asks: []),
                DepthBook(asset: AssetID("BTC"), bids: bitcoin, asks: []),
            ]), height: height)
    }

    /// An intent that waits to be durable.
    func proposed() -> ClientID {
        guard let key = persists.last else { preconditionFailure("The script proposes a close") }
        return key
    }

    mutating func sent() -> ClientID {
        let key = proposed()
        tell(.intentDurable(key))
        return key
    }

    /// The same intent as a fresh engine finds it in its journal.
    mutating func recovered(mayHaveBeenSent: Bool) -> ClientID {
        var intent: CloseIntent?
        for case .persist(let approved) in effects { intent = approved.subject }
        guard let intent else { preconditionFailure("The script proposes a close") }
        self = EngineScript(publishes: false, ether: 2_700_000_000)
        effects = []
        tell(
            .intentRecovered(
                RecoveredIntent(
                    intent: intent,
                    attempts: mayHaveBeenSent
                        ? [AttemptTerms(number: 1, purpose: .close, lane: .venueAPI, bid: nil)]
                        : [])))
        return intent.plan.clientID
    }

    func receipt(_ key: ClientID) -> CloseReceipt {
        CloseReceipt(
            clientID: key, fillID: "f", height: 5, settledAt: now,
            movements: [
                Movement(asset: AssetID("USD"), amount: 5, cause: .incentive, valueUnits: 5)
            ],
            settlements: [])
    }

    // MARK: Reading

    var intents: [CloseIntent] {
        effects.compactMap { effect in
            guard case .persist(let approved) = effect else { return nil }
            return approved.subject
        }
    }

    var attempts: [AttemptTerms] {
        effects.compactMap { effect in
            guard case .submit(let approved) = effect else { return nil }
            return approved.subject.terms
        }
    }

    var booked: [ClientID] {
        effects.compactMap { effect in
            guard case .book(let intent, _) = effect else { return nil }
            return intent.plan.clientID
        }
    }

    var reversed: [ClientID] {
        effects.compactMap { effect in
            guard case .reverse(let intent) = effect else { return nil }
            return intent.plan.clientID
        }
    }

    var persists: [ClientID] {
        effects.compactMap { effect in
            guard case .persist(let approved) = effect else { return nil }
            return approved.subject.plan.clientID
        }
    }

    var submits: [ClientID] {
        effects.compactMap { effect in
            guard case .submit(let approved) = effect else { return nil }
            return approved.subject.intent.plan.clientID
        }
    }

    var lookUps: [ClientID] {
        effects.compactMap { effect in
            guard case .lookUp(_, let key) = effect else { return nil }
            return key
        }
    }

    var voids: [ClientID] {
        effects.compactMap { effect in
            guard case .void(_, let key) = effect else { return nil }
            return key
        }
    }

    var conclusions: [String] {
        effects.compactMap { effect in
            guard case .conclude(let intent, let ending) = effect else { return nil }
            return "\(intent.plan.clientID) \(ending.label)"
        }
    }

    var skips: [String] {
        effects.compactMap { effect in
            guard case .record(let decision) = effect, case .skipped = decision.verdict else {
                return nil
            }
            return decision.verdict.label
        }
    }

    var verdicts: [String] {
        effects.compactMap { effect in
            guard case .record(let decision) = effect else { return nil }
            return decision.verdict.label
        }
    }

    var plan: TreasuryPlan? { engine.treasuryPlan(in: Self.venue, at: now) }

    var resyncs: [MarketID] {
        effects.compactMap { effect in
            guard case .resync(_, let market) = effect else { return nil }
            return market
        }
    }

    var alarms: [TimerName] {
        effects.compactMap { effect in
            guard case .arm(let timer, _) = effect else { return nil }
            return timer
        }
    }

    var coolDownDelays: [Int64] {
        effects.compactMap { effect in
            guard case .arm(.coolDown, let instant) = effect else { return nil }
            return (instant - now).milliseconds
        }
    }

    var isDrained: Bool { effects.contains(.drained) }

    func resolveDelays(_ key: ClientID) -> [Int64] {
        effects.compactMap { effect in
            guard case .arm(.resolve(key), let instant) = effect else { return nil }
            return (instant - now).milliseconds
        }
    }

    static func description(
        chain: ChainTerms? = nil, etherDecimals: UInt8 = 18, triesCloses: Bool = true,
        movesReserve: Bool = false
    ) -> VenueDescription {
        VenueDescription(
            quote: AssetDescription(asset: AssetID("USD"), decimals: 6),
            assets: [
                AssetDescription(asset: AssetID("ETH"), decimals: etherDecimals),
                AssetDescription(asset: AssetID("BTC"), decimals: 8),
            ],
            markets: [
                .lending(
                    LendingTerms(
                        market: market, generation: .v3_3, baseUnit: 1_000_000,
                        reserves: [
                            ReserveTerms(
                                asset: AssetID("USD"), decimals: 6, liquidationThresholdBps: 0,
                                liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
                            ReserveTerms(
                                asset: AssetID("ETH"), decimals: etherDecimals,
                                liquidationThresholdBps: 8_300, liquidationBonusBps: 10_500,
                                protocolFeeBps: 1_000),
                            ReserveTerms(
                                asset: AssetID("BTC"), decimals: 8, liquidationThresholdBps: 8_300,
                                liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
                        ],
                        policy: .plain))
            ],
            capabilities: VenueCapabilities(
                isAtomic: true, hasFlash: true, allowsPartial: true, canVoid: true,
                callsPerHeight: 9, triesCloses: triesCloses, movesReserve: movesReserve),
            chain: chain)
    }

    private static func strategy(bid: BidRule?, trialWithin: TimeSpan?) -> Strategy {
        // The text is a constant of this file: an error in it stops the test at once.
        guard let condition = try? Condition("health < 1 && netProfit >= 1 usd") else {
            preconditionFailure("The script's condition compiles")
        }
        return Strategy(
            name: StrategyName("s"), version: 1, summary: "", markets: [.lending],
            condition: condition, sizing: .full, funding: .inventory,
            exit: .sell(tolerancePpm: 5_000), bid: bid, validHeights: 5, coolDown: .seconds(1),
            trialWithin: trialWithin)
    }
}
