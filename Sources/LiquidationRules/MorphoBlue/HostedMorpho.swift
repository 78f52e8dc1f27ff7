package import KeeperModel
package import WideMath

/// A market of Morpho Blue as the reference venue publishes it: its price in units of the quote
/// currency for a whole token, its totals as figures.
package struct HostedMorpho: HostedRules {
    package let terms: MorphoBlueTerms
    package private(set) var inner: MorphoMarket

    package init(terms: MorphoBlueTerms) {
        self.terms = terms
        inner = MorphoMarket(
            terms: MorphoMarketTerms(
                market: terms.market, collateral: terms.collateral, lltvWad: terms.lltvWad))
    }

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        // Whatever does not fit the oracle's scale is no price there.
        guard update.asset == terms.collateral, let unit = takeUnit,
            let price = try? mulDiv(
                update.price, morphoPriceScale, dividingBy: unit, rounding: .down)
        else { return [] }
        return inner.publish(
            PriceUpdate(
                asset: update.asset, kind: update.kind, price: price, round: update.round,
                sourceAt: update.sourceAt))
    }

    package mutating func take(_ figures: [MarketFigure]) -> [Int] {
        var assets = inner.values[MorphoMarket.Variable.borrowAssets]
        var shares = inner.values[MorphoMarket.Variable.borrowShares]
        for figure in figures {
            guard let value = figure.value.asUInt128 else { continue }
            switch figure.name {
            case .borrowAssets: assets = value
            case .borrowShares: shares = value
            default: continue
            }
        }
        return inner.accrue(borrowAssets: assets, borrowShares: shares)
    }

    package func position(from published: AccountPosition) -> MorphoMarket.Position? {
        guard case .lending(let lending) = published,
            let shares = lending.onlyDebt(of: terms.loan)?.asUInt128,
            lending.collateral.count <= 1,
            lending.collateral.allSatisfy({ $0.asset == terms.collateral }),
            let collateral = (lending.collateral.first?.scaledAmount ?? .zero).asUInt128
        else { return nil }
        return MorphoMarket.Position(collateral: collateral, borrowShares: shares)
    }

    package func published(_ position: MorphoMarket.Position) -> AccountPosition {
        published(
            MorphoPosition(
                collateral: UInt256(position.collateral),
                borrowShares: UInt256(position.borrowShares)))
            ?? .lending(LendingPosition(collateral: [], debts: []))
    }

    package func pricedAssets(of position: MorphoMarket.Position) -> [AssetID] {
        [terms.collateral]
    }

    fileprivate func published(_ position: MorphoPosition) -> AccountPosition? {
        LendingPosition.published(
            [ScaledBalance(asset: terms.collateral, scaledAmount: position.collateral)],
            owing: ScaledBalance(asset: terms.loan, scaledAmount: position.borrowShares))
    }

    /// One whole token of collateral; nil where it does not fit 256 bits.
    fileprivate var takeUnit: UInt256? { try? UInt256.powerOfTen(Int(terms.collateralDecimals)) }

    /// What everybody owes together.
    package var borrowAssets: UInt128 { inner.values[MorphoMarket.Variable.borrowAssets] }

    fileprivate var totals: MorphoTotals {
        MorphoTotals(
            // Suppliers are paid by the venue's law, so what they supplied is without limit here.
            supplyAssets: .max,
            borrowAssets: UInt256(inner.values[MorphoMarket.Variable.borrowAssets]),
            borrowShares: UInt256(inner.values[MorphoMarket.Variable.borrowShares]))
    }

    fileprivate var price: UInt256 {
        UInt256(inner.values[MorphoMarket.Variable.priceHigh]) << 64
            | UInt256(inner.values[MorphoMarket.Variable.priceLow])
    }
}

extension HostedMorpho: TradingRules {
    package func trades(of position: MorphoMarket.Position) -> [MorphoTrade]? {
        guard inner.standing(position, at: inner.values) != nil else { return nil }
        return MorphoTrade(position, in: self).map { [$0] } ?? []
    }
}

/// The debt of a borrower of Morpho Blue against the collateral. Without a close factor or a least
/// size, all of it may be repaid as long as the collateral lasts.
package struct MorphoTrade: RepayTrade {
    private let market: HostedMorpho
    private let terms: MorphoTerms
    private let position: MorphoPosition
    private let incentiveFactorWad: UInt256
    package let account: AccountValues
    package let takeUnit: UInt256
    /// The whole debt, or what the whole collateral pays for.
    package let payMax: UInt256

    /// Nil where the arithmetic would revert.
    init?(_ held: MorphoMarket.Position, in market: HostedMorpho) {
        let terms = MorphoTerms(lltvWad: market.terms.lltvWad, price: market.price)
        let position = MorphoPosition(
            collateral: UInt256(held.collateral), borrowShares: UInt256(held.borrowShares))
        // What reverts for every amount is no trade.
        guard !position.borrowShares.isZero, !position.collateral.isZero,
            let unit = market.takeUnit,
            let factor = try? morphoIncentiveFactor(lltvWad: terms.lltvWad),
            let debt = try? market.totals.assets(ofShares: position.borrowShares, rounding: .up),
            let value = try? terms.collateralInLoanAsset(position.collateral, rounding: .down),
            let weighted = try? terms.maxBorrow(collateral: position.collateral)
        else { return nil }
        self.market = market
        self.terms = terms
        self.position = position
        incentiveFactorWad = factor
        account = AccountValues(collateral: value, weighted: weighted, debt: debt)
        takeUnit = unit
        // Seizing everything underflows where it would repay more than is owed.
        let exhausting = try? MorphoClose(
            .seize(assets: position.collateral), of: position, terms: terms, totals: market.totals)
        payMax = exhausting?.repaidAssets ?? debt
    }

    package var payAsset: AssetID { market.terms.loan }
    package var takeAsset: AssetID { market.terms.collateral }
    package var mark: UInt256 { terms.price }
    /// The bonus is the same for every unit.
    package func edges(driftPpm: UInt64) -> [UInt256] { [] }

    package func close(payingAtMost amount: UInt256) throws(CloseObstacle) -> RepaidClose {
        do {
            let close = try MorphoClose(
                request(amount), of: position, terms: terms, totals: market.totals)
            guard !close.repaidAssets.isZero else { throw CloseObstacle("nothing would be repaid") }
            var writtenOff: [AssetAmount] = []
            if !close.badDebtAssets.isZero {
                writtenOff = [AssetAmount(asset: payAsset, amount: close.badDebtAssets)]
            }
            return RepaidClose(
                quote: TradeQuote(
                    paid: close.repaidAssets, taken: close.seizedAssets,
                    isWholeDebt: close.repaidShares == position.borrowShares),
                position: market.published(close.position), writtenOff: writtenOff,
                figures: [
                    MarketFigure(.borrowAssets, close.totals.borrowAssets),
                    MarketFigure(.borrowShares, close.totals.borrowShares),
                ])
        } catch let error as ArithmeticError {
            throw CloseObstacle(error)
        } catch let error as CloseObstacle {
            throw error
        } catch {
            preconditionFailure("Arithmetic and rules throw their own two errors: \(error)")
        }
    }

    /// By shares as long as the collateral lasts; all of the collateral from there on.
    private func request(_ amount: UInt256) throws(ArithmeticError) -> MorphoRequest {
        if amount >= payMax, payMax < account.debt { return .seize(assets: position.collateral) }
        guard amount < account.debt else { return .repay(shares: position.borrowShares) }
        return .repay(shares: try market.totals.shares(ofAssets: amount, rounding: .down))
    }

    package func payment(taking amount: UInt256) -> UInt256? {
        // More than the collateral underflows, and no payment takes it.
        try? MorphoClose(
            .seize(assets: amount), of: position, terms: terms, totals: market.totals
        ).repaidAssets
    }

    package func payment(restoringPpm targetPpm: Int64) -> UInt256? {
        // What does not fit restores nothing.
        guard let loss = try? wadMul(incentiveFactorWad, terms.lltvWad, rounding: .up) else {
            return nil
        }
        // What does not fit restores nothing.
        return try? worthRestoring(targetPpm: targetPpm, lossWad: loss)
    }

    package func worth(
        ofPaid amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        amount
    }

    package func worth(
        ofTaken amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try terms.collateralInLoanAsset(amount, rounding: rounding)
    }
}
