import KeeperModel
import LiquidationRules
import WideMath

/// A Liquity system at the venue, of either version: troves are closed whole, by whoever pushes
/// them, against the stability pool and, past its deposits, against all other troves.
///
/// What a redistribution leaves over when it is shared out stays with the redistributed pool; the
/// contracts carry it into the next one.
struct LiquityHost<Rules: LiquityRules>: RulesHost {
    var rules: Rules
    let terms: MarketTerms
    /// A redistribution goes by everybody's stake.
    var needsNeighbours: Bool { true }

    func grown(_ growth: Growth) -> [MarketFigure] {
        switch rules.terms.version {
        case .v1: []
        case .v2: [MarketFigure(.seconds, UInt256(growth.nowSeconds))]
        }
    }

    func settle(
        _ order: CloseOrder, _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        guard case .push(let push) = order.plan.action else {
            throw CloseRefused(.malformed, "a trove is pushed, and closed in no other way")
        }
        let position = try closeable(published)
        guard let close = rules.close(position), let offer = rules.push(of: position) else {
            throw CloseRefused(.limitViolated, "the rules close no such trove")
        }
        let others = world.neighbours.filter { $0.account != order.account }
        guard !others.isEmpty else {
            throw CloseRefused(.limitViolated, "the last trove cannot be closed")
        }
        try move(close, of: position, order, &world)
        let change = MarketChange(
            position: nil, figures: try figures(after: close, others),
            records: [record(close, offer, order, &world)])
        return try PushDesk(order: order, close: push, offer: offer)
            .settle(in: &world, paidBy: .gasPool(order.plan.target.market), change)
    }

    // MARK: Movements

    /// All but the liquidator's reward, which the desk hands over.
    private func move(
        _ close: TroveClose, of position: Rules.Position, _ order: CloseOrder,
        _ world: inout ClosingWorld
    ) throws(CloseRefused) {
        let market = order.plan.target.market
        let collateral = rules.terms.collateral
        let gained = close.collateral - UInt256(rules.trove(of: position).collateral)
        try world.move(gained, of: collateral, from: .redistributed(market), to: order.pool)
        try world.move(
            close.debtOffset, of: rules.terms.debt, from: .stabilityPool(market), to: order.pool)
        let parts: [(UInt256, Holder)] = [
            (close.collateralToPool, .stabilityPool(market)),
            (close.collateralRedistributed, .redistributed(market)),
            (close.collateralSurplus, .surplus(market)),
        ]
        for (amount, holder) in parts {
            try world.move(amount, of: collateral, from: order.pool, to: holder)
        }
        if rules.terms.version == .v2 {
            try world.move(
                rules.terms.gasReserve, of: collateral, from: .gasPool(market), to: order.pool)
        }
    }

    // MARK: Figures

    private func figures(
        after close: TroveClose, _ others: [AccountState]
    ) throws(CloseRefused) -> [MarketFigure] {
        let stakes = others.reduce(UInt256.zero) { total, state in
            guard case .trove(let trove) = state.position else { return total }
            return total.saturatingAdd(trove.stake)
        }
        do {
            func grown(_ shares: UInt128, by amount: UInt256) throws -> UInt256 {
                guard !amount.isZero else { return UInt256(shares) }
                return try UInt256(shares)
                    + mulDiv(amount, wad, dividingBy: stakes, rounding: .down)
            }
            let collateral = try grown(rules.shares.collateral, by: close.collateralRedistributed)
            let debt = try grown(rules.shares.debt, by: close.debtRedistributed)
            let pool = (rules.poolDeposits ?? .zero).saturatingSubtract(close.debtOffset)
            return [
                MarketFigure(.collateralShares, collateral), MarketFigure(.debtShares, debt),
                MarketFigure(.poolDeposits, pool),
            ] + system(after: close)
        } catch {
            throw CloseRefused(.limitViolated, "the redistribution does not fit: \(error)")
        }
    }

    /// What is redistributed stays in the system; everything else leaves it.
    private func system(after close: TroveClose) -> [MarketFigure] {
        guard let system = rules.system else { return [] }
        let gone = close.collateral - close.collateralRedistributed
        return [
            MarketFigure(.systemCollateral, system.collateral.saturatingSubtract(gone)),
            MarketFigure(.systemDebt, system.debt.saturatingSubtract(close.debtOffset)),
        ]
    }

    // MARK: The protocol's own law

    private func record(
        _ close: TroveClose, _ offer: PushOffer, _ order: CloseOrder, _ world: inout ClosingWorld
    ) -> SettlementRecord {
        var law = OwnLaw()
        func worth(_ amount: UInt256) -> UInt256 { world.worth(amount, rules.terms.collateral) }
        law.give(close.debtOffset, from: "stability-pool", to: "account", "offset")
        law.give(close.debtRedistributed, from: "troves", to: "account", "redistributed")
        law.give(worth(close.collateralToPool), from: "account", to: "stability-pool", "offset")
        law.give(
            worth(close.collateralRedistributed), from: "account", to: "troves", "redistributed")
        law.give(worth(close.collateralSurplus), from: "account", to: "owner", "surplus")
        law.give(worth(close.gasCompensation), from: "account", to: "keeper", "gas-compensation")
        law.give(offer.inQuote, from: "gas-pool", to: "keeper", "gas-reserve")
        if rules.terms.version == .v2 {
            law.give(worth(rules.terms.gasReserve), from: "gas-pool", to: "keeper", "gas-reserve")
        }
        let facts = [
            ("collateral", close.collateral), ("debt", close.debt),
            ("debtOffset", close.debtOffset), ("debtRedistributed", close.debtRedistributed),
        ]
        return world.record(
            law, named: "liquity-v" + rules.terms.version.rawValue, facts, of: order)
    }
}
