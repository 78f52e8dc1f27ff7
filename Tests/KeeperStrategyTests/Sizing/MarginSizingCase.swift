import KeeperModel
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import WideMath

/// A margin position in breach, and every number of lots that could be closed of it.
struct MarginSizingCase {
    let market: MarginMarket
    let position: MarginPosition
    let strategy: Strategy
    let context: PlanningContext

    func planned() -> PlanOutcome {
        MarginPlanner(
            market: market, account: AccountID("a"), position: position, strategy: strategy,
            context: context
        ).plan()
    }

    func bestBySearch(steps: UInt64) -> Int256? {
        let lots = position.lots
        let grid = (1...steps).map { Int64($0) * lots / Int64(steps) }
        var sizes = lots <= Int64(steps) * 4 ? Array(1...lots) : grid
        var taken: Int64 = 0
        for level in book { taken += level.quantity.asInt64 ?? 0; sizes += [taken - 1, taken] }
        return sizes.filter { $0 > 0 && $0 <= lots && $0 % market.terms.lotStep == 0 || $0 == lots }
            .compactMap { pay(closing: $0) }.max()
    }

    private var book: [DepthLevel] {
        let book = context.depth[market.terms.asset]
        return (position.side == .long ? book?.bids : book?.asks) ?? []
    }

    /// The keeper's lines of the settlement that the law would make of it.
    private func pay(closing lots: Int64) -> Int256? {
        if let most = context.notionalMaxUnits, UInt256(UInt64(lots * market.mark)) > most {
            return nil
        }
        var (left, value) = (lots, Int64(0))
        for level in book {
            let taken = min(left, level.quantity.asInt64 ?? 0)
            value += taken * Int64(level.price)
            left -= taken
        }
        guard left == 0, let equity = position.equity(at: market.mark).asInt64,
            let maintenance = market.maintenance(position).asInt64,
            // A close that the law refuses is worth nothing.
            let reduction = try? MarginReduction(
                of: position, closing: lots, fill: MarginFill(value: value, exitCost: 0),
                mark: market.mark),
            let close = try? reduction.close(
                at: CloseTrigger(
                    height: 1, account: AccountID("a"), equity: equity,
                    maintenance: maintenance)),
            let result = try? SettlementState().settle(
                close, under: market.terms.policy, bearers: .claims([]))
        else { return nil }
        let gained = result.lines.filter { $0.beneficiary == "keeper" }
            .reduce(Int256.zero) { $0 + $1.amountUnits }
        return Int256(exactly: context.sendingCostUnits).map { gained - $0 }
    }
}

extension SizingSampler {
    mutating func margin() throws -> MarginSizingCase {
        let asset = AssetID("PERP")
        let side = chance(percent: 50) ? PositionSide.long : .short
        let entry = Int64(number(1_000_000...50_000_000))
        let lots = Int64(number(20...4_000))
        let mark = entry / 1_000 * Int64(side == .long ? number(930...995) : number(1_005...1_070))
        let loss = (side == .long ? entry - mark : mark - entry) * lots
        let value = lots * mark
        // Equity from a little to nearly what is required, which is 0.4 % here.
        let equity = value / 1_000_000 * Int64(number(100...3_990))
        let position = MarginPosition(
            side: side, lots: lots, entryPrice: entry, marginUnits: loss + equity)
        guard
            var market = MarginMarket(
                terms: MarginTerms(
                    market: MarketID("m"), asset: asset, lotStep: chance(percent: 50) ? 1 : 5,
                    policy: .plain))
        else { throw SizingSamplerProblem("the plain policy has tiers") }
        _ = market.publish(eligible(asset, UInt64(mark)))
        var price = UInt64(mark)
        let stepMax = number(0...12)
        let levels = (0..<number(1...10)).map { _ in
            let step = price / 10_000 * number(0...stepMax)
            price = side == .long ? price - step : price + step
            return DepthLevel(price: price, quantity: UInt256(number(5...UInt64(lots))))
        }
        let drawn = context(notionalUnits: UInt64(value), [])
        let strategy = try strategy(
            kind: .margin, limitAsset: asset, notionalUnits: UInt64(value), mayFlash: false)
        return MarginSizingCase(
            market: market, position: position, strategy: strategy,
            context: PlanningContext(
                now: drawn.now, height: 1, quote: drawn.quote,
                depth: [
                    asset: DepthBook(
                        asset: asset, bids: side == .long ? levels : [],
                        asks: side == .long ? [] : levels)
                ], flashPools: [:], available: [:], priceAges: drawn.priceAges,
                sendingCostUnits: drawn.sendingCostUnits,
                notionalMaxUnits: drawn.notionalMaxUnits))
    }
}
