import KeeperModel
import LiquidationRules
import WideMath

/// What everybody holds when the venue opens: enough in every pool that what is owed can be paid.
extension ClosingWorld {
    init(opening scenario: Scenario, accounts: [MarketID: [AccountID: AccountState]]) {
        var custody = Custody()
        let plenty = UInt256(1) << 100
        for asset in scenario.assets.map(\.description.asset) + [scenario.quote.asset] {
            for market in scenario.markets { custody.endow(.pool(market), asset, plenty) }
            custody.endow(.bookMakers, asset, plenty)
            custody.endow(.customers, asset, plenty)
        }
        for market in scenario.hosted {
            let name = market.terms.market
            guard case .liquity(let terms) = market.terms else { continue }
            custody.endow(.stabilityPool(name), terms.debt, UInt256(market.poolUnits))
            custody.endow(.gasPool(name), terms.debt, plenty)
            custody.endow(.gasPool(name), terms.collateral, plenty)
        }
        custody.endow(.flashPool, scenario.flashPool.asset, scenario.flashPool.available)
        let fund = Int256(scenario.fundUnits)
        custody.endow(.fund, scenario.quote.asset, fund.magnitude)
        self.init(
            custody: custody, settlements: SettlementBook(state: SettlementState(fund: fund)),
            quote: scenario.quote)
        flashPools[scenario.flashPool.asset] = scenario.flashPool
        for market in scenario.hosted.map(\.terms) {
            guard let borrowed = market.borrowedUnits(accounts[market.market] ?? [:]) else {
                continue
            }
            lenders[market.market] = Self.lenders(borrowed)
        }
    }

    /// Three lenders who together lent twice what is borrowed.
    private static func lenders(_ borrowedUnits: Int64) -> [SocialClaim] {
        let lent = Int256(borrowedUnits) * 2
        return [("lender-a", 5), ("lender-b", 3), ("lender-c", 2)].map { name, tenths in
            SocialClaim(account: AccountID(name), amount: lent * Int256(tenths) / Int256(10))
        }
    }
}

extension MarketTerms {
    /// Nil where the law has no lenders who could carry a loss.
    fileprivate func borrowedUnits(_ accounts: [AccountID: AccountState]) -> Int64? {
        let scaled = accounts.keys.sorted().reduce(UInt256.zero) {
            $0 + (accounts[$1]?.position.scaledDebt ?? .zero)
        }
        switch self {
        case .lending: return scaled.asInt64
        case .morphoBlue: return (scaled / 1_000_000).asInt64
        case .euler: return (scaled >> 31).asInt64
        // Compound III has reserves that carry what is lost, Liquity its pool and troves,
        // Maker its own surplus.
        case .margin, .compound, .liquity, .maker, .offers: return nil
        }
    }
}
