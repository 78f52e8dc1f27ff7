import KeeperModel
import LiquidationRules
import WideMath

/// Settles the close of a margin position: the venue sells or buys back the lots in its own book,
/// and the law says who gets and who pays. The keeper risks nothing and gets its incentive.
struct MarginDesk {
    let market: MarginMarket
    let order: CloseOrder
    let close: MarginClose

    func settle(
        _ position: MarginPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        guard close.lots > 0, close.lots <= position.lots else {
            throw CloseRefused(.limitViolated, "\(close.lots) lots of \(position.lots)")
        }
        let fill = try fill(position, world)
        let (reduction, result) = try settle(position, fill, world)
        let incentive = result.lines.reduce(Int256.zero) {
            $1.beneficiary == "keeper" ? $0 + $1.amountUnits : $0
        }
        guard incentive >= Int256(close.incentiveMin) else {
            throw CloseRefused(
                .slippage, "the incentive is \(incentive), minimum \(close.incentiveMin)")
        }
        try world.pay(
            result.lines, from: order.pool,
            to: [
                "keeper": order.holder, "treasury": .treasury, "fund": .fund, "lps": .lps,
                "stakers": .stakers,
            ])
        let record = world.settlements.append(
            result, policy: market.terms.policy, height: world.height, account: order.account,
            keeper: order.keeper, facts: facts(reduction, fill))
        let change = MarketChange(
            position: after(position, reduction, result), others: others(result, world),
            records: [record])
        return settled(position, fill, result, change, &world)
    }

    private func settled(
        _ position: MarginPosition, _ fill: BookFill, _ result: SettlementResult,
        _ change: MarketChange, _ world: inout ClosingWorld
    ) -> SettledClose {
        var ledger = MovementLedger(world)
        for line in result.lines where line.beneficiary == "keeper" && !line.amountUnits.isNegative
        {
            ledger.came(line.amountUnits.magnitude, world.quote.asset, .incentive)
        }
        let taken = [AssetAmount(asset: market.terms.asset, amount: fill.quantity)]
        return SettledClose(
            change: change, receipt: world.receipt(of: order, ledger.movements, change.records),
            bidsTaken: position.side == .long ? taken : [],
            asksTaken: position.side == .short ? taken : [])
    }

    // MARK: The book

    private func fill(
        _ position: MarginPosition, _ world: ClosingWorld
    ) throws(CloseRefused) -> BookFill {
        guard let book = world.depth[market.terms.asset], close.limitPrice > 0 else {
            throw CloseRefused(.slippage, "there is no book for \(market.terms.asset)")
        }
        let lots = UInt256(UInt64(close.lots))
        let limit = UInt64(close.limitPrice)
        let fill =
            position.side == .long
            ? book.selling(lots, downTo: limit, unitScale: .one)
            : book.buying(lots, upTo: limit, unitScale: .one)
        guard fill.quantity == lots else {
            throw CloseRefused(
                .slippage, "the book takes \(fill.quantity) of \(lots) lots at \(limit)")
        }
        return fill
    }

    // MARK: The law

    private func settle(
        _ position: MarginPosition, _ fill: BookFill, _ world: ClosingWorld
    ) throws(CloseRefused) -> (MarginReduction, SettlementResult) {
        do {
            guard let value = fill.valueUnits.asInt64,
                let equity = position.equity(at: market.mark).asInt64,
                let maintenance = market.maintenance(position).asInt64
            else { throw SettlementError.outOfRange("value of a close") }
            let reduction = try MarginReduction(
                of: position, closing: close.lots, fill: MarginFill(value: value, exitCost: 0),
                mark: market.mark)
            let reduced = try reduction.close(
                at: CloseTrigger(
                    height: Int64(clamping: world.height), account: order.account,
                    equity: equity, maintenance: maintenance))
            let bearers = ClosedMarket(
                closedSide: position.side, closedLots: close.lots,
                bankruptcyPrice: reduction.bankruptcyPrice, mark: market.mark,
                positions: world.marginPositions.filter { $0.account != order.account })
            return (
                reduction,
                try world.settlements.state.settle(
                    reduced, under: market.terms.policy, bearers: .market(bearers))
            )
        } catch {
            throw CloseRefused(.limitViolated, "the law refuses the close: \(error)")
        }
    }

    private func facts(_ reduction: MarginReduction, _ fill: BookFill) -> [SettlementFact] {
        [
            SettlementFact(name: "mark", value: "\(market.mark)"),
            SettlementFact(name: "lots", value: "\(close.lots)"),
            SettlementFact(name: "fillValue", value: fill.valueUnits.description),
            SettlementFact(name: "bankruptcyPrice", value: "\(reduction.bankruptcyPrice)"),
        ]
    }

    // MARK: Positions after it

    /// What the closed part left: its margin is released, a surplus is credited to the rest, and a
    /// deficit that the account itself covered is charged to it.
    private func after(
        _ position: MarginPosition, _ reduction: MarginReduction, _ result: SettlementResult
    ) -> AccountPosition? {
        guard close.lots < position.lots else { return nil }
        let credited = result.lines.reduce(Int256.zero) {
            $1.beneficiary == "account" ? $0 + $1.amountUnits : $0
        }
        let margin =
            Int256(position.marginUnits) - Int256(reduction.releasedMargin) + credited
        return .margin(
            MarginPosition(
                side: position.side, lots: position.lots - close.lots,
                entryPrice: position.entryPrice, marginUnits: margin.asInt64 ?? 0))
    }

    /// Deleveraged positions close lots at the bankruptcy price, so what they keep of their margin
    /// carries the difference to the mark; socialised ones give a part of their profit.
    private func others(_ result: SettlementResult, _ world: ClosingWorld) -> [ChangedItem] {
        world.marginPositions.compactMap { other in
            let given = result.deleveraged.first { $0.account == other.account }
            let charge = result.socialised.first { $0.account == other.account }
            guard given != nil || charge != nil else { return nil }
            let lots = given?.lots ?? 0
            let realised = other.position.unrealisedProfit(lots: lots, at: market.mark)
            let margin =
                Int256(other.position.marginUnits) + realised - (given?.amount ?? .zero)
                - (charge?.amount ?? .zero)
            let left = MarginPosition(
                side: other.position.side, lots: other.position.lots - lots,
                entryPrice: other.position.entryPrice, marginUnits: margin.asInt64 ?? 0)
            return ChangedItem(
                account: other.account, position: left.lots == 0 ? nil : .margin(left))
        }
    }
}

extension ClosingWorld {
    /// Every open position of the market, for deleveraging and socialising.
    fileprivate var marginPositions: [MarketPosition] {
        neighbours.compactMap { state in
            guard case .margin(let position) = state.position else { return nil }
            return MarketPosition(account: state.account, position: position)
        }
    }
}

/// A margin market of the venue.
struct MarginHost: RulesHost {
    var rules: MarginMarket
    let terms: MarketTerms
    /// Of a deficit that falls on the other positions.
    var needsNeighbours: Bool { true }

    func grown(_ growth: Growth) -> [MarketFigure] { [] }

    func settle(
        _ order: CloseOrder, _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        guard case .margin(let close) = order.plan.action else {
            throw CloseRefused(.malformed, "only reducing a position closes one of this market")
        }
        return try MarginDesk(market: rules, order: order, close: close)
            .settle(closeable(published), in: &world)
    }
}
