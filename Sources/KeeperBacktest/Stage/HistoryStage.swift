package import KeeperModel
import LiquidationRules
package import VenueSimulator
import WideMath

/// A scenario whose prices are those of history: its markets, accounts, books and flash pool, with
/// every price path replaced by what was imported.
package struct HistoryStage: Sendable {
    package let scenario: Scenario
    package let domain: DomainID

    package init(_ scenario: Scenario, domain: DomainID) {
        self.scenario = scenario
        self.domain = domain
    }

    package var assets: [AssetID] { scenario.assets.map(\.description.asset) }

    /// The venue as it opens at these prices; accounts are drawn by the scenario's seed. Nil where
    /// a price is none that a path can have.
    func opening(at prices: [AssetID: UInt64], on instant: Instant) -> ReferenceVenue? {
        var assets: [ScenarioAsset] = []
        for asset in scenario.assets {
            guard let price = prices[asset.description.asset],
                let path = PricePath(points: [.init(height: 0, price: price)], noiseBps: 0)
            else { return nil }
            assets.append(
                ScenarioAsset(
                    description: asset.description, path: path, liquidity: asset.liquidity))
        }
        return ReferenceVenue(
            scenario: Scenario(
                name: scenario.name, seed: scenario.seed, heightSpan: scenario.heightSpan,
                heightCount: scenario.heightCount, quote: scenario.quote, assets: assets,
                hosted: scenario.hosted, fundUnits: scenario.fundUnits,
                flashPool: scenario.flashPool, keeperEndowment: scenario.keeperEndowment,
                callsPerHeight: scenario.callsPerHeight),
            openedAt: instant)
    }

    /// The books of the moment: the scenario's, around the exchange's price, and thinner the wilder
    /// the market is.
    func books(at prices: [AssetID: UInt64], under conditions: MarketConditions) -> [DepthBook] {
        scenario.assets.compactMap { asset in
            let name = asset.description.asset
            guard let price = prices[name] else { return nil }
            let thin = asset.liquidity.thinned(conditions)
            return BookState(asset: name, model: thin).book(atPrice: price)
        }
    }

    package var depthPart: ModelPart {
        ModelPart(
            "depth", .borrowed(from: "2024-08-08"),
            "the scenario's books around the exchange's price, thinner by half of what stress "
                + "adds; whole again with every round, and every five minutes without one")
    }
}

extension LiquidityModel {
    fileprivate func thinned(_ conditions: MarketConditions) -> LiquidityModel {
        let sharePpm = conditions.shrunk(1_000_000, followingPpm: ExecutionModel.depthSharePpm)
        let quantity = quantityPerLevel * UInt256(sharePpm) / UInt256(1_000_000)
        return LiquidityModel(
            levelCount: levelCount, spreadBps: spreadBps, stepBps: stepBps,
            quantityPerLevel: max(quantity, .one), recoveryPpm: recoveryPpm)
    }
}
