import KeeperModel
import LiquidationRules
import WideMath

/// Settles a close that costs its caller nothing: the market changes, and whoever gave the push is
/// rewarded, perhaps sells the reward, and is gone.
struct PushDesk {
    let order: CloseOrder
    let close: PushClose
    let offer: PushOffer

    func settle(
        in world: inout ClosingWorld, paidBy payer: Holder, _ change: MarketChange
    ) throws(CloseRefused) -> SettledClose {
        var ledger = MovementLedger(world)
        var rewards = [AssetAmount(asset: world.quote.asset, amount: offer.inQuote)]
        if let inKind = offer.inKind?.reward { rewards.append(inKind) }
        for least in close.rewardMin {
            let given = rewards.reduce(UInt256.zero) {
                $1.asset == least.asset ? $0 + $1.amount : $0
            }
            guard given >= least.amount else {
                throw CloseRefused(
                    .slippage, "the reward is \(given) of \(least.asset), minimum \(least.amount)")
            }
        }
        for reward in rewards {
            // Collateral is handed over out of the market; only what is paid has a payer.
            let giver = reward.asset == world.quote.asset ? payer : order.pool
            try world.move(reward.amount, of: reward.asset, from: giver, to: order.holder)
            ledger.came(reward.amount, reward.asset, .incentive)
        }
        var sold: AssetAmount?
        if case .sell(let proceedsMin) = close.exit, let inKind = offer.inKind {
            sold = try world.sell(
                inKind.reward, forAtLeast: proceedsMin, unit: inKind.unit, by: order, &ledger)
        }
        return SettledClose(
            change: change, receipt: world.receipt(of: order, ledger.movements, change.records),
            bidsTaken: sold.map { [$0] } ?? [], asksTaken: [])
    }
}
