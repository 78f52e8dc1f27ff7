import Foundation
import KeeperModel
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import WideMath

/// A borrower under water, a book with steps, and the search that a planner is held against.
struct PlannerCandidate {
    let market: LendingMarket
    let position: LendingMarket.Position
    let context: PlanningContext

    /// Net profit of the best of many sizes, each settled by the market's own rules.
    func bestBySearch(steps: UInt64) -> Int64 {
        guard let account = market.accountData(position) else { return 0 }
        let largest = repayable
        return (1...steps).map { step in
            net(repaying: largest * UInt256(step) / UInt256(steps), account)
        }.max() ?? 0
    }

    /// The most that one call may repay.
    var repayable: UInt256 {
        guard let account = market.accountData(position),
            let quote = try? close(.max).quote(account: account)
        else { return .zero }
        return quote.maxLiquidatableDebt
    }

    func health(afterRepaying amount: UInt256) throws -> UInt256 {
        guard let account = market.accountData(position) else { return .zero }
        let close = close(amount)
        let effect = try market.holdings(position).applying(
            close.quote(account: account), of: close)
        return try effect.position.accountData(market.terms.generation).healthFactorWad
    }

    private func close(_ amount: UInt256) -> AaveClose {
        let holdings = market.holdings(position)
        return AaveClose(
            generation: market.terms.generation, baseUnit: market.terms.baseUnit,
            collateral: holdings.collateral[0], debt: holdings.debts[0], debtToCover: amount)
    }

    private func net(repaying amount: UInt256, _ account: AaveAccountData) -> Int64 {
        // A size whose arithmetic reverts earns nothing.
        guard let quote = try? close(amount).quote(account: account), quote.refusal == nil,
            let book = context.depth[AssetID("ETH")]
        else { return 0 }
        let fill = book.selling(
            quote.collateralToLiquidator, downTo: 1, unitScale: 1_000_000_000_000_000_000)
        guard fill.quantity == quote.collateralToLiquidator else { return 0 }
        let premiumBps = context.flashPools[AssetID("USD")]?.premiumBps ?? 0
        let repaid = quote.actualDebtToLiquidate
        let cost = repaid + repaid * UInt256(premiumBps) / UInt256(10_000)
        return (fill.valueUnits.asInt64 ?? 0) - (cost.asInt64 ?? 0)
    }
}

struct PlannerSampler {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func candidate(
        funds: UInt256 = 10_000_000_000_000, isDeep: Bool = false
    ) -> PlannerCandidate {
        let ether: UInt64 = 2_000_000_000
        var market = Self.market
        for (asset, price) in [("USD", 1_000_000), ("ETH", ether)] {
            _ = market.publish(
                PriceUpdate(
                    asset: AssetID(asset), kind: .eligible, price: UInt256(price), round: 1,
                    sourceAt: Instant(nanoseconds: 0)))
        }
        let collateralUnits = generator.number(in: 1_500_000_000...80_000_000_000)
        let healthPpm = generator.number(in: 880_000...999_000)
        let debtUnits = collateralUnits / 1_000_000 * 830_000 / healthPpm * 1_000_000
        let amount = UInt256(collateralUnits) * 1_000_000_000_000_000_000 / UInt256(ether)
        guard
            let position = market.position(
                from: .lending(
                    LendingPosition(
                        collateral: [ScaledBalance(asset: AssetID("ETH"), scaledAmount: amount)],
                        debts: [
                            ScaledBalance(
                                asset: AssetID("USD"), scaledAmount: UInt256(debtUnits))
                        ])))
        else { preconditionFailure("The sampled position fits its market") }
        return PlannerCandidate(
            market: market, position: position, context: context(ether, funds, isDeep))
    }

    static func strategy(_ sizing: Sizing, funding: FundingChoice) -> Strategy {
        // The text is a constant of this file: an error in it stops the test at once.
        guard let condition = try? Condition("health < 1") else {
            preconditionFailure("The sampler's condition compiles")
        }
        return Strategy(
            name: StrategyName("s"), version: 1, summary: "", markets: [.lending],
            condition: condition, sizing: sizing, funding: funding,
            exit: .sell(tolerancePpm: 5_000), bid: nil, validHeights: 5, coolDown: .zero)
    }

    /// What a plan expects, or nil where there is none.
    static func net(_ outcome: PlanOutcome) -> Int64? {
        guard case .planned(let plan) = outcome else { return nil }
        return plan.expectation.netUnits.asInt64
    }

    private mutating func context(
        _ ether: UInt64, _ funds: UInt256, _ isDeep: Bool
    ) -> PlanningContext {
        var price = ether
        var bids: [DepthLevel] = []
        for _ in 0..<12 {
            price -= price / 10_000 * generator.number(in: 2...(isDeep ? 3 : 120))
            let quantity = generator.number(in: 50...(isDeep ? 90_000 : 4_000))
            bids.append(
                DepthLevel(price: price, quantity: UInt256(quantity) * 1_000_000_000_000_000))
        }
        let usd = AssetID("USD")
        return PlanningContext(
            now: Instant(nanoseconds: 0), height: 1,
            quote: AssetDescription(asset: usd, decimals: 6),
            depth: [AssetID("ETH"): DepthBook(asset: AssetID("ETH"), bids: bids, asks: [])],
            flashPools: [
                usd: FlashPool(
                    asset: usd, available: funds, premiumBps: generator.number(in: 0...9))
            ],
            available: [usd: funds],
            priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero))
    }

    private static let market = LendingMarket(
        terms: LendingTerms(
            market: MarketID("m"), generation: .v3_3, baseUnit: 1_000_000,
            reserves: [
                ReserveTerms(
                    asset: AssetID("USD"), decimals: 6, liquidationThresholdBps: 0,
                    liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
                ReserveTerms(
                    asset: AssetID("ETH"), decimals: 18, liquidationThresholdBps: 8_300,
                    liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
            ],
            policy: .plain))
}

/// The files in `strategies`, by name.
enum ShippedStrategies {
    static func files() throws -> [(name: String, bytes: [UInt8])] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "strategies")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.sorted().map {
            ($0, [UInt8](try Data(contentsOf: folder.appending(path: $0))))
        }
    }

    static func named(_ name: String) throws -> Strategy {
        let found = try files().first { $0.name == name + ".json" }
        return try StrategyFile.read(found?.bytes ?? [], file: name)
    }
}
