import KeeperModel
import VenueSimulator
import WideMath

extension MutatedVenue {
    /// So that there are settlements to look at: the first borrower that may be closed is.
    static func settleSomething(at venue: inout ReferenceVenue) throws {
        let market = MarketID("lend-main")
        for state in venue.snapshot(of: market) ?? [] {
            guard venue.markets[market]?.isLiquidatable(state.position) == true,
                case .lending(let position) = state.position, let debt = position.debts.first,
                let collateral = position.collateral.first
            else { continue }
            let plan = ClosePlan(
                clientID: ClientID("before-the-test"),
                target: Target(
                    domain: DomainID("venue"), market: market, account: state.account),
                accountVersion: state.version,
                action: .lending(
                    LendingClose(
                        repayAsset: debt.asset, repayAmountMax: .max, seizeAsset: collateral.asset,
                        seizeAmountMin: .zero, funding: .flash(premiumMax: .max),
                        exit: .sell(proceedsMin: .zero))),
                validUntilHeight: venue.height + 50)
            _ = venue.close(plan, bodyHash: "-", keeper: "somebody")
            if !venue.world.settlements.records.isEmpty { return }
        }
        throw RigProblem("nobody can be closed")
    }
}

extension MutatedVenue {
    /// So that there are changes of a market's state to look at: one that was told ahead and came,
    /// and its end.
    static func switchSomething(at venue: inout ReferenceVenue) {
        guard let market = venue.scenario.markets.last else { return }
        for state in [MarketState.reduceOnly, .open] {
            venue.announce(
                state, of: market, fromHeight: venue.height + 2, reason: "an upgrade")
            for _ in 0..<2 { venue.advance(to: venue.nextHeightAt) }
        }
    }
}
