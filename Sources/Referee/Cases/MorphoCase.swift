package import KeeperModel

/// A settled close of a loan of Morpho Blue, worked out again.
///
/// The contract is asked either to seize so much or to repay so many shares. Which it was cannot be
/// seen from outside, so a close is right where one of the two gives all that was published.
package struct MorphoCase: Sendable {
    private let repaid: RepaidCase
    private let terms: MorphoBlueTerms
    private let sight: MarketSight
    private let sightAfter: MarketSight

    package init(
        _ repaid: RepaidCase, terms: MorphoBlueTerms, sight: MarketSight, sightAfter: MarketSight
    ) {
        self.repaid = repaid
        self.terms = terms
        self.sight = sight
        self.sightAfter = sightAfter
    }

    package var discrepancy: Discrepancy? {
        guard let published = repaid.positionBefore, let market = market(sight) else {
            return missing("position, price and totals of \(terms.market)")
        }
        let position = MorphoPosition(
            collateral: published.collateral.map { Rational($0.scaledAmount) }.sum,
            borrowShares: published.debts.map { Rational($0.scaledAmount) }.sum)
        guard position.isEligible(in: market) else {
            return closedThoughHealthy("owes \(position.owed(in: market))")
        }
        guard let close = close(position, market) else {
            return Discrepancy("verdict", published: "settled", recomputed: "beyond the position")
        }
        return repaid.discrepancy(
            figures(position, market, close),
            collateralLeft: [
                NamedAmount(terms.collateral.text, close.positionAfter.collateral)
            ], debtsLeft: [NamedAmount(terms.loan.text, close.positionAfter.borrowShares)])
            ?? totals(close.marketAfter)
    }

    private func market(_ sight: MarketSight) -> MorphoMarket? {
        guard let price = sight.price(terms.collateral),
            let assets = sight.figure(.borrowAssets), let shares = sight.figure(.borrowShares)
        else { return nil }
        return MorphoMarket(
            lltv: Rational(terms.lltvWad),
            price: (price * MorphoMarket.priceScale / .powerOfTen(terms.collateralDecimals)).floor,
            // The venue keeps no total of what is supplied: lenders' claims stand for it.
            supplied: 0, borrowed: assets, borrowShares: shares)
    }

    private func close(_ position: MorphoPosition, _ market: MorphoMarket) -> MorphoClose? {
        let (seized, paid) = (repaid.settled.moved(.seized), -repaid.settled.moved(.repaid))
        var sharesAfter: Rational = 0
        if case .lending(let left)? = repaid.settled.positionAfter(repaid.settled.account) {
            sharesAfter = left.debts.map { Rational($0.scaledAmount) }.sum
        }
        let possible = [
            MorphoRequest.repaying(shares: position.borrowShares - sharesAfter),
            .seizing(seized),
        ].compactMap { MorphoClose($0, position, market) }
        return possible.first { $0.seized == seized && $0.repaid == paid } ?? possible.first
    }

    private func figures(
        _ position: MorphoPosition, _ market: MorphoMarket, _ close: MorphoClose
    ) -> RepaidFigures {
        func quoted(_ amount: Rational) -> Rational {
            (amount * market.price / MorphoMarket.priceScale).floor
        }
        return RepaidFigures(
            repaid: close.repaid, seized: close.seized, fee: 0, fetched: quoted(close.seized),
            paid: close.repaid, held: quoted(position.collateral),
            owed: position.owed(in: market), weighted: position.borrowMax(in: market),
            writtenOff: close.badDebt)
    }

    private func totals(_ recomputed: MorphoMarket) -> Discrepancy? {
        guard let published = market(sightAfter) else {
            return missing("totals of \(terms.market)")
        }
        return Discrepancy(
            "borrowed assets", published: published.borrowed, recomputed: recomputed.borrowed)
            ?? Discrepancy(
                "borrow shares", published: published.borrowShares,
                recomputed: recomputed.borrowShares)
    }
}
