import KeeperModel
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import WideMath

/// A borrower at Aave with one debt and one collateral, and the search over two closes that a
/// planner is held against.
struct TwoStepAccount {
    let market: LendingMarket
    let position: LendingMarket.Position
    let context: PlanningContext

    static let twice = VenueCapabilities(
        isAtomic: true, hasFlash: true, allowsPartial: true, canVoid: true, callsPerHeight: 2)

    private static let ether = AssetID("ETH")
    private static let price: UInt64 = 2_000_000_000

    /// A hundred thousand of debt, and a book without a floor at the oracle's price.
    init(
        generation: AaveGeneration, thresholdBps: UInt64, bonusBps: UInt64, healthPpm: UInt64
    ) {
        let plenty = UInt256(1) << 100
        let level = DepthLevel(price: Self.price, quantity: plenty)
        self.init(
            generation, thresholdBps, bonusBps, healthPpm, debtUnits: 100_000_000_000,
            DepthBook(asset: Self.ether, bids: [level], asks: []), premiumBps: 0)
    }

    init(_ generation: AaveGeneration, _ sampler: inout SizingSampler) {
        let debtUnits = sampler.number(3_000_000_000...60_000_000_000)
        let drawn = sampler.context(notionalUnits: debtUnits * 4, [(Self.ether, 18, Self.price)])
        self.init(
            generation, sampler.number(7_000...8_300), sampler.number(200...1_000),
            sampler.number(951_000...999_000), debtUnits: debtUnits,
            drawn.depth[Self.ether] ?? DepthBook(asset: Self.ether, bids: [], asks: []),
            premiumBps: sampler.number(0...9))
    }

    private init(
        _ generation: AaveGeneration, _ thresholdBps: UInt64, _ bonusBps: UInt64,
        _ healthPpm: UInt64, debtUnits: UInt64, _ book: DepthBook, premiumBps: UInt64
    ) {
        let usd = SizingSampler.quote
        var market = LendingMarket(
            terms: LendingTerms(
                market: MarketID("m"), generation: generation, baseUnit: 1_000_000,
                reserves: [
                    ReserveTerms(
                        asset: usd, decimals: 6, liquidationThresholdBps: 0,
                        liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
                    ReserveTerms(
                        asset: Self.ether, decimals: 18, liquidationThresholdBps: thresholdBps,
                        liquidationBonusBps: 10_000 + bonusBps, protocolFeeBps: 1_000),
                ], policy: .plain))
        _ = market.publish(eligible(usd, 1_000_000))
        _ = market.publish(eligible(Self.ether, Self.price))
        let worth = debtUnits / 1_000_000 * healthPpm / thresholdBps * 10_000
        let published = AccountPosition.lending(
            LendingPosition(
                collateral: [
                    ScaledBalance(
                        asset: Self.ether,
                        scaledAmount: SizingSampler.amount(
                            worth: worth, price: Self.price, decimals: 18))
                ], debts: [ScaledBalance(asset: usd, scaledAmount: UInt256(debtUnits))]))
        guard let position = market.position(from: published) else {
            preconditionFailure("The account fits its market")
        }
        self.market = market
        self.position = position
        context = PlanningContext(
            now: Instant(nanoseconds: 0), height: 1,
            quote: AssetDescription(asset: usd, decimals: 6), depth: [Self.ether: book],
            flashPools: [
                usd: FlashPool(asset: usd, available: .max, premiumBps: premiumBps)
            ], available: [:], priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero))
    }

    // MARK: The planner

    func strategy(_ sizing: Sizing) throws -> Strategy { try Self.strategy(sizing) }

    static func strategy(_ sizing: Sizing) throws -> Strategy {
        Strategy(
            name: StrategyName("s"), version: 1, summary: "", markets: [.lending],
            condition: try Condition("notional >= 0 usd"), sizing: sizing, funding: .flash,
            exit: .sell(tolerancePpm: driftPpm), bid: nil, validHeights: 5, coolDown: .zero)
    }

    private static let driftPpm: UInt64 = 5_000

    func plan(_ sizing: Sizing, at venue: VenueCapabilities = twice) throws -> PlanOutcome {
        market.plan(
            AccountID("a"), position, by: try strategy(sizing), in: context.at(venue))
    }

    func net(_ sizing: Sizing) throws -> Int256? {
        guard case .planned(let plan) = try plan(sizing) else { return nil }
        return plan.expectation.netUnits
    }

    // MARK: The search

    /// Every first close of the grid, followed by every second of another; or one alone.
    func bestBySearch(steps: UInt64) -> Int256 {
        guard let trade = market.trades(of: position)?.first else { return .zero }
        var best = Int256.zero
        for first in grid(trade, steps) {
            // What the rules refuse earns nothing.
            guard let repaid = try? trade.close(payingAtMost: first),
                repaid.quote.driftMaxPpm >= Self.driftPpm
            else { continue }
            if let alone = net([repaid.quote]) { best = max(best, alone) }
            guard let left = repaid.position.flatMap({ market.position(from: $0) }),
                market.isLiquidatable(left), let next = market.trades(of: left)?.first
            else { continue }
            for second in grid(next, steps / 8 + 1) {
                // What the rules refuse earns nothing.
                guard let quote = try? next.quote(payingAtMost: second),
                    quote.driftMaxPpm >= Self.driftPpm, let both = net([repaid.quote, quote])
                else { continue }
                best = max(best, both)
            }
        }
        return best
    }

    private func grid(_ trade: AaveTrade, _ steps: UInt64) -> [UInt256] {
        (1...steps).map { trade.payMax * UInt256($0) / UInt256(steps) }
            + trade.edges(driftPpm: Self.driftPpm + 2)
    }

    private func net(_ quotes: [TradeQuote]) -> Int256? {
        let taken = quotes.reduce(UInt256.zero) { $0 + $1.taken }
        let paid = quotes.reduce(UInt256.zero) { $0 + $1.paid }
        guard let book = context.depth[Self.ether] else { return nil }
        let fill = book.selling(taken, downTo: 1, unitScale: SizingSampler.unit(18))
        guard fill.quantity == taken else { return nil }
        let bps = context.flashPools[SizingSampler.quote]?.premiumBps ?? 0
        let cost = paid + paid * UInt256(bps) / UInt256(10_000)
        return Int256(exactly: fill.valueUnits).flatMap { units in
            Int256(exactly: cost).map { units - $0 }
        }
    }
}

extension PlanningContext {
    func at(_ venue: VenueCapabilities, isRich: Bool = false) -> PlanningContext {
        let pools = flashPools.mapValues {
            FlashPool(
                asset: $0.asset, available: isRich ? .max : $0.available,
                premiumBps: $0.premiumBps)
        }
        return PlanningContext(
            now: now, height: height, quote: quote, depth: depth, flashPools: pools,
            available: available, priceAges: priceAges, sendingCostUnits: sendingCostUnits,
            notionalMaxUnits: notionalMaxUnits, capabilities: venue)
    }
}
