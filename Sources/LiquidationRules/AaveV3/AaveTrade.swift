package import KeeperModel
package import WideMath

/// One debt against one collateral of a borrower, by the rules of Aave v3.
package struct AaveTrade: RepayTrade {
    private let data: AaveAccountData
    private let holdings: AavePosition
    private let debt: AaveHolding
    private let collateral: AaveHolding
    private let generation: AaveGeneration
    private let baseUnit: UInt64
    /// The quote of the largest call that the rules allow.
    private let largest: AaveCloseQuote
    package let account: AccountValues
    package let takeUnit: UInt256

    /// Nil for a pair that the pool refuses at any amount, or whose arithmetic would revert.
    init?(
        _ data: AaveAccountData, of holdings: AavePosition, debt: AaveHolding,
        collateral: AaveHolding, in terms: LendingTerms
    ) {
        self.data = data
        self.holdings = holdings
        self.debt = debt
        self.collateral = collateral
        generation = terms.generation
        baseUnit = terms.baseUnit
        let close = AaveClose(
            generation: generation, baseUnit: baseUnit, collateral: collateral, debt: debt,
            debtToCover: .max)
        // What reverts for every amount is no pair.
        guard let isAdmitted = try? close.refusal(account: data) == nil, isAdmitted,
            let largest = try? close.quote(account: data),
            let unit = try? collateral.reserve.tokenUnit,
            let weighted = try? percentMul(
                data.totalCollateralBase, data.averageThresholdBps, rounding: .down)
        else { return nil }
        self.largest = largest
        takeUnit = unit
        account = AccountValues(
            collateral: data.totalCollateralBase, weighted: weighted, debt: data.totalDebtBase)
    }

    package var payAsset: AssetID { debt.reserve.terms.asset }
    package var takeAsset: AssetID { collateral.reserve.terms.asset }
    package var payMax: UInt256 { largest.maxLiquidatableDebt }
    package var mark: UInt256 { collateral.reserve.price }

    package func close(payingAtMost amount: UInt256) throws(CloseObstacle) -> RepaidClose {
        let close = AaveClose(
            generation: generation, baseUnit: baseUnit, collateral: collateral, debt: debt,
            debtToCover: amount)
        do {
            let quote = try close.quote(account: data)
            if let refusal = quote.refusal { throw CloseObstacle(refusal.rawValue) }
            let effect = try holdings.applying(quote, of: close)
            return RepaidClose(
                quote: TradeQuote(
                    paid: quote.actualDebtToLiquidate, taken: quote.collateralToLiquidator,
                    fee: quote.protocolFee,
                    isWholeDebt: quote.actualDebtToLiquidate == quote.reserveDebt,
                    isWholeCollateral: quote.collateralToLiquidator + quote.protocolFee
                        == quote.collateralBalance,
                    driftMaxPpm: try driftMaxPpm(quote)),
                position: Self.published(effect.position), writtenOff: effect.deficits)
        } catch let error as ArithmeticError {
            throw CloseObstacle(error)
        } catch let error as CloseObstacle {
            throw error
        } catch {
            preconditionFailure("Arithmetic and rules throw their own two errors: \(error)")
        }
    }

    private static func published(_ position: AavePosition) -> AccountPosition? {
        func balances(_ holdings: [AaveHolding]) -> [ScaledBalance] {
            holdings.map {
                ScaledBalance(asset: $0.reserve.terms.asset, scaledAmount: $0.scaledAmount)
            }
        }
        guard !position.debts.isEmpty || !position.collateral.isEmpty else { return nil }
        return .lending(
            LendingPosition(
                collateral: balances(position.collateral), debts: balances(position.debts)))
    }

    package func worth(
        ofPaid amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try debt.reserve.value(of: amount, rounding: rounding)
    }

    package func worth(
        ofTaken amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try collateral.reserve.value(of: amount, rounding: rounding)
    }
}

extension AaveTrade {
    // MARK: Where the slope changes

    /// Repayments after which the least leftover stays on one side, at a price that is worse by
    /// the drift: between them and the whole the dust rule lets nothing through.
    package func edges(driftPpm: UInt64) -> [UInt256] {
        // A unit that does not fit 256 bits has no edge that could be paid.
        (try? dustEdges(driftPpm: min(driftPpm, 999_999))) ?? []
    }

    private var leastBase: UInt256 { UInt256(1_000) * UInt256(baseUnit) }

    /// With t as the drift, a debt of worth L is worth L·(1 − t) later. Collateral that falls by t
    /// pays for a repayment with 1/(1 − t) of the amount, so of a balance of worth B a close may
    /// take B·(1 − t) less what has to stay.
    private func dustEdges(driftPpm: UInt64) throws(ArithmeticError) -> [UInt256] {
        guard generation.refusesDust else { return [] }
        let (million, kept) = (UInt256(1_000_000), UInt256(1_000_000 - driftPpm))
        let leastDebt = try mulDiv(leastBase, million, dividingBy: kept, rounding: .up)
        let debtKept = try tokens(worth: leastDebt, of: debt.reserve)
        let collateralKept = try tokens(worth: leastBase, of: collateral.reserve)
        let collateralLater = try mulDiv(
            largest.collateralBalance, kept, dividingBy: million, rounding: .down)
        let byDebt = largest.reserveDebt.saturatingSubtract(debtKept)
        let byCollateral = try repayment(
            seizing: collateralLater.saturatingSubtract(collateralKept), isNetOfFee: false)
        return [byDebt, byCollateral, min(byDebt, byCollateral)]
            .filter { !$0.isZero && $0 <= largest.maxLiquidatableDebt }
    }

    /// The other way round: how far prices may move until one side's leftover is too little.
    private func driftMaxPpm(_ quote: AaveCloseQuote) throws(ArithmeticError) -> UInt64 {
        guard let leftover = quote.leftover else { return .max }
        let balance = try collateral.reserve.value(of: quote.collateralBalance, rounding: .up)
        let million = UInt256(1_000_000)
        func share(_ room: UInt256, of whole: UInt256) throws(ArithmeticError) -> UInt64 {
            let ppm = try mulDiv(room, million, dividingBy: max(.one, whole), rounding: .down)
            return ppm.asUInt64 ?? .max
        }
        return min(
            try share(leftover.debtBase.saturatingSubtract(leastBase), of: leftover.debtBase),
            try share(leftover.collateralBase.saturatingSubtract(leastBase), of: balance))
    }

    package func payment(taking amount: UInt256) -> UInt256? {
        // What does not fit is more than anybody repays.
        try? repayment(seizing: amount, isNetOfFee: true)
    }

    package func payment(restoringPpm targetPpm: Int64) -> UInt256? {
        let terms = collateral.reserve.terms
        // Both in bps, so that their product is in parts of 1e8.
        let loss = terms.liquidationBonusBps * terms.liquidationThresholdBps
        let lossWad = UInt256(loss) * UInt256(10_000_000_000)
        // What does not fit restores nothing.
        guard let base = try? worthRestoring(targetPpm: targetPpm, lossWad: lossWad) else {
            return nil
        }
        // What does not fit restores nothing.
        return try? tokens(worth: base, of: debt.reserve)
    }

    /// How much repaid debt seizes so much collateral, rounded down.
    private func repayment(
        seizing amount: UInt256, isNetOfFee: Bool
    ) throws(ArithmeticError) -> UInt256 {
        let terms = collateral.reserve.terms
        let bonus = UInt256(terms.liquidationBonusBps)
        let fee = isNetOfFee ? UInt256(terms.protocolFeeBps) : .zero
        // Parts of 1e8 that leave per unit of base collateral.
        let factor = bonus * percentageFactor - bonus.saturatingSubtract(percentageFactor) * fee
        let base = try amount.checkedMultiply(100_000_000)
            .divided(by: factor, rounding: .down)
        let value = try collateral.reserve.value(of: base, rounding: .down)
        return try value.checkedMultiply(debt.reserve.tokenUnit)
            .divided(by: debt.reserve.price, rounding: .down)
    }

    /// Rounded up: never a unit too little.
    private func tokens(
        worth base: UInt256, of reserve: AaveReserve
    ) throws(ArithmeticError) -> UInt256 {
        try base.checkedMultiply(reserve.tokenUnit).divided(by: reserve.price, rounding: .up)
    }
}

extension LendingMarket: TradingRules {
    package func trades(of position: Position) -> [AaveTrade]? {
        guard let data = accountData(position) else { return nil }
        let holdings = holdings(position)
        return holdings.debts.flatMap { debt in
            holdings.collateral.compactMap { collateral in
                AaveTrade(data, of: holdings, debt: debt, collateral: collateral, in: terms)
            }
        }
    }
}
