package import KeeperEngine
package import KeeperModel
import KeeperStrategy
package import WideMath

/// The most that a close of an account could bring now: unlimited funds, nothing to pay for them,
/// no gas, no rival, and what is taken valued at the venue's own price. No strategy can honestly
/// have earned more, so the sum of these bounds a backtest's net.
package struct IdealBonus {
    private let keepers: [Strategy]

    /// More of every asset than any close needs, and far from the end of the numbers.
    private static let plenty = UInt256(1) << 110

    package init() {
        keepers = [Sizing.optimal, .twoStep(marginPpm: 0)].compactMap(Self.keeper)
    }

    private static func keeper(_ sizing: Sizing) -> Strategy? {
        // The condition is a constant that a test reads; without it there is no bound and no
        // headline.
        guard let condition = try? Condition("health < 1") else { return nil }
        return Strategy(
            name: StrategyName("ideal"), version: 1, summary: "bounds every strategy",
            markets: Set(CloseKind.allCases), condition: condition, sizing: sizing,
            funding: .inventory, exit: .hold, bid: nil, validHeights: 1, coolDown: .zero)
    }

    /// Nil where the rules offer no close at all.
    package func units(of target: Target, in engine: Engine, at now: Instant) -> Int256? {
        guard let domain = engine.domain(target.domain), let book = domain.books[target.market],
            let description = domain.description
        else { return nil }
        var available: [AssetID: UInt256] = [description.quote.asset: Self.plenty]
        for asset in description.assets { available[asset.asset] = Self.plenty }
        let context = PlanningContext(
            now: now, height: domain.height, quote: description.quote, depth: domain.depth,
            flashPools: [:], available: available,
            priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero))
        return keepers.compactMap { keeper in
            guard case .planned(let close) = book.plan(target.account, by: keeper, in: context)
            else { return nil }
            return close.expectation.grossUnits
        }.max()
    }
}
