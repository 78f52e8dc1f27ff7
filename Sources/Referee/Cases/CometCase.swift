package import KeeperModel
import WideMath

/// A settled close of Compound III, worked out again: an account absorbed whole, goods bought from
/// the storefront, or both in one breath.
package struct CometCase: Sendable {
    private let settled: SettledCase
    private let terms: CompoundTerms
    private let purchase: LendingClose?
    private let sight: MarketSight

    /// Without a purchase the account is only absorbed.
    package init(
        _ settled: SettledCase, terms: CompoundTerms, purchase: LendingClose?, sight: MarketSight
    ) {
        self.settled = settled
        self.terms = terms
        self.purchase = purchase
        self.sight = sight
    }

    package var discrepancy: Discrepancy? {
        var law = OwnLawLines()
        var goods = goods(settled.accountsBefore)
        if case .lending(let position)? = settled.positionBefore {
            if let found = absorb(position, &goods, &law) { return found }
        }
        if let purchase, let found = buy(purchase, &goods, &law) { return found }
        return law.discrepancy(in: settled.receipt) ?? goodsLeft(goods)
    }

    private func goods(_ accounts: [AccountState]) -> [AssetID: Rational] {
        var goods: [AssetID: Rational] = [:]
        for case .goods(let held) in accounts.map(\.position) {
            goods[held.asset] = Rational(held.quantity)
        }
        return goods
    }

    private func absorb(
        _ position: LendingPosition, _ goods: inout [AssetID: Rational],
        _ law: inout OwnLawLines
    ) -> Discrepancy? {
        guard let account = account(position) else {
            return missing("prices and index of \(terms.market)")
        }
        guard account.isEligible else {
            return closedThoughHealthy("liquidity \(account.liquidity ?? 0)")
        }
        guard settled.positionAfter(settled.account) == nil else {
            return Discrepancy("account", published: "still there", recomputed: "absorbed")
        }
        // In the market's own order of assets.
        for held in position.holdings(of: terms) {
            let amount = Rational(held.scaledAmount)
            goods[held.asset, default: 0] += amount
            law.give(worth(amount, held.asset), from: "account", to: "storefront", "absorbed")
        }
        let absorbed = CometAbsorption(of: account)
        law.give(absorbed.basePaidOut, from: "reserves", to: "account", "absorbed")
        return settled.discrepancy(inFact: "debt", account.balance.magnitude)
            ?? settled.discrepancy(inFact: "paidOut", absorbed.basePaidOut)
    }

    private func account(_ position: LendingPosition) -> CometAccount? {
        guard let index = sight.figure(.borrowIndex), let basePrice = sight.price(terms.base)
        else { return nil }
        let collateral = position.holdings(of: terms).compactMap { held -> CometCollateral? in
            guard let asset = terms.collaterals.first(where: { $0.asset == held.asset }),
                let price = sight.price(held.asset)
            else { return nil }
            return CometCollateral(
                balance: Rational(held.scaledAmount), price: price,
                scale: .powerOfTen(asset.decimals),
                liquidateFactor: Rational(asset.liquidateFactorWad),
                liquidationFactor: Rational(asset.liquidationFactorWad))
        }
        guard collateral.count == position.collateral.count else { return nil }
        return CometAccount(
            principal: -position.debts.map { Rational($0.scaledAmount) }.sum,
            supplyIndex: .powerOfTen(15), borrowIndex: index, basePrice: basePrice,
            baseScale: .powerOfTen(terms.baseDecimals), collateral: collateral)
    }

    private func buy(
        _ purchase: LendingClose, _ goods: inout [AssetID: Rational], _ law: inout OwnLawLines
    ) -> Discrepancy? {
        let (paid, taken) = (-settled.moved(.repaid), settled.moved(.seized))
        guard let asset = terms.collaterals.first(where: { $0.asset == purchase.seizeAsset }),
            let price = sight.price(asset.asset), let basePrice = sight.price(terms.base)
        else { return missing("price of \(purchase.seizeAsset)") }
        let quote = CometQuote(
            baseAmount: paid, basePrice: basePrice, baseScale: .powerOfTen(terms.baseDecimals),
            assetPrice: price, assetScale: .powerOfTen(asset.decimals),
            liquidationFactor: Rational(asset.liquidationFactorWad),
            storeFrontFactor: Rational(terms.storefrontPriceFactorWad))
        let inStore = goods[asset.asset] ?? 0
        goods[asset.asset] = inStore - quote.amount
        law.give(paid, from: "keeper", to: "reserves", "bought")
        law.give(worth(quote.amount, asset.asset), from: "storefront", to: "keeper", "bought")
        guard paid <= Rational(purchase.repayAmountMax), quote.amount <= inStore,
            quote.amount >= Rational(purchase.seizeAmountMin)
        else {
            return Discrepancy(
                "verdict", published: "settled", recomputed: "refused: buys \(quote.amount)")
        }
        return Discrepancy("bought", published: taken, recomputed: quote.amount)
    }

    private func goodsLeft(_ recomputed: [AssetID: Rational]) -> Discrepancy? {
        let published = goods(settled.accountsAfter)
        for asset in recomputed.keys.sorted() {
            let found = Discrepancy(
                "\(asset) in the storefront", published: published[asset] ?? 0,
                recomputed: recomputed[asset] ?? 0)
            if let found { return found }
        }
        return nil
    }

    private func worth(_ amount: Rational, _ asset: AssetID) -> Rational {
        let decimals = terms.collaterals.first { $0.asset == asset }?.decimals ?? 0
        return sight.worth(amount, asset, decimals: decimals)
    }
}

extension LendingPosition {
    fileprivate func holdings(of terms: CompoundTerms) -> [ScaledBalance] {
        terms.collaterals.compactMap { asset in
            collateral.first { $0.asset == asset.asset && !$0.scaledAmount.isZero }
        }
    }
}
