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
        }
        custody.endow(.flashPool, scenario.flashPool.asset, scenario.flashPool.available)
        let fund = Int256(scenario.margin.fundUnits)
        custody.endow(.fund, scenario.quote.asset, fund.magnitude)
        self.init(
            custody: custody, settlements: SettlementBook(state: SettlementState(fund: fund)),
            quote: scenario.quote)
        flashPools[scenario.flashPool.asset] = scenario.flashPool
        let owed = Self.debtUnits(accounts[scenario.lending.terms.market] ?? [:])
        lenders[scenario.lending.terms.market] = Self.lenders(owed)
    }

    /// Three lenders who together lent twice what is borrowed.
    private static func lenders(_ borrowedUnits: Int64) -> [SocialClaim] {
        let lent = Int256(borrowedUnits) * 2
        return [("lender-a", 5), ("lender-b", 3), ("lender-c", 2)].map { name, tenths in
            SocialClaim(account: AccountID(name), amount: lent * Int256(tenths) / Int256(10))
        }
    }

    private static func debtUnits(_ borrowers: [AccountID: AccountState]) -> Int64 {
        borrowers.keys.sorted().reduce(0) { total, account in
            guard case .lending(let position) = borrowers[account]?.position else { return total }
            return position.debts.reduce(total) { sum, debt in
                sum + (debt.scaledAmount.asInt64 ?? 0)
            }
        }
    }
}
