package import KeeperModel
package import WideMath

/// Why the pool reverts, by the name of its error.
package enum AaveRefusal: String, Hashable, Sendable {
    case healthFactorNotBelowThreshold = "HealthFactorNotBelowThreshold"
    case collateralCannotBeLiquidated = "CollateralCannotBeLiquidated"
    case specifiedCurrencyNotBorrowed = "SpecifiedCurrencyNotBorrowedByUser"
    case mustNotLeaveDust = "MustNotLeaveDust"
}

/// One liquidation call: which debt is repaid, which collateral taken, how much at most.
package struct AaveClose: Hashable, Sendable {
    package let generation: AaveGeneration
    /// One unit of the base currency: the thresholds of 2000 and 1000 are counted in it.
    package let baseUnit: UInt64
    package let collateral: AaveHolding
    package let debt: AaveHolding
    /// The largest value asks for as much as may be repaid.
    package let debtToCover: UInt256

    package init(
        generation: AaveGeneration, baseUnit: UInt64, collateral: AaveHolding, debt: AaveHolding,
        debtToCover: UInt256
    ) {
        self.generation = generation
        self.baseUnit = baseUnit
        self.collateral = collateral
        self.debt = debt
        self.debtToCover = debtToCover
    }
}

/// What a close would move, and whether it would be let through. Names follow the contracts.
package struct AaveCloseQuote: Hashable, Sendable {
    package struct Leftover: Hashable, Sendable {
        package let debtBase: UInt256
        package let collateralBase: UInt256
    }

    package let collateralBalance: UInt256
    package let reserveDebt: UInt256
    package let maxLiquidatableDebt: UInt256
    /// What the repaid debt is worth in collateral, without bonus.
    package let baseCollateral: UInt256
    /// With bonus, before the balance caps it.
    package let maxCollateralToLiquidate: UInt256
    package let actualDebtToLiquidate: UInt256
    /// Net of the protocol's fee.
    package let collateralToLiquidator: UInt256
    package let protocolFee: UInt256
    /// Both sides that stay open; nil where one of them is closed, or no rule asks.
    package let leftover: Leftover?
    package let refusal: AaveRefusal?
    /// Scaled collateral that leaves, before the balance caps it; from v3.7 on.
    package let scaledConsumedUncapped: UInt256?
    package let hasNoCollateralLeft: Bool
    /// Of the repaid reserve, in its own units.
    package let deficitCreated: UInt256
}

extension AaveClose {
    /// The checks that come before any amount, in the contract's order (`protocols.md` A1.4).
    package func refusal(
        account: AaveAccountData
    ) throws(ArithmeticError) -> AaveRefusal? {
        if !account.isLiquidatable { return .healthFactorNotBelowThreshold }
        let threshold = collateral.reserve.terms.liquidationThresholdBps
        if collateral.scaledAmount.isZero || (generation.skipsZeroThreshold && threshold == 0) {
            return .collateralCannotBeLiquidated
        }
        return try debt.debtBalance(generation).isZero ? .specifiedCurrencyNotBorrowed : nil
    }

    /// The amounts, in the exact order of `protocols.md` A1.5 and A1.6.
    package func quote(
        account: AaveAccountData
    ) throws(ArithmeticError) -> AaveCloseQuote {
        let collateralBalance = try collateral.collateralBalance(generation)
        let reserveDebt = try debt.debtBalance(generation)
        let cap = try debtMax(
            account: account, collateralBalance: collateralBalance, reserveDebt: reserveDebt)
        let seizure = try seize(
            for: min(debtToCover, cap), collateralBalance: collateralBalance)
        let gross = try seizure.net.checkedAdd(seizure.fee)
        let leftover = try leftover(
            debt: reserveDebt.checkedSubtract(seizure.debt),
            collateral: collateralBalance.checkedSubtract(gross))
        let consumed = try scaledConsumption(seizure)
        let isExhausted = try isCollateralExhausted(gross, consumed, account: account)
        return AaveCloseQuote(
            collateralBalance: collateralBalance, reserveDebt: reserveDebt,
            maxLiquidatableDebt: cap, baseCollateral: seizure.base,
            maxCollateralToLiquidate: seizure.most, actualDebtToLiquidate: seizure.debt,
            collateralToLiquidator: seizure.net, protocolFee: seizure.fee, leftover: leftover,
            refusal: leftover.flatMap(dustRefusal),
            scaledConsumedUncapped: generation.countsScaledConsumption ? consumed : nil,
            hasNoCollateralLeft: isExhausted,
            deficitCreated: isExhausted ? try reserveDebt.checkedSubtract(seizure.debt) : .zero)
    }

    // MARK: How much debt

    private func debtMax(
        account: AaveAccountData, collateralBalance: UInt256, reserveDebt: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        let isHalved = account.healthFactorWad > closeFactorThresholdWad
        guard generation.limitsByWholeDebt else {
            return try percentMul(reserveDebt, isHalved ? 5_000 : 10_000, rounding: .halfUp)
        }
        let debtBase = try debt.reserve.value(
            of: reserveDebt, rounding: generation.debtValueRounding)
        let collateralBase = try collateral.reserve.value(of: collateralBalance, rounding: .down)
        let large = UInt256(2_000) * UInt256(baseUnit)
        guard isHalved, collateralBase >= large, debtBase >= large else { return reserveDebt }
        let halfBase = try percentMul(account.totalDebtBase, 5_000, rounding: .halfUp)
        guard debtBase > halfBase else { return reserveDebt }
        return try narrowMulDiv(
            halfBase, debt.reserve.tokenUnit, dividingBy: debt.reserve.price, rounding: .down)
    }

    // MARK: How much collateral

    private struct Seizure {
        let base: UInt256
        let most: UInt256
        let debt: UInt256
        let net: UInt256
        let fee: UInt256
    }

    private func seize(
        for actualDebt: UInt256, collateralBalance: UInt256
    ) throws(ArithmeticError) -> Seizure {
        let terms = collateral.reserve.terms
        let bonus = UInt256(terms.liquidationBonusBps)
        let base = try converted(actualDebt, from: debt.reserve, to: collateral.reserve)
        let most = try percentMul(base, bonus, rounding: generation.bonusRounding)
        var taken = most
        var debtNeeded = actualDebt
        if most > collateralBalance {
            taken = collateralBalance
            debtNeeded = try percentDiv(
                converted(taken, from: collateral.reserve, to: debt.reserve), bonus,
                rounding: generation.backSolvedDebtRounding)
        }
        let withoutBonus = try percentDiv(taken, bonus, rounding: generation.bonusBaseRounding)
        let fee = try percentMul(
            taken.checkedSubtract(withoutBonus), UInt256(terms.protocolFeeBps),
            rounding: generation.protocolFeeRounding)
        return Seizure(
            base: base, most: most, debt: debtNeeded, net: try taken.checkedSubtract(fee),
            fee: fee)
    }

    /// An amount of one reserve in units of another at their prices: multiplied out in the
    /// contract's order, then divided once.
    private func converted(
        _ amount: UInt256, from source: AaveReserve, to target: AaveReserve
    ) throws(ArithmeticError) -> UInt256 {
        let numerator = try source.price.checkedMultiply(amount)
            .checkedMultiply(target.tokenUnit)
        let denominator = try target.price.checkedMultiply(source.tokenUnit)
        return try numerator.divided(by: denominator, rounding: .down)
    }

    // MARK: What stays

    private func leftover(
        debt debtLeft: UInt256, collateral collateralLeft: UInt256
    ) throws(ArithmeticError) -> AaveCloseQuote.Leftover? {
        guard generation.refusesDust, !debtLeft.isZero, !collateralLeft.isZero else { return nil }
        return AaveCloseQuote.Leftover(
            debtBase: try debt.reserve.value(
                of: debtLeft, rounding: generation.debtValueRounding),
            collateralBase: try collateral.reserve.value(of: collateralLeft, rounding: .down))
    }

    private func dustRefusal(_ leftover: AaveCloseQuote.Leftover) -> AaveRefusal? {
        let least = UInt256(1_000) * UInt256(baseUnit)
        let isDust = leftover.debtBase < least || leftover.collateralBase < least
        return isDust ? .mustNotLeaveDust : nil
    }

    /// The liquidator's part and the fee leave the scaled balance one after the other.
    private func scaledConsumption(_ seizure: Seizure) throws(ArithmeticError) -> UInt256 {
        let index = collateral.reserve.liquidityIndexRay
        let rounding = generation.collateralBurnRounding
        return try rayDiv(seizure.net, index, rounding: rounding)
            .checkedAdd(rayDiv(seizure.fee, index, rounding: rounding))
    }

    /// Compared in the base currency, so a leftover that is worth nothing counts as none.
    private func isCollateralExhausted(
        _ gross: UInt256, _ consumed: UInt256, account: AaveAccountData
    ) throws(ArithmeticError) -> Bool {
        guard generation.writesOffDeficit else { return false }
        var amount = gross
        if generation.countsScaledConsumption {
            var taken = collateral
            taken.scaledAmount = min(consumed, collateral.scaledAmount)
            amount = try taken.collateralBalance(generation)
        }
        let value = try collateral.reserve.value(of: amount, rounding: .down)
        return value == account.totalCollateralBase
    }
}

/// Above this health only half of the debt may be repaid at once.
private let closeFactorThresholdWad: UInt256 = 950_000_000_000_000_000
