package import KeeperModel
package import WideMath

/// What closing a trove does, in either version: who gets the collateral and who carries the debt.
package struct TroveClose: Hashable, Sendable {
    /// With everything that redistributions and interest added.
    package let collateral: UInt256
    package let debt: UInt256
    package let gasCompensation: UInt256
    package let debtOffset: UInt256
    package let collateralToPool: UInt256
    package let debtRedistributed: UInt256
    package let collateralRedistributed: UInt256
    /// The owner's to claim.
    package let collateralSurplus: UInt256

    /// What a version's split does not hand out is the owner's.
    init(
        _ trove: LiquityAmounts, gasCompensation: UInt256, debtOffset: UInt256,
        collateralToPool: UInt256, debtRedistributed: UInt256, collateralRedistributed: UInt256
    ) throws(ArithmeticError) {
        collateral = trove.collateral
        debt = trove.debt
        self.gasCompensation = gasCompensation
        self.debtOffset = debtOffset
        self.collateralToPool = collateralToPool
        self.debtRedistributed = debtRedistributed
        self.collateralRedistributed = collateralRedistributed
        collateralSurplus = try trove.collateral.checkedSubtract(
            gasCompensation.checkedAdd(collateralToPool).checkedAdd(collateralRedistributed))
    }
}

/// A trove's amounts with everything that came to them.
package struct LiquityAmounts: Hashable, Sendable {
    package let collateral: UInt256
    package let debt: UInt256
}

/// What is the same in both versions, so that the venue hosts and the keeper plans them alike.
package protocol LiquityRules: HostedRules, PushRules {
    var terms: LiquityTerms { get }
    /// Nil until the pool's deposits are known.
    var poolDeposits: UInt256? { get }
    var shares: LiquityShares { get }

    func trove(of position: Position) -> LiquityTrove
    func amounts(of position: Position) -> LiquityAmounts
    /// What all troves hold and owe, where the version's health asks for it.
    var system: LiquityAmounts? { get }
    /// Nil where the rules close no such trove, or the arithmetic would revert.
    func close(_ position: Position) -> TroveClose?
}

extension LiquityRules {
    package func pricedAssets(of position: Position) -> [AssetID] { [terms.collateral] }

    package func push(of position: Position) -> PushOffer? {
        guard isLiquidatable(position), let close = close(position) else { return nil }
        // The first version sets debt aside for it, the second collateral.
        let reserve = terms.version == .v2 ? terms.gasReserve : .zero
        let reward = AssetAmount(
            asset: terms.collateral, amount: close.gasCompensation.saturatingAdd(reserve))
        // A reward that does not fit is no reward.
        guard let worth = try? mulDiv(reward.amount, price, dividingBy: wad, rounding: .down)
        else { return nil }
        return PushOffer(
            inQuote: terms.version == .v1 ? terms.gasReserve : .zero,
            inKind: reward.amount.isZero
                ? nil : PushOffer.InKind(reward: reward, unit: wad, worthUnits: worth),
            notionalUnits: close.debt)
    }

    /// Units of the quote currency for a whole token: with collateral of eighteen decimals and debt
    /// in those units, ratios come out in wad as in the contracts.
    var price: UInt256 { UInt256(inner.value(ofVariable: 0)) }

    func offsetable(keeping kept: UInt256) -> UInt256? {
        poolDeposits?.saturatingSubtract(kept)
    }
}

extension TrovePosition {
    /// Nil where an amount does not fit the contracts' words.
    fileprivate var trove: LiquityTrove? {
        guard let collateral = collateral.asUInt128, let debt = debt.asUInt128,
            let stake = stake.asUInt128, let collateralShares = collateralSnapshot.asUInt128,
            let debtShares = debtSnapshot.asUInt128
        else { return nil }
        return LiquityTrove(
            collateral: collateral, debt: debt, stake: stake,
            snapshot: LiquityShares(collateral: collateralShares, debt: debtShares))
    }

    fileprivate init(_ trove: LiquityTrove, rateWad: UInt64 = 0, updatedAtSeconds: UInt64 = 0) {
        self.init(
            collateral: UInt256(trove.collateral), debt: UInt256(trove.debt),
            stake: UInt256(trove.stake), collateralSnapshot: UInt256(trove.snapshot.collateral),
            debtSnapshot: UInt256(trove.snapshot.debt), annualRateWad: rateWad,
            debtUpdatedAtSeconds: updatedAtSeconds)
    }
}

extension [MarketFigure] {
    fileprivate func value(_ name: FigureName) -> UInt128? {
        first { $0.name == name }?.value.asUInt128
    }
}

/// Liquity v1 as the reference venue publishes it.
package struct HostedLiquityV1: LiquityRules {
    package let terms: LiquityTerms
    package private(set) var inner: LiquityV1Market
    /// The system's state goes in whole, and may be told in parts.
    private var figures: [MarketFigure] = []

    package init(terms: LiquityTerms) {
        self.terms = terms
        inner = LiquityV1Market(
            terms: LiquityV1Terms(market: terms.market, collateral: terms.collateral))
    }

    package mutating func publish(_ update: PriceUpdate) -> [Int] { inner.publish(update) }

    package mutating func take(_ changed: [MarketFigure]) -> [Int] {
        figures = figures.updated(by: changed)
        var moved: [Int] = []
        if let collateral = figures.value(.collateralShares),
            let debt = figures.value(.debtShares)
        {
            moved += inner.redistribute(LiquityShares(collateral: collateral, debt: debt))
        }
        if let collateral = figures.value(.systemCollateral),
            let debt = figures.value(.systemDebt), let pool = figures.value(.poolDeposits)
        {
            moved += inner.take(
                LiquityV1System(collateral: collateral, debt: debt, poolDeposits: pool))
        }
        return moved
    }

    package func position(from published: AccountPosition) -> LiquityTrove? {
        guard case .trove(let position) = published else { return nil }
        return position.trove
    }

    package func published(_ position: LiquityTrove) -> AccountPosition {
        .trove(TrovePosition(position))
    }

    package var poolDeposits: UInt256? { known(LiquityV1Market.Variable.poolDeposits) }

    package var shares: LiquityShares {
        LiquityShares(
            collateral: max(inner.values[LiquityV1Market.Variable.collateralShares], 1) - 1,
            debt: max(inner.values[LiquityV1Market.Variable.debtShares], 1) - 1)
    }

    /// Held one higher than it is, for 0 is not yet known.
    private func known(_ variable: Int) -> UInt256? {
        let value = inner.values[variable]
        return value == 0 ? nil : UInt256(value - 1)
    }

    package var system: LiquityAmounts? {
        LiquityAmounts(
            collateral: UInt256(inner.values[LiquityV1Market.Variable.systemCollateral]),
            debt: UInt256(inner.values[LiquityV1Market.Variable.systemDebt]))
    }

    package func trove(of position: LiquityTrove) -> LiquityTrove { position }

    package func amounts(of position: LiquityTrove) -> LiquityAmounts {
        LiquityAmounts(
            collateral: position.collateral(at: shares.collateral),
            debt: position.debt(at: shares.debt))
    }

    /// Below 100 % in recovery everything is redistributed; above the least ratio, which only
    /// recovery closes, the pool takes no more than the debt is worth at 110 %.
    package func close(_ position: LiquityTrove) -> TroveClose? {
        let trove = amounts(of: position)
        guard let pool = offsetable(keeping: .zero), !trove.debt.isZero,
            // A trove whose ratio overflows is far from its line.
            let ratio = try? LiquityV1.collateralRatioWad(
                collateral: trove.collateral, debt: trove.debt, price: price)
        else { return nil }
        if ratio >= LiquityV1.minimumRatioWad { return capped(trove) }
        let usable = inner.isInRecovery && ratio <= wad ? UInt256.zero : pool
        // What reverts closes nobody.
        guard
            let split = try? LiquityV1.Split(
                debt: trove.debt, collateral: trove.collateral, pool: usable)
        else { return nil }
        // What reverts closes nobody.
        return try? TroveClose(
            trove, gasCompensation: split.gasCompensation, debtOffset: split.debtOffset,
            collateralToPool: split.collateralToPool, debtRedistributed: split.debtRedistributed,
            collateralRedistributed: split.collateralRedistributed)
    }

    private func capped(_ trove: LiquityAmounts) -> TroveClose? {
        // What reverts closes nobody.
        guard
            let offset = try? LiquityV1.CappedOffset(
                debt: trove.debt, collateral: trove.collateral, price: price)
        else { return nil }
        // What reverts closes nobody.
        return try? TroveClose(
            trove, gasCompensation: offset.gasCompensation, debtOffset: trove.debt,
            collateralToPool: offset.collateralToPool, debtRedistributed: .zero,
            collateralRedistributed: .zero)
    }
}

/// A branch of Liquity v2 as the reference venue publishes it.
package struct HostedLiquityV2: LiquityRules {
    package let terms: LiquityTerms
    package private(set) var inner: LiquityV2Market
    /// The sums of redistributions go in together, and may be told apart.
    private var figures: [MarketFigure] = []
    package private(set) var poolDeposits: UInt256?

    package init(terms: LiquityTerms) {
        self.terms = terms
        inner = LiquityV2Market(
            terms: LiquityV2Terms(
                market: terms.market, collateral: terms.collateral,
                minimumRatioWad: terms.minimumRatioWad))
    }

    package mutating func publish(_ update: PriceUpdate) -> [Int] { inner.publish(update) }

    package mutating func take(_ changed: [MarketFigure]) -> [Int] {
        figures = figures.updated(by: changed)
        var moved: [Int] = []
        if let collateral = figures.value(.collateralShares),
            let debt = figures.value(.debtShares)
        {
            moved += inner.redistribute(LiquityShares(collateral: collateral, debt: debt))
        }
        if let seconds = figures.value(.seconds) {
            moved += inner.accrue(toSeconds: UInt64(clamping: seconds))
        }
        // What the pool holds decides who gets a trove, not whether it may be closed.
        if let pool = figures.value(.poolDeposits) { poolDeposits = UInt256(pool) }
        return moved
    }

    package func position(from published: AccountPosition) -> LiquityV2Market.Position? {
        guard case .trove(let position) = published, let trove = position.trove else {
            return nil
        }
        return LiquityV2Market.Position(
            trove: trove, annualRateWad: position.annualRateWad,
            debtUpdatedAtSeconds: position.debtUpdatedAtSeconds)
    }

    package func published(_ position: LiquityV2Market.Position) -> AccountPosition {
        .trove(
            TrovePosition(
                position.trove, rateWad: position.annualRateWad,
                updatedAtSeconds: position.debtUpdatedAtSeconds))
    }

    package var shares: LiquityShares {
        LiquityShares(
            collateral: max(inner.values[LiquityV2Market.Variable.collateralShares], 1) - 1,
            debt: max(inner.values[LiquityV2Market.Variable.debtShares], 1) - 1)
    }

    package var system: LiquityAmounts? { nil }

    package func trove(of position: LiquityV2Market.Position) -> LiquityTrove { position.trove }

    package func amounts(of position: LiquityV2Market.Position) -> LiquityAmounts {
        let seconds = inner.values[LiquityV2Market.Variable.seconds]
        return LiquityAmounts(
            collateral: position.trove.collateral(at: shares.collateral),
            debt: position.trove.debt(at: shares.debt)
                + inner.interest(position, untilSeconds: seconds))
    }

    /// One whole unit of the debt's asset always stays in the pool.
    package func close(_ position: LiquityV2Market.Position) -> TroveClose? {
        let trove = amounts(of: position)
        guard let pool = offsetable(keeping: 1_000_000), !trove.debt.isZero else { return nil }
        // What reverts closes nobody.
        guard
            let split = try? LiquityV2Split(
                debt: trove.debt, collateral: trove.collateral, pool: pool,
                terms: LiquityV2Split.Terms(
                    price: price, poolPenaltyWad: terms.poolPenaltyWad,
                    redistributionPenaltyWad: terms.redistributionPenaltyWad))
        else { return nil }
        // What reverts closes nobody.
        return try? TroveClose(
            trove, gasCompensation: split.gasCompensation, debtOffset: split.debtOffset,
            collateralToPool: split.collateralToPool, debtRedistributed: split.debtRedistributed,
            collateralRedistributed: split.collateralRedistributed)
    }
}
