package import KeeperModel

/// A settled close of a trove, of either version, worked out again.
package struct LiquityCase: Sendable {
    private static let secondsPerYear: Rational = 31_536_000
    private static let recoveryRatio = Rational.powerOfTen(16) * 150

    private let settled: SettledCase
    private let terms: LiquityTerms
    private let push: PushClose
    private let sight: MarketSight
    private let sightAfter: MarketSight

    package init(
        _ settled: SettledCase, terms: LiquityTerms, push: PushClose, sight: MarketSight,
        sightAfter: MarketSight
    ) {
        self.settled = settled
        self.terms = terms
        self.push = push
        self.sight = sight
        self.sightAfter = sightAfter
    }

    package var discrepancy: Discrepancy? {
        guard case .trove(let position)? = settled.positionBefore,
            let price = sight.price(terms.collateral), let trove = trove(position)
        else { return missing("trove, price and shares of \(settled.account)") }
        guard settled.accountsBefore.count > 1 else {
            return Discrepancy("verdict", published: "settled", recomputed: "the last trove")
        }
        guard let closed = closed(trove, at: price) else {
            return closedThoughHealthy("ratio \(trove.ratio(at: price))")
        }
        guard settled.positionAfter(settled.account) == nil else {
            return Discrepancy("trove", published: "still there", recomputed: "closed")
        }
        return facts(trove, closed) ?? reward(closed)
            ?? lines(closed, trove).discrepancy(in: settled.receipt) ?? figures(closed)
    }

    /// With what redistributions left to it and with interest to now.
    private func trove(_ position: TrovePosition) -> Trove? {
        guard let collateralShares = sight.figure(.collateralShares),
            let debtShares = sight.figure(.debtShares)
        else { return nil }
        func gained(_ shares: Rational, _ snapshot: Rational) -> Rational {
            (Rational(position.stake) * (shares - snapshot) / wad).floor
        }
        let debt = Rational(position.debt)
        let elapsed =
            (sight.figure(.seconds) ?? Rational(position.debtUpdatedAtSeconds))
            - Rational(position.debtUpdatedAtSeconds)
        let interest =
            (debt * Rational(position.annualRateWad) * elapsed / Self.secondsPerYear / wad).floor
        return Trove(
            debt: debt + gained(debtShares, Rational(position.debtSnapshot)) + interest,
            collateral: Rational(position.collateral)
                + gained(collateralShares, Rational(position.collateralSnapshot)))
    }

    private func closed(_ trove: Trove, at price: Rational) -> TroveLiquidation? {
        let pool = sight.figure(.poolDeposits) ?? 0
        let minimum = Rational(terms.minimumRatioWad)
        let ratio = trove.ratio(at: price)
        guard terms.version == .v1 else {
            guard ratio < minimum else { return nil }
            // One whole unit of debt stays in the pool for ever.
            return TroveLiquidation(
                v2: trove, poolForOffsets: max(0, pool - 1_000_000), price: price,
                poolPenalty: Rational(terms.poolPenaltyWad),
                redistributionPenalty: Rational(terms.redistributionPenaltyWad))
        }
        let total = systemRatio(at: price)
        let isRecovering = total < Self.recoveryRatio
        if isRecovering, ratio <= wad { return TroveLiquidation(v1: trove, pool: 0) }
        if ratio < minimum { return TroveLiquidation(v1: trove, pool: pool) }
        guard isRecovering, ratio < total, trove.debt <= pool else { return nil }
        return TroveLiquidation(v1Capped: trove, price: price, minimumRatio: minimum)
    }

    private func systemRatio(at price: Rational) -> Rational {
        guard let debt = sight.figure(.systemDebt), debt.isPositive else { return wad * 1_000 }
        return Trove(debt: debt, collateral: sight.figure(.systemCollateral) ?? 0)
            .ratio(at: price)
    }

    // MARK: What was published

    private func facts(_ trove: Trove, _ closed: TroveLiquidation) -> Discrepancy? {
        settled.discrepancy(inFact: "debt", trove.debt)
            ?? settled.discrepancy(inFact: "collateral", trove.collateral)
            ?? settled.discrepancy(inFact: "debtOffset", closed.debtOffset)
            ?? settled.discrepancy(inFact: "debtRedistributed", closed.debtRedistributed)
    }

    /// The reserve of the trove and the part of its collateral go to whoever asked.
    private func reward(_ closed: TroveLiquidation) -> Discrepancy? {
        let reserve = Rational(terms.gasReserve)
        let isV1 = terms.version == .v1
        let due = [
            (terms.debt, isV1 ? reserve : 0),
            (terms.collateral, closed.gasCompensation + (isV1 ? 0 : reserve)),
        ]
        for (asset, amount) in due {
            let paid = settled.receipt.movements
                .filter { $0.cause == .incentive && $0.asset == asset }
                .map { Rational($0.amount) }.sum
            let found = Discrepancy("reward in \(asset)", published: paid, recomputed: amount)
            if let found { return found }
            for least in push.rewardMin
            where least.asset == asset && amount < Rational(least.amount) {
                return Discrepancy(
                    "verdict", published: "settled", recomputed: "the reward is only \(amount)")
            }
        }
        return nil
    }

    private func lines(_ closed: TroveLiquidation, _ trove: Trove) -> OwnLawLines {
        func worth(_ amount: Rational) -> Rational {
            sight.worth(amount, terms.collateral, decimals: 18)
        }
        let reserve = Rational(terms.gasReserve)
        var law = OwnLawLines()
        law.give(closed.debtOffset, from: "stability-pool", to: "account", "offset")
        law.give(closed.debtRedistributed, from: "troves", to: "account", "redistributed")
        law.give(worth(closed.collateralToPool), from: "account", to: "stability-pool", "offset")
        law.give(
            worth(closed.collateralRedistributed), from: "account", to: "troves",
            "redistributed")
        law.give(worth(closed.surplus), from: "account", to: "owner", "surplus")
        law.give(worth(closed.gasCompensation), from: "account", to: "keeper", "gas-compensation")
        law.give(
            terms.version == .v1 ? reserve : worth(reserve), from: "gas-pool", to: "keeper",
            "gas-reserve")
        return law
    }

    /// What a redistribution leaves to every unit of stake, and what is left in the pool.
    private func figures(_ closed: TroveLiquidation) -> Discrepancy? {
        let stakes = settled.accountsBefore.map { state -> Rational in
            guard state.account != settled.account, case .trove(let trove) = state.position else {
                return 0
            }
            return Rational(trove.stake)
        }.sum
        guard stakes.isPositive else { return missing("stakes of other troves") }
        let expected: [(FigureName, Rational)] = [
            (.collateralShares, (closed.collateralRedistributed * wad / stakes).floor),
            (.debtShares, (closed.debtRedistributed * wad / stakes).floor),
            (.poolDeposits, -closed.debtOffset),
        ]
        for (name, change) in expected {
            let found = Discrepancy(
                name.rawValue, published: sightAfter.figure(name) ?? 0,
                recomputed: (sight.figure(name) ?? 0) + change)
            if let found { return found }
        }
        return nil
    }
}
