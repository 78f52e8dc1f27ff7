import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperRuntime
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

@Suite struct EngineHistoryTests {
    private static let market = MarketID("m")

    /// A price each second: what every moment of the past says is what it said then.
    @Test func `the engine of any moment that is kept is the engine of that moment`() throws {
        var engine = try Self.engine()
        var history = EngineHistory(eventsPerCheckpoint: 7, checkpointsMax: 4)
        var then: [(Instant, [Explanation])] = []
        for number in 0..<40 {
            let event = Self.event(number)
            history.note(event, before: engine)
            _ = engine.handle(event)
            _ = engine.lookAfter(event)
            then.append((event.receivedAt, engine.explain(AccountID("b"), at: event.receivedAt)))
        }
        #expect(history.eventCount <= 28, "no more is kept than was asked for")
        var comparedCount = 0
        for (instant, explanations) in then {
            guard let (past, event) = history.engine(at: instant) else { continue }
            #expect(event.receivedAt == instant)
            #expect(past.explain(AccountID("b"), at: instant) == explanations)
            comparedCount += 1
        }
        #expect(comparedCount == history.eventCount)
        #expect(history.engine(at: then[0].0) == nil, "long ago is gone")
        let later = then[39].0 + .seconds(99)
        #expect(history.engine(at: later)?.event.sequence == 40, "the newest stands until the next")
    }

    @Test func `with many accounts fewer checkpoints are kept`() throws {
        var engine = try Self.engine()
        var history = EngineHistory(
            eventsPerCheckpoint: 5, checkpointsMax: 4, accountsMax: 2)
        for number in 0..<40 {
            let event = Self.event(number)
            history.note(event, before: engine)
            _ = engine.handleWhole(event)
        }
        #expect(history.eventCount == 10, "of one account there is room for two")
    }

    static func event(_ number: Int) -> Event {
        let body: EventBody =
            switch number {
            case 0: .venueDescribed(description)
            case 1:
                .accountsReplaced(
                    market,
                    [
                        AccountState(
                            account: AccountID("b"), version: 1,
                            position: .lending(
                                LendingPosition(
                                    collateral: [
                                        ScaledBalance(
                                            asset: AssetID("ETH"),
                                            scaledAmount: 1_000_000_000_000_000_000)
                                    ],
                                    debts: [
                                        ScaledBalance(
                                            asset: AssetID("USD"), scaledAmount: 1_700_000_000)
                                    ])))
                    ])
            default: prices(number)
            }
        return Event(
            sequence: UInt64(number) + 1, domain: DomainID("v"),
            receivedAt: Instant(milliseconds: Int64(number) * 1_000), height: UInt64(number),
            body: body)
    }

    private static func prices(_ number: Int) -> EventBody {
        let ether = UInt256(2_048_000_000 + (number % 5) * 200_000)
        return .pricesPublished(
            [(AssetID("USD"), UInt256(1_000_000)), (AssetID("ETH"), ether)].map {
                PriceUpdate(
                    asset: $0.0, kind: .eligible, price: $0.1, round: UInt64(number),
                    sourceAt: Instant(milliseconds: Int64(number) * 1_000))
            })
    }

    private static let description = VenueDescription(
        quote: AssetDescription(asset: AssetID("USD"), decimals: 6),
        assets: [AssetDescription(asset: AssetID("ETH"), decimals: 18)],
        markets: [
            .lending(
                LendingTerms(
                    market: market, generation: .v3_3, baseUnit: 1_000_000,
                    reserves: ["USD", "ETH"].map {
                        ReserveTerms(
                            asset: AssetID($0), decimals: $0 == "USD" ? 6 : 18,
                            liquidationThresholdBps: 8_300, liquidationBonusBps: 10_500,
                            protocolFeeBps: 1_000)
                    }, policy: .plain))
        ],
        capabilities: VenueCapabilities(
            isAtomic: true, hasFlash: true, allowsPartial: true, canVoid: true, callsPerHeight: 9))

    static func engine() throws -> Engine {
        let plenty = UInt256(1) << 80
        return Engine(
            settings: EngineSettings(
                limits: RiskLimits(
                    notionalPerCloseMaxUnits: plenty, notionalOpenMaxUnits: plenty,
                    openIntentsMax: 9, closesPerHourMax: 9, lossPerHourMaxUnits: plenty,
                    lossPerDayMaxUnits: plenty, gasPerDayMaxUnits: plenty,
                    failuresPerHourMax: 100_000, unknownOpenMax: 1_000,
                    profitPlausibleMaxPpm: 1_000_000),
                strategies: [
                    Strategy(
                        name: StrategyName("s"), version: 1, summary: "", markets: [.lending],
                        condition: try Condition("health < 1"), sizing: .full,
                        funding: .inventory, exit: .hold, bid: nil, validHeights: 1,
                        coolDown: .zero)
                ],
                guards: PriceGuards(ageMax: .seconds(10), jumpMaxPpm: 300_000), keyPrefix: "h"))
    }
}
