package import KeeperModel

/// Why the protocol refuses a close, in the order in which it looks (A1.4).
package enum AaveClosing: Hashable, Sendable {
    case healthy
    case collateralNotEnabled
    case noSuchDebt
    case leavesDust
}

/// One call for a close, on an account whose totals are known (A1.5 and A1.6).
package struct AaveClose: Sendable {
    package let generation: AaveGeneration
    package let collateral: AaveBalance
    package let debt: AaveBalance
    package let collateralTotal: Rational
    package let debtTotal: Rational
    /// Nil without debt.
    package let healthWad: Rational?
    package let debtToCover: Rational
    /// How many base units one dollar has.
    package let baseUnit: Rational

    package init(
        generation: AaveGeneration, collateral: AaveBalance, debt: AaveBalance,
        collateralTotal: Rational, debtTotal: Rational, healthWad: Rational?,
        debtToCover: Rational, baseUnit: Rational
    ) {
        self.generation = generation
        self.collateral = collateral
        self.debt = debt
        self.collateralTotal = collateralTotal
        self.debtTotal = debtTotal
        self.healthWad = healthWad
        self.debtToCover = debtToCover
        self.baseUnit = baseUnit
    }

    package var held: Rational { generation.held(collateral) }
    package var owed: Rational { generation.owed(debt) }

    /// The most that may be repaid now.
    package var repayMax: Rational {
        let isClose = healthWad.map { $0 > wad * 95 / 100 } ?? true
        guard generation.hasDustRule else {
            return (owed * (isClose ? 5_000 : 10_000) / basisPoints).halfUp
        }
        let sizeMin = 2_000 * baseUnit
        let owedValue = generation.debtValue(owed, of: debt)
        guard isClose, owedValue >= sizeMin, collateral.exactValue(of: held).floor >= sizeMin
        else { return owed }
        let half = (debtTotal * 5_000 / basisPoints).halfUp
        return owedValue > half ? (half * debt.tokenUnit / debt.price).floor : owed
    }

    package var refusal: AaveClosing? {
        guard let healthWad, healthWad < wad else { return .healthy }
        if generation != .v3_7, collateral.thresholdBps.isZero { return .collateralNotEnabled }
        if owed.isZero { return .noSuchDebt }
        return figures.leavesDust ? .leavesDust : nil
    }
}

/// What a close moves and leaves.
package struct AaveCloseFigures: Sendable {
    package let baseCollateral: Rational
    package let seizedMax: Rational
    package let repaid: Rational
    package let seizedGross: Rational
    package let fee: Rational
    package var seizedNet: Rational { seizedGross - fee }
    /// Values of what is left in both reserves; nil where one of them is used up.
    package let leftover: (debt: Rational, collateral: Rational)?
    package let leavesDust: Bool
    /// 3.7 only: what is taken off the scaled balance, before it is capped there.
    package let scaledConsumed: Rational?
    /// Whatever debt then remains is written off.
    package let isCollateralExhausted: Bool
}

extension AaveClose {
    package var figures: AaveCloseFigures {
        let wanted = min(debtToCover, repayMax)
        let base =
            (debt.price * wanted * collateral.tokenUnit / (collateral.price * debt.tokenUnit))
            .floor
        let withBonus = inBps(base * collateral.bonusBps, v3_7: \.floor)
        let isCapped = withBonus > held
        let seized = isCapped ? held : withBonus
        let repaid = isCapped ? repaidFor(seized) : wanted
        let fee = feeWithin(seized)
        let leftover = leftover(repaid: repaid, seized: seized)
        let consumed = scaledConsumption(net: seized - fee, fee: fee)
        return AaveCloseFigures(
            baseCollateral: base, seizedMax: withBonus, repaid: repaid, seizedGross: seized,
            fee: fee, leftover: leftover,
            leavesDust: leftover.map { generation.hasDustRule && isDust($0) } ?? false,
            scaledConsumed: consumed,
            isCollateralExhausted: generation.hasDustRule
                && takenValue(seized, consumed) == collateralTotal)
    }

    private func inBps(_ product: Rational, v3_7: (Rational) -> Rational) -> Rational {
        let exact = product / basisPoints
        return generation == .v3_7 ? v3_7(exact) : exact.halfUp
    }

    /// What has to be repaid for all of the collateral.
    private func repaidFor(_ seized: Rational) -> Rational {
        let worth =
            (collateral.price * seized * debt.tokenUnit / (debt.price * collateral.tokenUnit))
            .floor
        let exact = worth * basisPoints / collateral.bonusBps
        return generation.isDirected ? exact.ceiling : exact.halfUp
    }

    /// The protocol's part of the bonus, not of the collateral.
    private func feeWithin(_ seized: Rational) -> Rational {
        let bare = seized * basisPoints / collateral.bonusBps
        let bonus = seized - (generation == .v3_7 ? bare.floor : bare.halfUp)
        return inBps(bonus * collateral.feeBps, v3_7: \.ceiling)
    }

    private func leftover(
        repaid: Rational, seized: Rational
    ) -> (debt: Rational, collateral: Rational)? {
        guard repaid < owed, seized < held else { return nil }
        return (
            generation.debtValue(owed - repaid, of: debt),
            collateral.exactValue(of: held - seized).floor
        )
    }

    private func isDust(_ leftover: (debt: Rational, collateral: Rational)) -> Bool {
        min(leftover.debt, leftover.collateral) < 1_000 * baseUnit
    }

    private func scaledConsumption(net: Rational, fee: Rational) -> Rational? {
        guard generation == .v3_7 else { return nil }
        return (net * ray / collateral.index).ceiling + (fee * ray / collateral.index).ceiling
    }

    private func takenValue(_ seized: Rational, _ consumed: Rational?) -> Rational {
        guard let consumed else { return collateral.exactValue(of: seized).floor }
        let amount = (min(consumed, collateral.scaled) * collateral.index / ray).floor
        return collateral.exactValue(of: amount).floor
    }
}
