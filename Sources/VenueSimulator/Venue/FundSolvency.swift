package import KeeperModel
import LiquidationRules
package import WideMath

/// What accounts would leave uncovered under the worst of the shocks that the policies in force
/// name (`settlement.md` section 6), over all accounts of the venue.
package struct StressLoss: Hashable, Sendable {
    /// The first among equals.
    package let shock: String
    /// In the quote currency's units.
    package let amount: UInt256

    /// How far a fund reaches: ⌊fund · 1e6 / max(1, loss)⌋.
    package func solvencyPpm(of fund: Int256) -> Int256 {
        let divisor = Int256(exactly: max(.one, amount)) ?? .max
        return (fund * 1_000_000).quotient(dividingBy: divisor, rounding: .down)
    }
}

extension ReferenceVenue {
    /// As accounts and prices are now. Nil where no policy names a shock, and while an account
    /// cannot be valued because a price is missing.
    package var stressLoss: StressLoss? {
        var losses: [(shock: String, amount: UInt256)] = []
        for market in scenario.markets {
            guard let host = markets[market], let rule = host.terms.policy?.stress else { continue }
            for shock in rule.shocks {
                guard let loss = loss(of: market, in: host, under: shock, rule) else { return nil }
                let place = losses.firstIndex { $0.shock == shock.name }
                guard let place else {
                    losses.append((shock.name, loss))
                    continue
                }
                losses[place].amount = losses[place].amount.saturatingAdd(loss)
            }
        }
        guard let first = losses.first else { return nil }
        let worst = losses.reduce(first) { $1.amount > $0.amount ? $1 : $0 }
        return StressLoss(shock: worst.shock, amount: worst.amount)
    }

    private func loss(
        of market: MarketID, in host: any HostedMarket, under shock: Shock, _ rule: StressRule
    ) -> UInt256? {
        var shocked = host
        for asset in lastUpdates.keys.sorted() where asset != scenario.quote.asset {
            if let update = lastUpdates[asset] { shocked.publish(update.moved(by: shock)) }
        }
        let exitCostPpm = UInt64(clamping: rule.exitCostPpm)
        var loss = UInt256.zero
        for state in snapshot(of: market) ?? [] {
            guard
                let own = shocked.shortfall(of: state.position, exitCostPpm: exitCostPpm)
            else { return nil }
            loss = loss.saturatingAdd(own)
        }
        return loss
    }

    /// What it was after each settlement, for those that came since the last time. Where no policy
    /// names a shock this costs nothing.
    mutating func noteStressLoss() {
        let count = world.settlements.records.count
        guard stressLosses.count < count else { return }
        let now = stressLoss
        while stressLosses.count < count { stressLosses.append(now) }
    }
}

extension PriceUpdate {
    fileprivate func moved(by shock: Shock) -> PriceUpdate {
        let own = shock.assetMovesPpm.first { $0.asset == asset.text }?.movePpm
        let share = UInt256(UInt64(clamping: 1_000_000 + (own ?? shock.defaultPpm)))
        // A price that would not fit a shock stays what it is.
        let moved = try? mulDiv(price, share, dividingBy: 1_000_000, rounding: .down)
        return PriceUpdate(
            asset: asset, kind: kind, price: moved ?? price, round: round, sourceAt: sourceAt)
    }
}

extension HostedMarket {
    /// A market that settles by a law of its own names no shocks.
    package func shortfall(of published: AccountPosition, exitCostPpm: UInt64) -> UInt256? {
        .zero
    }
}

extension RepayHost {
    /// Debt and the cost of selling the collateral, less what that brings. Nobody owes and holds
    /// nothing: the law writes such a debt off.
    package func shortfall(of published: AccountPosition, exitCostPpm: UInt64) -> UInt256? {
        guard let position = rules.position(from: published),
            let trades = rules.trades(of: position)
        else { return nil }
        guard let account = trades.first?.account else { return .zero }
        return account.collateral.lackingAgainst(account.debt, exitCostPpm)
    }
}

extension MarginHost {
    package func shortfall(of published: AccountPosition, exitCostPpm: UInt64) -> UInt256? {
        guard let position = rules.position(from: published), rules.mark > 0 else { return nil }
        let notional = UInt256(position.lots.magnitude) * UInt256(rules.mark.magnitude)
        let equity = position.equity(at: rules.mark)
        let cost = notional.exitCost(exitCostPpm)
        guard equity >= .zero else { return equity.magnitude.saturatingAdd(cost) }
        return cost.saturatingSubtract(equity.magnitude)
    }
}

extension UInt256 {
    fileprivate func exitCost(_ ppm: UInt64) -> UInt256 {
        // What does not fit costs more than anybody can hold.
        (try? mulDiv(self, UInt256(ppm), dividingBy: 1_000_000, rounding: .up)) ?? .max
    }

    fileprivate func lackingAgainst(_ debt: UInt256, _ exitCostPpm: UInt64) -> UInt256 {
        debt.saturatingAdd(exitCost(exitCostPpm)).saturatingSubtract(self)
    }
}
