package import KeeperModel
import LiquidationRules
package import WideMath

/// Closes that others make in our history: rivals of a backtest, and real ones of the past. They
/// settle by the same rules, sell into the same books, and end the account's episode as ours do.
/// Whoever calls tells the keeper that the account is out of its sight.
extension CounterfactualVenue {
    /// The largest close that rules, purse and book allow, made now by somebody with a deep purse.
    /// Nil where the account cannot be closed, was closed in this episode already, or would bring
    /// less than so much. What is left of an auction or of goods can be bought again.
    package mutating func closeByOther(
        _ target: Target, named other: String, gainMinUnits: Int256
    ) -> ObservedClose? {
        guard var trial = world, let host = markets[target.market],
            let state = accounts[target.market]?[target.account],
            !forks.hasEarned(target.market, target.account),
            let close = bestClose(of: state, host, by: other, in: &trial),
            close.gainUnits >= gainMinUnits
        else { return nil }
        let plan = ClosePlan(
            clientID: ClientID("other-\(otherCloseCount + 1)"), target: target,
            accountVersion: state.version, action: close.action, validUntilHeight: trial.height)
        trial.neighbours = host.needsNeighbours ? neighbours(target.market) : []
        // What is refused to a rival is not closed by it: there is nobody to tell.
        guard
            let settled = try? host.settle(
                CloseOrder(plan: plan, keeper: other), state.position, in: &trial)
        else { return nil }
        trial.neighbours = []
        otherCloseCount += 1
        world = trial
        take(settled)
        leave(settled.change, of: state, in: target.market)
        return settled.receipt.observed(of: target, by: other, at: trial.height)
    }

    private func bestClose(
        of state: AccountState, _ host: any HostedMarket, by other: String,
        in world: inout ClosingWorld
    ) -> PlainClose? {
        let purse = UInt256(1) << 100
        if world.custody.balance(of: .keeper(other), world.quote.asset) < purse >> 1 {
            world.custody.endow(.keeper(other), world.quote.asset, purse)
        }
        let sizing = PlainSizing(
            custody: world.custody, holder: .keeper(other), depth: world.depth,
            quote: world.quote.asset, holdsWhatIsLeft: true)
        return host.offers(on: state.position).compactMap { sizing.close($0) }
            .max { $0.gainUnits < $1.gainUnits }
    }
}

extension CloseReceipt {
    /// What everybody sees of it.
    func observed(of target: Target, by keeper: String, at height: UInt64) -> ObservedClose {
        func moved(_ causes: [MovementCause]) -> AssetAmount? {
            movements.first { causes.contains($0.cause) }.map {
                AssetAmount(asset: $0.asset, amount: $0.amount.magnitude)
            }
        }
        return ObservedClose(
            target: target, keeper: keeper, height: height, paid: moved([.repaid]),
            taken: moved([.seized, .incentive]),
            valueUnits: movements.reduce(.zero) { $0 + $1.valueUnits })
    }
}
