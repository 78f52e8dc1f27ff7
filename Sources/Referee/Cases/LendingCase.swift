package import KeeperModel

/// A settled close of an Aave-style loan, worked out again.
package struct LendingCase: Sendable {
    private let repaid: RepaidCase
    private let terms: LendingTerms
    private let sight: MarketSight

    package init(_ repaid: RepaidCase, terms: LendingTerms, sight: MarketSight) {
        self.repaid = repaid
        self.terms = terms
        self.sight = sight
    }

    /// The first figure that differs; nil where all of it agrees.
    package var discrepancy: Discrepancy? {
        guard let position = repaid.positionBefore, let account = account(position) else {
            return missing("position, prices and terms of \(repaid.settled.account)")
        }
        guard account.isEligible else {
            return closedThoughHealthy("health \(account.healthWad?.description ?? "infinite")")
        }
        guard let close = close(of: account) else {
            return missing("\(repaid.request.seizeAsset) against \(repaid.request.repayAsset)")
        }
        if let refusal = close.refusal {
            return Discrepancy("verdict", published: "settled", recomputed: "refused: \(refusal)")
        }
        let aftermath = AaveAftermath(of: account, after: close)
        return repaid.discrepancy(
            figures(account, close, aftermath), collateralLeft: aftermath.collateral,
            debtsLeft: aftermath.debts)
    }

    private func account(_ position: LendingPosition) -> AaveAccount? {
        let collateral = position.collateral.compactMap { balance($0, .liquidityIndexRay) }
        let debts = position.debts.compactMap { balance($0, .variableBorrowIndexRay) }
        guard collateral.count == position.collateral.count, debts.count == position.debts.count
        else { return nil }
        return AaveAccount(generation: terms.generation, collateral: collateral, debts: debts)
    }

    private func balance(_ held: ScaledBalance, _ index: FigureName) -> AaveBalance? {
        guard let reserve = terms.reserves.first(where: { $0.asset == held.asset }),
            let price = sight.price(held.asset)
        else { return nil }
        return AaveBalance(
            asset: held.asset.text, scaled: Rational(held.scaledAmount),
            // A reserve that nobody has yet accrued stands at one.
            index: sight.figure(index, of: held.asset) ?? ray, price: price,
            tokenUnit: .powerOfTen(reserve.decimals),
            thresholdBps: Rational(reserve.liquidationThresholdBps),
            bonusBps: Rational(reserve.liquidationBonusBps),
            feeBps: Rational(reserve.protocolFeeBps))
    }

    private func close(of account: AaveAccount) -> AaveClose? {
        let request = repaid.request
        guard
            let collateral = account.collateral.first(where: {
                $0.asset == request.seizeAsset.text
            }), let debt = account.debts.first(where: { $0.asset == request.repayAsset.text })
        else { return nil }
        return AaveClose(
            generation: terms.generation, collateral: collateral, debt: debt,
            collateralTotal: account.collateralValue, debtTotal: account.debtValue,
            healthWad: account.healthWad, debtToCover: Rational(request.repayAmountMax),
            baseUnit: Rational(terms.baseUnit))
    }

    private func figures(
        _ account: AaveAccount, _ close: AaveClose, _ aftermath: AaveAftermath
    ) -> RepaidFigures {
        let figures = close.figures
        let held = account.collateralValue
        return RepaidFigures(
            repaid: figures.repaid, seized: figures.seizedNet, fee: figures.fee,
            fetched: close.collateral.exactValue(of: figures.seizedGross).floor,
            paid: close.debt.exactValue(of: figures.repaid).floor, held: held,
            owed: account.debtValue,
            weighted: (held * account.averageThresholdBps / basisPoints).floor,
            writtenOff: aftermath.deficitValue)
    }
}
