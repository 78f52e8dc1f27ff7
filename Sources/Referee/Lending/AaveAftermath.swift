import KeeperModel

/// What an account holds and owes after a close, as scaled balances, and what was written off.
package struct AaveAftermath: Sendable {
    package let collateral: [NamedAmount]
    package let debts: [NamedAmount]
    /// Debt that nobody is left to pay, by asset, in its smallest unit.
    package let deficits: [NamedAmount]
    /// The same as a value, each asset rounded up.
    package let deficitValue: Rational

    /// The fact sheet names the rounding of balances; a balance that falls by an amount falls by
    /// as much, scaled, rounded the same way in favour of the protocol.
    package init(of account: AaveAccount, after close: AaveClose) {
        let figures = close.figures
        let isWrittenOff = figures.isCollateralExhausted
        collateral = account.collateral.compactMap { balance in
            guard balance.asset == close.collateral.asset else {
                return NamedAmount(balance.asset, balance.scaled)
            }
            let left = close.scaledCollateralLeft(figures)
            return left.isZero ? nil : NamedAmount(balance.asset, left)
        }
        debts = account.debts.compactMap { balance in
            let left =
                balance.asset == close.debt.asset
                ? close.scaledDebtLeft(figures) : balance.scaled
            return left.isZero || isWrittenOff ? nil : NamedAmount(balance.asset, left)
        }
        let unpaid = account.debts.map { balance in
            let owed = account.generation.owed(balance)
            return balance.asset == close.debt.asset ? owed - figures.repaid : owed
        }
        let writtenOff = zip(account.debts, unpaid).filter { isWrittenOff && !$1.isZero }
        deficits = writtenOff.map { NamedAmount($0.asset, $1) }
        deficitValue = writtenOff.map { $0.exactValue(of: $1).ceiling }.sum
    }
}

extension AaveClose {
    fileprivate func scaledDebtLeft(_ figures: AaveCloseFigures) -> Rational {
        guard figures.repaid < owed else { return 0 }
        let exact = figures.repaid * ray / debt.index
        return max(0, debt.scaled - (generation.isDirected ? exact.floor : exact.halfUp))
    }

    /// Net part and fee leave the balance one after the other.
    fileprivate func scaledCollateralLeft(_ figures: AaveCloseFigures) -> Rational {
        guard figures.seizedGross < held else { return 0 }
        let taken = [figures.seizedNet, figures.fee].map { amount in
            let exact = amount * ray / collateral.index
            return generation.isDirected ? exact.ceiling : exact.halfUp
        }
        return max(0, collateral.scaled - taken.sum)
    }
}
