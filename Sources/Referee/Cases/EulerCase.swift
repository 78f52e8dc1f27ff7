package import KeeperModel
import WideMath

/// A settled close of an account of an Euler v2 vault, worked out again: the liquidator takes over
/// debt and shares, repays and redeems them in the same batch.
package struct EulerCase: Sendable {
    private let repaid: RepaidCase
    private let terms: EulerVaultTerms
    private let sight: MarketSight

    package init(_ repaid: RepaidCase, terms: EulerVaultTerms, sight: MarketSight) {
        self.repaid = repaid
        self.terms = terms
        self.sight = sight
    }

    /// The first figure that differs; nil where all of it agrees.
    package var discrepancy: Discrepancy? {
        guard case .euler(let position)? = repaid.settled.positionBefore,
            let debt = EulerDebt(position, sight, asset: terms.debt),
            let account = account(position, debt)
        else { return missing("position, prices and interest of \(repaid.settled.account)") }
        guard account.isEligible else {
            return closedThoughHealthy("\(account.adjustedValue) against \(account.liability)")
        }
        guard let seized = held(position).first(where: { $0.asset == repaid.request.seizeAsset })
        else { return missing("\(repaid.request.seizeAsset) of \(repaid.settled.account)") }
        let limits = EulerLimits(
            account, debt: debt.assets, seizedBalance: seized.shares, seizedValue: seized.value,
            discountMaxBps: Rational(terms.maxDiscountBps))
        let paid = min(Rational(repaid.request.repayAmountMax), limits.repayMax)
        guard let taken = limits.yield(repaying: paid) else {
            return Discrepancy("verdict", published: "settled", recomputed: "beyond the limits")
        }
        return outcome(position, account, debt, seized, paid: paid, taken: taken)
    }

    private func outcome(
        _ position: EulerPosition, _ account: EulerAccount, _ debt: EulerDebt, _ seized: Held,
        paid: Rational, taken: Rational
    ) -> Discrepancy? {
        let left = held(position).map { held in
            NamedAmount(
                held.asset.text, held.asset == seized.asset ? held.shares - taken : held.shares)
        }
        let debtLeft = debt.assets - paid
        // Whoever has nothing left to give is written off at once.
        let isWrittenOff = left.allSatisfy(\.amount.isZero) && debtLeft.isPositive
        let figures = RepaidFigures(
            repaid: paid, seized: taken, fee: 0, fetched: worth(taken, seized.asset),
            paid: (debt.price * paid / debtUnit).floor,
            held: held(position).map(\.value).sum, owed: account.liability,
            weighted: account.adjustedValue,
            writtenOff: isWrittenOff ? (debt.price * debtLeft / debtUnit).ceiling : 0)
        let isClear = debtLeft.isZero || isWrittenOff
        return repaid.amounts(figures)
            ?? leftBehind(left, isClear ? 0 : debt.exact - paid * EulerDebt.scale)
            ?? repaid.settlement(figures)
    }

    private func leftBehind(_ left: [NamedAmount], _ owedExact: Rational) -> Discrepancy? {
        var after = EulerPosition(collateral: [], owedExact: 0, accumulatorRay: 0)
        switch repaid.settled.positionAfter(repaid.settled.account) {
        case .euler(let position): after = position
        case nil: break
        default: return missing("a position of Euler of \(repaid.settled.account)")
        }
        return repaid.scaled("collateral", after.collateral, left)
            ?? Discrepancy(
                "debt left", published: Rational(after.owedExact), recomputed: owedExact)
    }

    // MARK: What stood there

    private struct Held {
        let asset: AssetID
        let shares: Rational
        let value: Rational
        let ltvBps: Rational
    }

    /// Collateral vaults earn nothing at the venue, so a share stays a unit of its asset.
    private func held(_ position: EulerPosition) -> [Held] {
        position.collateral.map { held in
            let shares = Rational(held.scaledAmount)
            return Held(
                asset: held.asset, shares: shares, value: worth(shares, held.asset),
                ltvBps: ltvBps(of: held.asset))
        }
    }

    private func account(_ position: EulerPosition, _ debt: EulerDebt) -> EulerAccount? {
        guard position.collateral.allSatisfy({ sight.price($0.asset) != nil }) else { return nil }
        return EulerAccount(
            collateral: held(position).map { ($0.value, $0.ltvBps) },
            liability: (debt.price * debt.assets / debtUnit).floor)
    }

    private func worth(_ amount: Rational, _ asset: AssetID) -> Rational {
        let terms = terms.collaterals.first { $0.asset == asset }
        return sight.worth(amount, asset, decimals: terms?.decimals ?? 0)
    }

    private var debtUnit: Rational { .powerOfTen(terms.debtDecimals) }

    /// A ratio that is lowered goes down in a line until its target's time; one that is raised is
    /// in force at once.
    private func ltvBps(of asset: AssetID) -> Rational {
        guard let ltv = terms.collaterals.first(where: { $0.asset == asset }) else { return 0 }
        let now = sight.nowSeconds ?? 0
        guard now < ltv.targetAtSeconds, ltv.targetBps < ltv.initialBps, ltv.durationSeconds > 0
        else { return Rational(ltv.targetBps) }
        let left = min(ltv.targetAtSeconds - now, ltv.durationSeconds)
        let fall = Rational(ltv.initialBps) - Rational(ltv.targetBps)
        return Rational(ltv.targetBps)
            + (fall * Rational(left) / Rational(ltv.durationSeconds)).floor
    }
}

/// A debt to the vault with its interest up to now: exact to 31 bits below the smallest unit, and
/// in whole units rounded up.
private struct EulerDebt {
    let exact: Rational
    let assets: Rational
    let price: Rational

    static var scale: Rational { Rational(UInt64(1) << 31) }

    /// Nil where price or interest were not published.
    init?(_ position: EulerPosition, _ sight: MarketSight, asset: AssetID) {
        guard let price = sight.price(asset), let accumulator = sight.figure(.accumulatorRay)
        else { return nil }
        exact =
            (Rational(position.owedExact) * accumulator / Rational(position.accumulatorRay)).floor
        assets = (exact / Self.scale).ceiling
        self.price = price
    }
}
