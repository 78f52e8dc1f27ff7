import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperRuntime
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import WideMath

/// `bench resync`: how long a price waits while a million accounts are read anew. The accounts come
/// in pages as the inbox makes them, and a price arrives at a random moment of each.
func runResyncBench() throws -> [BenchResult] {
    var rig = try ResyncRig()
    var quiet: [Double] = []
    for _ in 0..<2_000 { quiet.append(rig.tick()) }
    var waits: [Double] = []
    var pages: [Double] = []
    for _ in 0..<ResyncRig.roundCount {
        rig.resync { page, tick, share in
            pages.append(page)
            waits.append(page * share + tick)
        }
    }
    let rounds = ResyncRig.roundCount
    return [
        .info("tick in quiet, p50", quiet.median, "ns", rounds: rounds),
        .info("tick in quiet, p99", quiet.quantile(0.99), "ns", rounds: rounds),
        .info("page of 256 accounts, p99", pages.quantile(0.99), "ns", rounds: rounds),
        .info("tick during a full resync of 1M, p50", waits.median, "ns", rounds: rounds),
        .info("tick during a full resync of 1M, p99", waits.quantile(0.99), "ns", rounds: rounds),
        .info("the longest", waits.max() ?? 0, "ns", rounds: rounds),
        .info(
            "whole resync, pages alone", pages.reduce(0, +) / Double(rounds) / 1e6, "ms",
            rounds: rounds),
    ]
}

/// A keeper's engine and inbox with a market of so many accounts, which come anew when told.
struct ResyncRig {
    static let roundCount = 3
    private static let domain = DomainID("bench")

    private var source = SyntheticBook()
    private var engine: Engine
    private var inbox = Inbox()
    let states: [AccountState]
    private var sequence: UInt64 = 0
    private var generator = SeededGenerator(seed: 11)

    init(accountCount: Int = SyntheticBook.accountCountMax) throws {
        let million = UInt256(1_000_000_000_000)
        let condition = try Condition("health < 1 && netProfit >= 1 usd")
        engine = Engine(
            settings: EngineSettings(
                limits: RiskLimits(
                    notionalPerCloseMaxUnits: million, notionalOpenMaxUnits: million,
                    openIntentsMax: 10, closesPerHourMax: 10, lossPerHourMaxUnits: million,
                    lossPerDayMaxUnits: million, gasPerDayMaxUnits: million,
                    failuresPerHourMax: 100_000, unknownOpenMax: 1_000,
                    profitPlausibleMaxPpm: 200_000),
                strategies: [
                    Strategy(
                        name: StrategyName("bench"), version: 1, summary: "", markets: [.lending],
                        condition: condition, sizing: .full, funding: .inventory, exit: .hold,
                        bid: nil, validHeights: 5, coolDown: .zero)
                ],
                guards: PriceGuards(ageMax: .seconds(10), jumpMaxPpm: 300_000), keyPrefix: "b"))
        var source = source
        states = (0..<accountCount).map { source.state(number: $0) }
        self.source = source
        let assets = source.terms.reserves.map {
            AssetDescription(asset: $0.asset, decimals: $0.decimals)
        }
        handle(
            .venueDescribed(
                VenueDescription(
                    quote: AssetDescription(asset: AssetID("USD"), decimals: 8), assets: assets,
                    markets: [.lending(source.terms)],
                    capabilities: VenueCapabilities(
                        isAtomic: true, hasFlash: false, allowsPartial: true, canVoid: true,
                        callsPerHeight: 9))))
        handle(.balancesReported([AssetAmount(asset: AssetID("USD"), amount: 1)]))
        handle(.pricesPublished(source.everyPrice))
        resync { _, _, _ in }
    }

    mutating func tick() -> Double {
        let update = source.tick(basisPoints: 5)
        let body = EventBody.pricesPublished([
            PriceUpdate(
                asset: update.asset, kind: .eligible, price: update.price, round: sequence + 2,
                sourceAt: Instant(nanoseconds: 0))
        ])
        return nanoseconds { handle(body) }
    }

    /// Hands on what each page took, a tick after it, and when in the page the tick arrived.
    mutating func resync(_ note: (_ page: Double, _ tick: Double, _ share: Double) -> Void) {
        inbox.post(letter(.accountsReplaced(source.terms.market, states)))
        while let letter = inbox.next() {
            let page = nanoseconds { handle(letter.body) }
            note(page, tick(), Double(generator.number(in: 0...1_000)) / 1_000)
        }
    }

    private mutating func handle(_ body: EventBody) {
        sequence += 1
        let event = Event(
            sequence: sequence, domain: Self.domain, receivedAt: Instant(nanoseconds: 0),
            height: 1, body: body)
        _ = engine.handleWhole(event)
    }

    private func letter(_ body: EventBody) -> FeedLetter {
        FeedLetter(
            domain: Self.domain, receivedAt: Instant(nanoseconds: 0), height: 1, body: body)
    }
}
