import KeeperModel
import LiquidationRules
import WideMath

/// Settles several closes of one borrower as one: each finds the account, the market's figures and
/// the books as the one before left them, and where one is refused all are.
struct SequenceDesk<Rules: GrowingRules & TradingRules> where Rules.Trade: RepayTrade {
    let host: RepayHost<Rules>
    let order: CloseOrder
    let steps: [LendingClose]

    func settle(
        _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        let (depth, fillCount) = (world.depth, world.fillCount)
        var market = host
        var left: AccountPosition? = published
        var settled: [SettledClose] = []
        var done: [SettledStep] = []
        for (number, step) in steps.enumerated() {
            guard let position = left else {
                throw CloseRefused(.healthy, "nothing is left for step \(number + 1)")
            }
            let close = try market.settle(step, order, position, in: &world)
            left = close.change.position
            _ = market.rules.take(close.change.figures)
            for sold in close.bidsTaken {
                world.depth[sold.asset] = world.depth[sold.asset]?.sold(sold.amount)
            }
            settled.append(close)
            done.append(
                SettledStep(
                    close: step, change: close.change, receipt: close.receipt,
                    settlement: world.settlements.state,
                    lenders: world.lenders[order.plan.target.market] ?? []))
        }
        // Whoever commits a close takes its sales off the books: once for all steps.
        world.depth = depth
        world.fillCount = fillCount
        let change = MarketChange(
            position: left, others: settled.flatMap(\.change.others),
            figures: settled.flatMap(\.change.figures), records: settled.flatMap(\.change.records))
        return SettledClose(
            change: change,
            receipt: world.receipt(
                of: order, settled.flatMap(\.receipt.movements), change.records),
            bidsTaken: settled.flatMap(\.bidsTaken), asksTaken: [], steps: done)
    }
}
