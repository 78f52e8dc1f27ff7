import KeeperCodec
import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRisk
import KeeperRuntime
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import VenueSimulator
import WideMath

/// A price that falls in small steps past one borrower after another: a thousand prices apart, each
/// is closed by the whole keeper, with guards, books in memory, a log of decisions and a venue that
/// settles.
final class BacktestRig {
    private let session: VirtualSession
    private let closeCount: Int
    private var round: UInt64 = 0
    private(set) var wonCount = 0

    private static let domain = DomainID("bench")
    private static let market = MarketID("lend")
    private static let (usd, ether) = (AssetID("USD"), AssetID("ETH"))
    private static let pricesPerClose = 1_000
    /// In millionths of a dollar.
    private static let startPrice: UInt64 = 3_000_000_000
    private static let step: UInt64 = 1_000
    private static let wallet = [
        AssetAmount(asset: usd, amount: UInt256(1_000_000_000_000_000)),
        AssetAmount(asset: ether, amount: .zero),
    ]

    init(closeCount: Int) throws {
        self.closeCount = closeCount
        let log = CountingLog()
        session = VirtualSession(
            engine: Engine(settings: try Self.settings()),
            books: SessionBooks(
                journal: JournalStore(try Journal(path: ":memory:")), decisions: log, events: nil),
            venues: [
                VirtualVenue(
                    domain: Self.domain,
                    venue: CounterfactualVenue(keeper: "bench", wallet: Self.wallet),
                    latency: .milliseconds(50))
            ])
        session.desks[0].onAnswer = { [weak self] _, answer in
            if case .settled = answer { self?.wonCount += 1 }
        }
        for body in opening { try session.take(letter(body)) }
    }

    func run() throws {
        for _ in 0..<closeCount * Self.pricesPerClose {
            round += 1
            try session.take(letter(.pricesPublished([price(of: Self.ether, current)])))
        }
        try session.finish()
    }

    private var current: UInt64 { Self.startPrice - Self.step * round }

    private func letter(_ body: EventBody) -> FeedLetter {
        FeedLetter(domain: Self.domain, receivedAt: now, height: round / 100, body: body)
    }

    private var now: Instant { Instant(milliseconds: 1_600_000_000_000 + Int64(round) * 100) }

    private func price(of asset: AssetID, _ units: UInt64) -> PriceUpdate {
        PriceUpdate(
            asset: asset, kind: .eligible, price: UInt256(units), round: round + 1, sourceAt: now)
    }

    // MARK: Opening

    private var opening: [EventBody] {
        [
            .venueDescribed(
                VenueDescription(
                    quote: AssetDescription(asset: Self.usd, decimals: 6),
                    assets: [
                        AssetDescription(asset: Self.usd, decimals: 6),
                        AssetDescription(asset: Self.ether, decimals: 18),
                    ],
                    markets: [.lending(Self.terms)],
                    capabilities: VenueCapabilities(
                        isAtomic: true, hasFlash: false, allowsPartial: true, canVoid: true,
                        callsPerHeight: 50))),
            .pricesPublished([
                price(of: Self.usd, 1_000_000), price(of: Self.ether, current),
            ]),
            .balancesReported(Self.wallet),
            .accountsReplaced(Self.market, (0..<closeCount).map(account)),
        ]
    }

    /// One ether each, and a debt that is too much when its turn comes. The dollar has no price
    /// after the first, and needs none here: its guard is as old as the run.
    private func account(_ number: Int) -> AccountState {
        let line = Self.startPrice - Self.step * UInt64(Self.pricesPerClose * (number + 1))
        return AccountState(
            account: AccountID("borrower-\(number)"), version: 1,
            position: .lending(
                LendingPosition(
                    collateral: [
                        ScaledBalance(
                            asset: Self.ether, scaledAmount: UInt256(1_000_000_000_000_000_000))
                    ],
                    debts: [
                        ScaledBalance(
                            asset: Self.usd, scaledAmount: UInt256(line / 100 * 83 + 500))
                    ])))
    }

    private static let terms = LendingTerms(
        market: market, generation: .v3_5, baseUnit: 1_000_000,
        reserves: [
            ReserveTerms(
                asset: usd, decimals: 6, liquidationThresholdBps: 0, liquidationBonusBps: 10_500,
                protocolFeeBps: 1_000),
            ReserveTerms(
                asset: ether, decimals: 18, liquidationThresholdBps: 8_300,
                liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
        ], policy: .plain)

    private static func settings() throws -> EngineSettings {
        let plenty = UInt256(1_000_000_000_000_000)
        return EngineSettings(
            limits: RiskLimits(
                notionalPerCloseMaxUnits: plenty, notionalOpenMaxUnits: plenty, openIntentsMax: 100,
                closesPerHourMax: 100_000, lossPerHourMaxUnits: plenty,
                lossPerDayMaxUnits: plenty, gasPerDayMaxUnits: plenty, failuresPerHourMax: 100,
                unknownOpenMax: 100, profitPlausibleMaxPpm: 200_000),
            strategies: [
                Strategy(
                    name: StrategyName("bench"), version: 1, summary: "", markets: [.lending],
                    condition: try Condition("health < 1 && netProfit >= 1 usd"), sizing: .full,
                    funding: .inventory, exit: .hold, bid: nil, validHeights: 500, coolDown: .zero)
            ],
            guards: PriceGuards(ageMax: .seconds(1_000_000), jumpMaxPpm: 300_000), keyPrefix: "b")
    }
}

/// Writes every decision as the log does, and keeps none.
private final class CountingLog: DecisionSink {
    private(set) var byteCount = 0

    func append(_ decision: Decision) throws(KeeperStop) {
        byteCount += decision.jsonBytes.count
    }
}
