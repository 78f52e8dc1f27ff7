// Vaults of Euler v2, written from `protocols.md` A6. Values are mid-point quotes in the unit of
// account.

package struct EulerAccount: Sendable {
    /// Value and liquidation LTV of each collateral.
    package let collateral: [(value: Rational, ltvBps: Rational)]
    package let liability: Rational

    package init(collateral: [(value: Rational, ltvBps: Rational)], liability: Rational) {
        self.collateral = collateral
        self.liability = liability
    }

    package var adjustedValue: Rational {
        collateral.map { ($0.value * $0.ltvBps / basisPoints).floor }.sum
    }

    /// Equal may be closed.
    package var isEligible: Bool { liability.isPositive && adjustedValue <= liability }
}

/// The most that may be repaid and taken, and what a smaller repayment takes.
package struct EulerLimits: Sendable {
    package let discountFactor: Rational
    package let discountFactorMin: Rational
    package let repayMax: Rational
    package let yieldMax: Rational

    package init(
        _ account: EulerAccount, debt: Rational, seizedBalance: Rational, seizedValue: Rational,
        discountMaxBps: Rational
    ) {
        discountFactorMin = wad - (wad * discountMaxBps / basisPoints).floor
        guard account.isEligible else {
            (discountFactor, repayMax, yieldMax) = (wad, 0, 0)
            return
        }
        discountFactor = max(
            discountFactorMin, (account.adjustedValue * wad / account.liability).floor)
        guard seizedValue.isPositive else {
            (repayMax, yieldMax) = (0, seizedBalance)
            return
        }
        var repayValue = account.liability
        var yieldValue = (account.liability * wad / discountFactor).floor
        if seizedValue < yieldValue {
            repayValue = (seizedValue * discountFactor / wad).floor
            yieldValue = seizedValue
        }
        repayMax = (repayValue * debt / account.liability).floor
        yieldMax = (yieldValue * seizedBalance / seizedValue).floor
    }

    /// Nil where more is asked than may be repaid.
    package func yield(repaying amount: Rational) -> Rational? {
        guard amount <= repayMax else { return nil }
        return repayMax.isZero ? yieldMax : (amount * yieldMax / repayMax).floor
    }
}
