package import KeeperModel
package import WideMath

/// A market of Compound III as the reference venue publishes it: debtors, and beside them the
/// storefront's goods, one place for each collateral.
package struct HostedComet: PublishedMarketRules {
    package let terms: CompoundTerms
    private var inner: CometMarket

    package enum Position: Hashable, Sendable {
        case debtor(CometMarket.Position)
        /// So much of the collateral of this number is for sale.
        case goods(Int, UInt256)
    }

    /// Nil where decimals are too many for a unit.
    package init?(terms: CompoundTerms) {
        var collaterals: [CometTerms.Collateral] = []
        for collateral in terms.collaterals {
            // What does not fit cannot be counted.
            guard let scale = try? UInt256.powerOfTen(Int(collateral.decimals)) else { return nil }
            collaterals.append(
                CometTerms.Collateral(
                    asset: collateral.asset, scale: scale,
                    liquidateFactorWad: collateral.liquidateFactorWad))
        }
        // What does not fit cannot be counted.
        guard let baseScale = try? UInt256.powerOfTen(Int(terms.baseDecimals)) else { return nil }
        self.terms = terms
        inner = CometMarket(
            terms: CometTerms(
                market: terms.market, base: terms.base, baseScale: baseScale,
                collaterals: collaterals))
    }

    // MARK: Health

    package var variableCount: Int { inner.variableCount }
    package func value(ofVariable variable: Int) -> UInt128 { inner.value(ofVariable: variable) }

    /// Goods may be had as long as there are any.
    package func isLiquidatable(_ position: Position) -> Bool {
        switch position {
        case .debtor(let debtor): inner.isLiquidatable(debtor)
        case .goods(_, let quantity): !quantity.isZero
        }
    }

    package func healthWad(_ position: Position) -> UInt256 {
        switch position {
        case .debtor(let debtor): inner.healthWad(debtor)
        case .goods(_, let quantity): quantity.isZero ? .max : .zero
        }
    }

    /// No price decides whether goods are there.
    package func watch(_ position: Position, into watches: inout [Watch]) -> Bool {
        guard case .debtor(let debtor) = position else { return isLiquidatable(position) }
        return inner.watch(debtor, into: &watches)
    }

    // MARK: Intake

    package mutating func publish(_ update: PriceUpdate) -> [Int] { inner.publish(update) }

    package mutating func take(_ figures: [MarketFigure]) -> [Int] {
        figures.flatMap { figure -> [Int] in
            guard figure.name == .borrowIndex, let index = figure.value.asUInt64 else { return [] }
            // The venue publishes the index as accrued, so no interest is added to it here.
            return inner.accrue(
                CometInterest(borrowIndex: index, borrowRatePerSecondWad: 0, accruedAtSeconds: 0),
                toSeconds: 0)
        }
    }

    package func position(from published: AccountPosition) -> Position? {
        switch published {
        case .lending(let lending):
            guard let principal = lending.onlyDebt(of: terms.base)?.asUInt128 else { return nil }
            var holdings: [CometMarket.Position.Holding] = []
            for held in lending.collateral {
                guard let number = number(of: held.asset), let balance = held.scaledAmount.asUInt128
                else { return nil }
                holdings.append(CometMarket.Position.Holding(number: number, balance: balance))
            }
            holdings.sort { $0.number < $1.number }
            return inner.position(debtPrincipal: principal, holdings: holdings)
                .map { .debtor($0) }
        case .goods(let goods):
            return number(of: goods.asset).map { .goods($0, goods.quantity) }
        default: return nil
        }
    }

    package func published(_ position: Position) -> AccountPosition {
        switch position {
        case .debtor(let debtor):
            .lending(
                LendingPosition(
                    collateral: debtor.holdings.map {
                        ScaledBalance(
                            asset: terms.collaterals[$0.number].asset,
                            scaledAmount: UInt256($0.balance))
                    }.sorted { $0.asset < $1.asset },
                    debts: debtor.debtPrincipal == 0
                        ? []
                        : [
                            ScaledBalance(
                                asset: terms.base, scaledAmount: UInt256(debtor.debtPrincipal))
                        ]))
        case .goods(let number, let quantity):
            .goods(GoodsPosition(asset: terms.collaterals[number].asset, quantity: quantity))
        }
    }

    package func pricedAssets(of position: Position) -> [AssetID] {
        switch position {
        case .debtor(let debtor):
            ([terms.base] + debtor.holdings.map { terms.collaterals[$0.number].asset }).sorted()
        case .goods(let number, _): [terms.base, terms.collaterals[number].asset].sorted()
        }
    }

    private func number(of asset: AssetID) -> Int? {
        terms.collaterals.firstIndex { $0.asset == asset }
    }

    // MARK: Closes

    /// What absorbing the debtor does; nil where it would revert.
    package func absorption(of debtor: CometMarket.Position) -> CometAbsorption? {
        guard debtor.debtPrincipal > 0, inner.values.allSatisfy({ $0 > 0 }),
            let principal = Int256(magnitude: UInt256(debtor.debtPrincipal), isNegative: true)
        else { return nil }
        let collaterals = debtor.holdings.map {
            CometCollateral(
                balance: UInt256($0.balance), price: price($0.number), scale: scale($0.number),
                factor: terms.collaterals[$0.number].liquidationFactorWad)
        }
        // Nobody is absorbed by arithmetic that reverts.
        return try? CometAbsorption(
            principal: principal,
            base: CometLoanAsset(
                price: basePrice, scale: inner.terms.baseScale, borrowIndex: borrowIndex),
            supplyIndex: cometIndexScale, collaterals: collaterals)
    }

    package var borrowIndex: UInt256 { UInt256(inner.values[CometMarket.Variable.borrowIndex]) }

    fileprivate var basePrice: UInt256 { UInt256(inner.values[CometMarket.Variable.basePrice]) }
    fileprivate var baseScale: UInt256 { inner.terms.baseScale }
    fileprivate func scale(_ number: Int) -> UInt256 { inner.terms.collaterals[number].scale }

    fileprivate func price(_ number: Int) -> UInt256 {
        UInt256(inner.values[CometMarket.Variable.firstCollateral + number])
    }
}

extension HostedComet: TradingRules, PushRules {
    /// Absorbed collateral can be bought in the same breath, so that nobody else buys it first:
    /// absorbing alone pays nothing.
    package func trades(of position: Position) -> [CometPurchase]? {
        guard inner.values.allSatisfy({ $0 > 0 }) else { return nil }
        switch position {
        case .debtor(let debtor):
            return debtor.holdings.compactMap {
                CometPurchase(of: $0.number, quantity: UInt256($0.balance), in: self)
            }
        case .goods(let number, let quantity):
            return CometPurchase(of: number, quantity: quantity, in: self).map { [$0] } ?? []
        }
    }

    package func push(of position: Position) -> PushOffer? {
        guard case .debtor(let debtor) = position, let absorption = absorption(of: debtor) else {
            return nil
        }
        return PushOffer(
            inQuote: .zero, inKind: nil, notionalUnits: absorption.oldBalance.magnitude)
    }
}

/// A purchase of absorbed collateral at the storefront's discount.
package struct CometPurchase: CollateralTrade {
    private let market: HostedComet
    private let number: Int
    private let storefront: CometStorefront
    package let payMax: UInt256

    /// Nil where the arithmetic would revert.
    init?(of number: Int, quantity: UInt256, in market: HostedComet) {
        // What reverts for every amount is no purchase.
        guard
            let storefront = try? CometStorefront(
                assetPrice: market.price(number), assetScale: market.scale(number),
                liquidationFactor: market.terms.collaterals[number].liquidationFactorWad,
                priceFactor: market.terms.storefrontPriceFactorWad),
            let payMax = Self.payment(taking: quantity, storefront, number, market)
        else { return nil }
        self.market = market
        self.number = number
        self.storefront = storefront
        self.payMax = payMax
    }

    package var kind: CloseKind { .purchase }
    package var payAsset: AssetID { market.terms.base }
    package var takeAsset: AssetID { market.terms.collaterals[number].asset }
    package var takeUnit: UInt256 { market.scale(number) }
    /// One price for every unit.
    package func edges(driftPpm: UInt64) -> [UInt256] { [] }
    package var ageSeconds: UInt64 { 0 }

    package func quote(payingAtMost amount: UInt256) throws(CloseObstacle) -> TradeQuote {
        do throws(ArithmeticError) {
            let paid = min(amount, payMax)
            let taken = try storefront.collateral(
                forBase: paid, basePrice: market.basePrice, baseScale: market.baseScale)
            return TradeQuote(paid: paid, taken: taken)
        } catch {
            throw CloseObstacle(error)
        }
    }

    package func payment(taking amount: UInt256) -> UInt256? {
        Self.payment(taking: amount, storefront, number, market)
    }

    /// Rounded down, so that it never takes more.
    private static func payment(
        taking amount: UInt256, _ storefront: CometStorefront, _ number: Int,
        _ market: HostedComet
    ) -> UInt256? {
        // What does not fit is more than anybody pays.
        guard
            let numerator = try? storefront.discountedPrice.checkedMultiply(market.baseScale),
            let denominator = try? market.basePrice.checkedMultiply(market.scale(number))
        else { return nil }
        // What does not fit is more than anybody pays.
        return try? mulDiv(amount, numerator, dividingBy: denominator, rounding: .down)
    }

    /// A purchase restores nobody.
    package func payment(restoringPpm targetPpm: Int64) -> UInt256? { nil }

    package func worth(
        ofPaid amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        amount
    }

    package func worth(
        ofTaken amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try mulDiv(
            amount, market.price(number), dividingBy: market.scale(number), rounding: rounding)
    }
}
