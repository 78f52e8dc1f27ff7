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
                callsPerHeight: scenario.callsPerHeight,
                keeperReserve: scenario.keeperReserve),
            openedAt: instant)
    }
}
