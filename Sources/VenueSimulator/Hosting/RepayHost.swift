import KeeperModel
import LiquidationRules
import WideMath

/// A market where accounts are closed by repaying their debt, of whatever protocol: amounts by the
/// protocol's rules, value by the settlement law.
struct RepayHost<Rules: GrowingRules & TradingRules>: RulesHost where Rules.Trade: RepayTrade {
    var rules: Rules
    let terms: MarketTerms
    let policy: SettlementPolicy

    func grown(_ growth: Growth) -> [MarketFigure] { rules.grown(growth) }

    func settle(
        _ order: CloseOrder, _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        switch order.plan.action {
        case .lending(let close): return try settle(close, order, published, in: &world)
        case .sequence(let steps):
            return try SequenceDesk(host: self, order: order, steps: steps)
                .settle(published, in: &world)
        default:
            throw CloseRefused(.malformed, "only repaying debt closes an account of this market")
        }
    }

    func settle(
        _ close: LendingClose, _ order: CloseOrder, _ published: AccountPosition,
        in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        let position = try closeable(published)
        guard let trades = rules.trades(of: position) else {
            throw CloseRefused(.marketClosed, "a price of the account is missing")
        }
        guard
            let trade = trades.first(where: {
                $0.payAsset == close.repayAsset && $0.takeAsset == close.seizeAsset
            })
        else {
            throw CloseRefused(
                .limitViolated,
                "the account owes no \(close.repayAsset) that \(close.seizeAsset) could pay")
        }
        return try TradeDesk(order: order, close: close, trade: trade).settle(in: &world) {
            (_, world) throws(CloseRefused) in
            try change(order, close, trade, &world)
        }
    }

    private func change(
        _ order: CloseOrder, _ close: LendingClose, _ trade: Rules.Trade,
        _ world: inout ClosingWorld
    ) throws(CloseRefused) -> MarketChange {
        do {
            let repaid = try trade.close(payingAtMost: close.repayAmountMax)
            let valuation = try RepayValuation(
                trade, repaid, in: world, account: order.account)
            var records = [try append(valuation.close, valuation.facts, order, &world)]
            if let writeOff = valuation.writeOff() {
                let facts = [SettlementFact(name: "kind", value: "write-off")]
                records.append(try append(writeOff, facts, order, &world))
            }
            return MarketChange(
                position: repaid.position, figures: repaid.figures, records: records)
        } catch let error as CloseRefused {
            throw error
        } catch {
            throw CloseRefused(.limitViolated, "the law refuses the close: \(error)")
        }
    }

    private func append(
        _ reduced: ReducedClose, _ facts: [SettlementFact], _ order: CloseOrder,
        _ world: inout ClosingWorld
    ) throws -> SettlementRecord {
        let market = order.plan.target.market
        let result = try world.settlements.state.settle(
            reduced, under: policy, bearers: .claims(world.lenders[market] ?? []))
        for charge in result.socialised {
            world.chargeLender(charge, of: market)
        }
        // Keeper and treasury were paid in kind, out of the collateral.
        try world.pay(
            result.lines, from: order.pool,
            to: ["fund": .fund, "lps": .lps, "stakers": .stakers])
        return world.settlements.append(
            result, policy: policy, height: world.height, account: order.nameInRecords,
            keeper: order.keeper, facts: facts, hidesNames: order.shownAs != nil)
    }
}

extension ClosingWorld {
    fileprivate mutating func chargeLender(_ charge: SocialCharge, of market: MarketID) {
        lenders[market] = (lenders[market] ?? []).map { claim in
            guard claim.account == charge.account else { return claim }
            return SocialClaim(account: claim.account, amount: claim.amount - charge.amount)
        }
    }
}

/// Rules whose figures grow with time.
protocol GrowingRules: PublishedMarketRules {
    func grown(_ growth: Growth) -> [MarketFigure]
}

extension Growth {
    /// In ray.
    var ratePerYearRay: UInt256 { UInt256(ratePpmPerYear) * ray / 1_000_000 }
    /// In wad.
    var ratePerSecondWad: UInt256 {
        UInt256(ratePpmPerYear) * wad / 1_000_000 / UInt256(31_536_000)
    }
}

extension LendingMarket: GrowingRules {
    /// Only the quote asset is borrowed here; what nobody borrows earns nothing.
    func grown(_ growth: Growth) -> [MarketFigure] {
        terms.reserves.filter { $0.asset == growth.quote }.flatMap { reserve in
            // An index that overflows cannot be accrued on the chain either.
            let index = try? aaveNormalizedDebt(
                indexRay: ray, rateRay: growth.ratePerYearRay,
                elapsedSeconds: growth.sinceOpeningSeconds, compounding: .binomial)
            return index.map {
                [MarketFigure].indexes(
                    of: reserve.asset, liquidityRay: ray, variableBorrowRay: $0)
            } ?? []
        }
    }
}

extension HostedEuler: GrowingRules {
    func grown(_ growth: Growth) -> [MarketFigure] {
        let clock = MarketFigure(.seconds, UInt256(growth.nowSeconds))
        // Interest that does not fit cannot be accrued on the chain either.
        let accumulator = try? aaveNormalizedDebt(
            indexRay: ray, rateRay: growth.ratePerYearRay,
            elapsedSeconds: growth.sinceOpeningSeconds, compounding: .binomial)
        return [MarketFigure(.accumulatorRay, accumulator ?? accumulatorRay), clock]
    }
}

extension HostedMorpho: GrowingRules {
    func grown(_ growth: Growth) -> [MarketFigure] {
        let assets = UInt256(borrowAssets)
        // Interest that does not fit cannot be accrued on the chain either.
        let interest = try? wadMul(
            assets,
            morphoCompounded(
                ratePerSecondWad: growth.ratePerSecondWad, elapsedSeconds: growth.sinceLastSeconds),
            rounding: .down)
        guard let interest, !interest.isZero else { return [] }
        return [MarketFigure(.borrowAssets, assets + interest)]
    }
}
