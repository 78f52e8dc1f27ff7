package import KeeperModel
package import WideMath

/// A vault of Euler v2 as the reference venue publishes it: prices in units of the quote currency,
/// which is the unit of account and what is lent.
package struct HostedEuler: HostedRules {
    package let terms: EulerVaultTerms
    package private(set) var inner: EulerMarket

    /// Nil for ratios above the whole, or decimals too many for a unit.
    package init?(terms: EulerVaultTerms) {
        var collaterals: [EulerTerms.Collateral] = []
        for collateral in terms.collaterals {
            // What does not fit cannot be counted.
            guard let unit = try? UInt256.powerOfTen(Int(collateral.decimals)),
                let ramp = EulerRamp(
                    initialBps: collateral.initialBps, targetBps: collateral.targetBps,
                    targetAtSeconds: collateral.targetAtSeconds,
                    durationSeconds: collateral.durationSeconds)
            else { return nil }
            collaterals.append(
                EulerTerms.Collateral(asset: collateral.asset, unit: unit, ramp: ramp))
        }
        // What does not fit cannot be counted.
        guard let debtUnit = try? UInt256.powerOfTen(Int(terms.debtDecimals)) else { return nil }
        self.terms = terms
        inner = EulerMarket(
            terms: EulerTerms(
                market: terms.market, debtAsset: terms.debt, debtUnit: debtUnit,
                collaterals: collaterals))
    }

    package mutating func publish(_ update: PriceUpdate) -> [Int] { inner.publish(update) }

    package mutating func take(_ figures: [MarketFigure]) -> [Int] {
        var accumulator = inner.values[EulerMarket.Variable.accumulatorRay]
        var seconds = inner.values[EulerMarket.Variable.seconds]
        var moved: [Int] = []
        for figure in figures {
            guard let value = figure.value.asUInt128 else { continue }
            switch figure.name {
            case .accumulatorRay: accumulator = value
            case .seconds: seconds = value
            case .vaultAssets: moved += takeVault(of: figure.asset, holding: value)
            default: continue
            }
        }
        return moved
            + inner.accrue(accumulatorRay: accumulator, toSeconds: UInt64(clamping: seconds))
    }

    /// A collateral vault earns nothing here, so each of its shares stays one unit of its asset.
    private mutating func takeVault(of asset: AssetID?, holding total: UInt128) -> [Int] {
        let number = terms.collaterals.firstIndex { $0.asset == asset }
        return number.map {
            inner.take(EulerVaultTotals(assets: total, shares: total), ofCollateral: $0)
        } ?? []
    }

    package func position(from published: AccountPosition) -> EulerMarket.Position? {
        guard case .euler(let position) = published,
            let accumulator = position.accumulatorRay.asUInt128
        else { return nil }
        var holdings: [EulerMarket.Position.Holding] = []
        for held in position.collateral {
            guard let number = terms.collaterals.firstIndex(where: { $0.asset == held.asset }),
                let shares = held.scaledAmount.asUInt128
            else { return nil }
            holdings.append(EulerMarket.Position.Holding(number: number, shares: shares))
        }
        return inner.position(
            owedExact: position.owedExact, accumulatorRay: accumulator, holdings: holdings)
    }

    package func published(_ position: EulerMarket.Position) -> AccountPosition {
        .euler(
            EulerPosition(
                collateral: position.holdings.map {
                    ScaledBalance(
                        asset: terms.collaterals[$0.number].asset,
                        scaledAmount: UInt256($0.shares))
                },
                owedExact: position.owedExact, accumulatorRay: UInt256(position.accumulatorRay)))
    }

    package func pricedAssets(of position: EulerMarket.Position) -> [AssetID] {
        ([terms.debt] + position.holdings.map { terms.collaterals[$0.number].asset }).sorted()
    }
}

extension HostedEuler: TradingRules {
    package func trades(of position: EulerMarket.Position) -> [EulerTrade]? {
        guard inner.standing(position, at: inner.values) != nil else { return nil }
        return position.holdings.compactMap { EulerTrade(position, seizing: $0, in: self) }
    }

    /// Interest of an account up to now: with 31 bits below the smallest unit, rounded down, and in
    /// whole units, rounded up.
    fileprivate func owed(
        _ position: EulerMarket.Position
    ) throws(ArithmeticError) -> (exact: UInt256, assets: UInt256) {
        let accumulator = UInt256(inner.values[EulerMarket.Variable.accumulatorRay])
        let exact = try mulDiv(
            position.owedExact, accumulator, dividingBy: UInt256(position.accumulatorRay),
            rounding: .down)
        return (exact, try exact.divided(by: UInt256(1) << 31, rounding: .up))
    }

    fileprivate func worth(
        _ amount: UInt256, priceVariable: Int, unit: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try narrowMulDiv(
            amount, UInt256(inner.values[priceVariable]), dividingBy: unit, rounding: rounding)
    }

    fileprivate func ratioBps(_ number: Int) -> UInt64 {
        inner.terms.collaterals[number].ramp.bps(
            atSeconds: UInt64(clamping: inner.values[EulerMarket.Variable.seconds]))
    }
}

/// A debt to the vault against one collateral. The liquidator takes over debt and shares and, in
/// the same batch, repays and redeems them: so debt is repaid, and the discount grows with how far
/// the account is under its line.
package struct EulerTrade: RepayTrade {
    private let market: HostedEuler
    private let position: EulerMarket.Position
    private let seized: EulerMarket.Position.Holding
    private let close: EulerClose
    private let owedExact: UInt256
    private let debt: UInt256
    package let account: AccountValues

    /// Nil where the arithmetic would revert, or nothing is owed.
    init?(
        _ position: EulerMarket.Position, seizing seized: EulerMarket.Position.Holding,
        in market: HostedEuler
    ) {
        // What reverts for every amount is no trade.
        guard let owed = try? market.owed(position), !owed.assets.isZero,
            let liability = try? market.worth(
                owed.assets, priceVariable: EulerMarket.Variable.debtPrice,
                unit: market.inner.terms.debtUnit, rounding: .down)
        else { return nil }
        var collaterals: [EulerClose.Collateral] = []
        var seizedValue = UInt256.zero
        var total = UInt256.zero
        for holding in position.holdings {
            // What reverts for every amount is no trade.
            guard
                let value = try? market.worth(
                    UInt256(holding.shares),
                    priceVariable: EulerMarket.Variable.price(holding.number),
                    unit: market.inner.terms.collaterals[holding.number].unit, rounding: .down)
            else { return nil }
            collaterals.append(
                EulerClose.Collateral(value: value, loanToValueBps: market.ratioBps(holding.number))
            )
            total = total.saturatingAdd(value)
            if holding == seized { seizedValue = value }
        }
        let situation = EulerClose.Situation(
            liabilityValue: liability, debtAssets: owed.assets, seizedValue: seizedValue,
            seizedBalance: UInt256(seized.shares), maxDiscountBps: market.terms.maxDiscountBps)
        // What reverts for every amount is no trade.
        guard let close = try? EulerClose(situation, collaterals: collaterals),
            close.discountFactorWad != nil
        else { return nil }
        self.market = market
        self.position = position
        self.seized = seized
        self.close = close
        (owedExact, debt) = owed
        account = AccountValues(
            collateral: total, weighted: close.adjustedCollateral, debt: liability)
    }

    package var payAsset: AssetID { market.terms.debt }
    package var takeAsset: AssetID { market.terms.collaterals[seized.number].asset }
    package var takeUnit: UInt256 { market.inner.terms.collaterals[seized.number].unit }
    package var payMax: UInt256 { close.maxRepay }
    /// One discount for every unit.
    package func edges(driftPpm: UInt64) -> [UInt256] { [] }
    package var mark: UInt256 {
        UInt256(market.inner.values[EulerMarket.Variable.price(seized.number)])
    }

    package func close(payingAtMost amount: UInt256) throws(CloseObstacle) -> RepaidClose {
        do {
            let paid = min(amount, close.maxRepay)
            let taken = try close.yield(forRepaying: paid)
            var left = position.holdings.map { holding in
                ScaledBalance(
                    asset: market.terms.collaterals[holding.number].asset,
                    scaledAmount: UInt256(holding.shares)
                        - (holding == seized ? taken : .zero))
            }
            left.removeAll(where: \.scaledAmount.isZero)
            let debtLeft = debt - paid
            // Whoever has nothing left to give is written off at once.
            let isWrittenOff = left.isEmpty && !debtLeft.isZero
            let exactLeft =
                debtLeft.isZero || isWrittenOff
                ? UInt256.zero : try owedExact.checkedSubtract(paid << 31)
            return RepaidClose(
                quote: TradeQuote(paid: paid, taken: taken, isWholeDebt: paid == debt),
                position: left.isEmpty && exactLeft.isZero ? nil : positionLeft(left, exactLeft),
                writtenOff: isWrittenOff ? [AssetAmount(asset: payAsset, amount: debtLeft)] : [])
        } catch {
            throw CloseObstacle(error)
        }
    }

    private func positionLeft(_ left: [ScaledBalance], _ owedExact: UInt256) -> AccountPosition {
        .euler(
            EulerPosition(
                collateral: left, owedExact: owedExact,
                accumulatorRay: UInt256(
                    market.inner.values[EulerMarket.Variable.accumulatorRay])))
    }

    package func payment(taking amount: UInt256) -> UInt256? {
        guard !close.maxYield.isZero else { return nil }
        // More than the whole yield is more than anybody can take.
        return try? mulDiv(
            amount, close.maxRepay, dividingBy: close.maxYield, rounding: .down)
    }

    package func payment(restoringPpm targetPpm: Int64) -> UInt256? {
        // What does not fit restores nothing.
        guard let factor = close.discountFactorWad, !factor.isZero,
            let loss = try? mulDiv(
                UInt256(market.ratioBps(seized.number)) * 100_000_000_000_000, wad,
                dividingBy: factor, rounding: .up),
            let worth = try? worthRestoring(targetPpm: targetPpm, lossWad: loss)
        else { return nil }
        // What does not fit restores nothing.
        return try? mulDiv(worth, debt, dividingBy: account.debt, rounding: .up)
    }

    package func worth(
        ofPaid amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try market.worth(
            amount, priceVariable: EulerMarket.Variable.debtPrice,
            unit: market.inner.terms.debtUnit, rounding: rounding)
    }

    package func worth(
        ofTaken amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try market.worth(
            amount, priceVariable: EulerMarket.Variable.price(seized.number), unit: takeUnit,
            rounding: rounding)
    }
}

extension HostedEuler {
    /// What an account owes has grown by so much since the vault opened.
    package var accumulatorRay: UInt256 {
        UInt256(inner.values[EulerMarket.Variable.accumulatorRay])
    }
}
