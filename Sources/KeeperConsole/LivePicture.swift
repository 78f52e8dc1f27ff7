import KeeperEngine
package import KeeperModel
package import KeeperRuntime
import LiquidationRules
package import WideMath

/// What a person wants to see of a running keeper: prices, the accounts nearest to their lines,
/// what was closed, what it earned. Text from a state, and nothing else.
package struct LivePicture {
    private let domains: [DomainID]
    private let unit: AssetDescription
    private static let accountCount = 6

    package init(domains: [DomainID], unit: AssetDescription) {
        precondition(!domains.isEmpty, "A picture is of a venue")
        self.domains = domains
        self.unit = unit
    }

    /// A screenful, for a terminal.
    package func screen(of keeper: Keeper, money: MoneyShown) -> [String] {
        guard domains.count == 1 else { return screenOfSeveral(keeper, money) }
        guard let state = keeper.engine.domain(domains[0]) else {
            return ["waiting for the venue"]
        }
        let healths = healths(state)
        var lines = ["height \(state.height)   " + summary(keeper, money.netUnits), ""]
        lines += prices(state)
        lines += ["", "accounts by health (1 is the line)"] + bands(healths)
        lines += ["", "next to cross"] + nearest(healths)
        lines += ["", "latest closes"] + money.latest
        return lines
    }

    /// One line, where there is no terminal.
    package func line(of keeper: Keeper, money: MoneyShown) -> String {
        let eligible = keeper.engine.eligibleTargets().count
        guard domains.count == 1 else {
            return heights(keeper).map { "\($0.domain) \($0.text)" }.joined(separator: ", ")
                + " eligible \(eligible) " + summary(keeper, money.netUnits)
        }
        guard let state = keeper.engine.domain(domains[0]) else { return "waiting for the venue" }
        return "height \(state.height) eligible \(eligible) " + summary(keeper, money.netUnits)
    }

    /// Of several venues: how far each is, and the accounts of all together.
    private func screenOfSeveral(_ keeper: Keeper, _ money: MoneyShown) -> [String] {
        let all = domains.flatMap { domain in
            keeper.engine.domain(domain).map { healths($0, in: domain) } ?? []
        }.sorted { $0.wad < $1.wad }
        var lines = [summary(keeper, money.netUnits), ""]
        lines += columns(heights(keeper).map { [$0.domain.text, $0.text] })
        lines += ["", "accounts by health (1 is the line)"] + bands(all)
        lines += ["", "next to cross"] + nearest(all)
        return lines + ["", "latest closes"] + money.latest
    }

    private func heights(_ keeper: Keeper) -> [(domain: DomainID, text: String)] {
        domains.map { domain in
            (domain, keeper.engine.domain(domain).map { "height \($0.height)" } ?? "waiting")
        }
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

    private typealias Health = (place: String, account: AccountID, wad: UInt256)

    /// Every account of every market, the lowest health first.
    private func healths(_ state: DomainState, in domain: DomainID? = nil) -> [Health] {
        let prefix = domain.map { "\($0) " } ?? ""
        var all: [Health] = []
        for market in state.books.names {
            for near in state.books[market]?.nearest(.max) ?? [] {
                all.append((prefix + market.text, near.account, near.healthWad))
            }
        }
        return all.sorted { $0.wad < $1.wad }
    }

    /// How many accounts stand how far above their line.
    private func bands(_ healths: [Health]) -> [String] {
        let tops: [(name: String, perMille: UInt64)] = [
            ("below 1", 1_000), ("to 1.02", 1_020), ("to 1.05", 1_050), ("to 1.1", 1_100),
            ("to 1.25", 1_250), ("to 2", 2_000),
        ]
        var rest = healths[...]
        var rows: [[String]] = []
        for top in tops {
            let bound = Self.one / UInt256(1_000) * UInt256(top.perMille)
            let band = rest.prefix { $0.wad < bound }
            rest = rest.dropFirst(band.count)
            rows.append([top.name, "\(band.count)", bar(band.count)])
        }
        rows.append(["above", "\(rest.count)", bar(rest.count)])
        return columns(rows)
    }

    private func nearest(_ healths: [Health]) -> [String] {
        columns(
            healths.drop { $0.wad < Self.one }.prefix(Self.accountCount).map { near in
                [near.account.text, near.place, health(near.wad)]
            })
    }

    /// Six digits behind the point, cut.
    private func health(_ wad: UInt256) -> String {
        let million = Int256(exactly: wad / UInt256(1_000_000_000_000)) ?? .max
        return MoneyText(AssetDescription(asset: AssetID("health"), decimals: 6)).number(million)
    }

    /// A mark for every five, at most forty.
    private func bar(_ count: Int) -> String {
        String(repeating: "▪", count: min(40, (count + 4) / 5))
    }

    private static let one = UInt256(1_000_000_000_000_000_000)
}

/// What the ledger says, as far as a picture shows it.
package struct MoneyShown: Sendable {
    package var netUnits: Int256 = .zero
    /// A line for each of the latest closes.
    package var latest: [String] = []

    package init() {}
}
