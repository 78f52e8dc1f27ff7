import KeeperEngine
package import KeeperModel
package import KeeperRuntime
import LiquidationRules
package import WideMath

/// What a person wants to see of a running keeper: prices, the accounts nearest to their lines,
/// what was closed, what it earned. Text from a state, and nothing else.
package struct LivePicture {
    private let domain: DomainID
    private let unit: AssetDescription
    private static let accountCount = 8

    package init(domain: DomainID, unit: AssetDescription) {
        self.domain = domain
        self.unit = unit
    }

    /// A screenful, for a terminal.
    package func screen(of keeper: Keeper, netUnits: Int256) -> [String] {
        guard let state = keeper.engine.domain(domain) else { return ["waiting for the venue"] }
        var lines = ["height \(state.height)   " + summary(keeper, netUnits), ""]
        lines += prices(state)
        lines += ["", "nearest to their lines (health, 1 is the line)"]
        lines += accounts(state)
        return lines
    }

    /// One line, where there is no terminal.
    package func line(of keeper: Keeper, netUnits: Int256) -> String {
        guard let state = keeper.engine.domain(domain) else { return "waiting for the venue" }
        let eligible = keeper.engine.eligibleTargets().count
        return "height \(state.height) eligible \(eligible) " + summary(keeper, netUnits)
    }

    private func summary(_ keeper: Keeper, _ netUnits: Int256) -> String {
        let tally = keeper.tally
        return "open \(keeper.engine.openIntentCount) won \(tally.wonCount) "
            + "not won \(tally.notWonCount) net \(MoneyText(unit).text(netUnits))"
    }

    private func prices(_ state: DomainState) -> [String] {
        let money = MoneyText(unit)
        let assets = state.description?.assets.map(\.asset) ?? []
        return columns(
            assets.compactMap { asset in
                guard let price = state.price(of: asset), let units = Int256(exactly: price) else {
                    return nil
                }
                return [asset.text, money.number(units)]
            })
    }

    private func accounts(_ state: DomainState) -> [String] {
        var all: [(market: MarketID, account: AccountID, healthWad: UInt256)] = []
        for market in state.books.keys.sorted() {
            for near in state.books[market]?.nearest(Self.accountCount) ?? [] {
                all.append((market, near.account, near.healthWad))
            }
        }
        all.sort { $0.healthWad < $1.healthWad }
        return columns(
            all.prefix(Self.accountCount).map { near in
                [near.account.text, near.market.text, health(near.healthWad), bar(near.healthWad)]
            })
    }

    /// Six digits behind the point, cut.
    private func health(_ wad: UInt256) -> String {
        let million = Int256(exactly: wad / UInt256(1_000_000_000_000)) ?? .max
        return MoneyText(AssetDescription(asset: AssetID("health"), decimals: 6)).number(million)
    }

    /// Distance from the line, a mark for each two hundredths, at most forty.
    private func bar(_ wad: UInt256) -> String {
        let one = UInt256(1_000_000_000_000_000_000)
        guard wad > one else { return "below" }
        let marks = min(40, ((wad - one) / (one / UInt256(50))).asInt64 ?? 40)
        return String(repeating: "·", count: Int(marks))
    }
}
