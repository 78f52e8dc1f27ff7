import KeeperModel
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import WideMath

/// What one plan costs: one debt against one collateral, by each way of sizing, and five hundred
/// candidates that crossed their lines at once. Every size is quoted by the exact rules.
func runPlanBench() throws -> [BenchResult] {
    let crowd = try PlanCrowd(count: planCandidateCount)
    let sizings: [(String, Sizing)] = [
        ("full", .full), ("optimal", .optimal), ("two-step", .twoStep(marginPpm: 500)),
    ]
    var alone = [[Double]](repeating: [], count: sizings.count)
    var together: [Double] = []
    var planned = 0
    for _ in 0..<planRoundCount {
        for (index, sizing) in sizings.enumerated() {
            let strategy = try crowd.strategy(sizing.1)
            alone[index].append(
                nanoseconds {
                    for _ in 0..<planRepeatCount { _ = crowd.plan(0, by: strategy) }
                } / Double(planRepeatCount))
        }
        let strategy = try crowd.strategy(.optimal)
        planned = 0
        together.append(
            nanoseconds {
                for number in 0..<crowd.count where crowd.plan(number, by: strategy) {
                    planned += 1
                }
            })
    }
    guard planned == crowd.count else { throw PlanBenchProblem(planned: planned) }
    let perPlan = together.median / Double(crowd.count)
    return zip(sizings, alone).map { sizing, times in
        .info("one pair, size \(sizing.0)", times.median, "ns a plan", rounds: planRoundCount)
    } + [
        .info(
            "\(crowd.count) candidates at once, size optimal", perPlan, "ns a plan",
            rounds: planRoundCount),
        .info(
            "\(crowd.count) candidates at once, size optimal", 1e9 / perPlan, "plans a second",
            rounds: planRoundCount),
        .info(
            "\(crowd.count) candidates at once, all of them", together.median / 1e6, "ms",
            rounds: planRoundCount),
    ]
}

private let planRoundCount = 5
private let planRepeatCount = 400
private let planCandidateCount = 500

private struct PlanBenchProblem: Error, CustomStringConvertible {
    let planned: Int

    var description: String {
        "only \(planned) of \(planCandidateCount) candidates were planned: nothing to measure"
    }
}

/// Borrowers at Aave just under their lines, a book of twelve levels and a flash pool.
private struct PlanCrowd {
    private let market: LendingMarket
    private let positions: [LendingMarket.Position]
    private let context: PlanningContext

    private static let usd = AssetID("USD")
    private static let ether = AssetID("ETH")
    private static let price: UInt64 = 2_000_000_000

    var count: Int { positions.count }

    init(count: Int) throws {
        var generator = SeededGenerator(seed: 7)
        let market = Self.market()
        self.market = market
        positions = (0..<count).compactMap { _ in
            let debtUnits = generator.number(in: 5_000_000_000...80_000_000_000)
            let worth = debtUnits / 1_000_000 * generator.number(in: 960_000...990_000) / 83 * 100
            let amount =
                UInt256(worth) * UInt256(1_000_000_000_000_000_000) / UInt256(Self.price)
            return market.position(
                from: .lending(
                    LendingPosition(
                        collateral: [ScaledBalance(asset: Self.ether, scaledAmount: amount)],
                        debts: [
                            ScaledBalance(asset: Self.usd, scaledAmount: UInt256(debtUnits))
                        ])))
        }
        let levels = (1...12).map { (number: UInt64) in
            DepthLevel(
                price: Self.price - Self.price / 10_000 * 20 * number,
                quantity: UInt256(3_000_000_000_000_000_000))
        }
        context = PlanningContext(
            now: Instant(nanoseconds: 0), height: 1,
            quote: AssetDescription(asset: Self.usd, decimals: 6),
            depth: [Self.ether: DepthBook(asset: Self.ether, bids: levels, asks: [])],
            flashPools: [
                Self.usd: FlashPool(
                    asset: Self.usd, available: UInt256(1_000_000_000_000), premiumBps: 5)
            ],
            available: [:], priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero),
            capabilities: VenueCapabilities(
                isAtomic: true, hasFlash: true, allowsPartial: true, canVoid: true,
                callsPerHeight: 2))
    }

    private static func market() -> LendingMarket {
        var market = LendingMarket(
            terms: LendingTerms(
                market: MarketID("bench"), generation: .v3_5, baseUnit: 1_000_000,
                reserves: [
                    ReserveTerms(
                        asset: usd, decimals: 6, liquidationThresholdBps: 0,
                        liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
                    ReserveTerms(
                        asset: ether, decimals: 18, liquidationThresholdBps: 8_300,
                        liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
                ], policy: .plain))
        for (asset, price) in [(usd, 1_000_000), (ether, price)] {
            _ = market.publish(
                PriceUpdate(
                    asset: asset, kind: .eligible, price: UInt256(price), round: 1,
                    sourceAt: Instant(nanoseconds: 0)))
        }
        return market
    }

    func strategy(_ sizing: Sizing) throws -> Strategy {
        Strategy(
            name: StrategyName("bench"), version: 1, summary: "", markets: [.lending],
            condition: try Condition("health < 1"), sizing: sizing, funding: .flash,
            exit: .sell(tolerancePpm: 5_000), bid: nil, validHeights: 5, coolDown: .zero)
    }

    /// Whether there was a plan, so that nothing of it is left out.
    func plan(_ number: Int, by strategy: Strategy) -> Bool {
        let outcome = market.plan(
            AccountID("a"), positions[number], by: strategy, in: context)
        guard case .planned = outcome else { return false }
        return true
    }
}
