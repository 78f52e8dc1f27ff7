package import KeeperModel
import LiquidationRules
import WideMath

/// A venue whose time and prices somebody else tells, of history: it keeps the accounts as they are
/// without anybody's closes, and lets their owners do something with them.
extension ReferenceVenue {
    /// At this moment, with these prices in force.
    package mutating func stand(at now: Instant, under updates: [PriceUpdate]) {
        world.now = max(world.now, now)
        for update in updates {
            for market in scenario.markets { markets[market]?.publish(update) }
            world.publish(update, scenario.assets.map(\.description))
        }
    }

    /// Lets so much time change every market's figures.
    package mutating func grow(_ growth: (MarketScenario) -> Growth) {
        for hosted in scenario.hosted {
            let market = hosted.terms.market
            take(markets[market]?.grown(growth(hosted)) ?? [], of: market)
        }
        publishFigures()
    }

    /// Those who are in a market now, instead of whoever was drawn.
    package mutating func populate(_ market: MarketID, with states: [AccountState]) {
        guard accounts[market] != nil else { return }
        accounts[market] = Dictionary(
            states.map { ($0.account, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// In ppm; nil for whoever owes nothing, and for what is nobody's account.
    package func healthPpm(of account: AccountID, in market: MarketID) -> UInt64? {
        guard let position = accounts[market]?[account]?.position, position.isInDebt else {
            return nil
        }
        guard let health = markets[market]?.healthWad(of: position) else { return nil }
        return (health / 1_000_000_000_000).asUInt64 ?? .max
    }
}

extension AccountPosition {
    fileprivate var isInDebt: Bool {
        if case .margin(let held) = self { held.lots > 0 } else { !scaledDebt.isZero }
    }
}
