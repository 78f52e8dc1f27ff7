package import KeeperModel

/// What a paid close of a borrower came to, by whatever protocol's rules.
struct RepaidFigures {
    let repaid: Rational
    /// What the keeper gets, and what the protocol keeps of the bonus.
    let seized: Rational
    let fee: Rational
    /// In units at the mark: what was seized, fee included, and what was repaid, rounded down.
    let fetched: Rational
    let paid: Rational
    /// Of the whole account before it.
    let held: Rational
    let owed: Rational
    let weighted: Rational
    /// In units: debt that nobody is left to pay.
    let writtenOff: Rational
}

/// A settled close that repaid a borrower's debt, compared figure by figure.
///
/// Amounts come from the fact sheet, lines from the settlement page. What lies between, the worth
/// of a close in units, is the reference venue's own convention: what was seized and what was
/// repaid are valued at the mark, rounded down; the maintenance is the collateral less its weighted
/// value; and debt that nobody is left to pay is a second close that fetched nothing.
package struct RepaidCase: Sendable {
    let settled: SettledCase
    let policy: SettlementPolicy
    let request: LendingClose
    let lenders: [NamedAmount]
    let lendersAfter: [NamedAmount]

    package init(
        _ settled: SettledCase, policy: SettlementPolicy, request: LendingClose,
        lenders: [NamedAmount], lendersAfter: [NamedAmount]
    ) {
        self.settled = settled
        self.policy = policy
        self.request = request
        self.lenders = lenders
        self.lendersAfter = lendersAfter
    }

    var positionBefore: LendingPosition? {
        guard case .lending(let position)? = settled.positionBefore else { return nil }
        return position
    }

    func discrepancy(
        _ figures: RepaidFigures, collateralLeft: [NamedAmount], debtsLeft: [NamedAmount]
    ) -> Discrepancy? {
        amounts(figures) ?? leftBehind(collateralLeft, debtsLeft) ?? settlement(figures)
    }

    // MARK: What moved

    func amounts(_ figures: RepaidFigures) -> Discrepancy? {
        guard figures.repaid <= Rational(request.repayAmountMax) else {
            return Discrepancy("verdict", published: "settled", recomputed: "more than offered")
        }
        guard figures.seized >= Rational(request.seizeAmountMin) else {
            return Discrepancy("verdict", published: "settled", recomputed: "below its minimum")
        }
        return Discrepancy(
            "repaid", published: -settled.moved(.repaid), recomputed: figures.repaid)
            ?? Discrepancy(
                "seized", published: settled.moved(.seized), recomputed: figures.seized)
            ?? settled.discrepancy(inFact: "protocolFee", figures.fee)
    }

    private func leftBehind(
        _ collateral: [NamedAmount], _ debts: [NamedAmount]
    ) -> Discrepancy? {
        let position: LendingPosition
        switch settled.positionAfter(settled.account) {
        case .lending(let left): position = left
        case nil: position = LendingPosition(collateral: [], debts: [])
        default: return missing("a lending position of \(settled.account)")
        }
        return scaled("collateral", position.collateral, collateral)
            ?? scaled("debt", position.debts, debts)
    }

    func scaled(
        _ side: String, _ published: [ScaledBalance], _ recomputed: [NamedAmount]
    ) -> Discrepancy? {
        let theirs = published.map { "\($0.asset) \(Rational($0.scaledAmount))" }.sorted()
        let ours = recomputed.filter { !$0.amount.isZero }.map { "\($0.id) \($0.amount)" }.sorted()
        guard theirs != ours else { return nil }
        return Discrepancy("\(side) left", published: "\(theirs)", recomputed: "\(ours)")
    }

    // MARK: What it was worth

    func settlement(_ figures: RepaidFigures) -> Discrepancy? {
        var closes = [facts(figures)]
        if figures.writtenOff.isPositive {
            closes.append(writeOff(figures.writtenOff, at: closes[0].height))
        }
        let (found, reckonings) = settled.discrepancy(
            settling: closes, under: policy, bearers: .claims(lenders))
        return found ?? lendersLeft(reckonings)
    }

    private func facts(_ figures: RepaidFigures) -> CloseFacts {
        let rest = (figures.held - figures.fetched) - (figures.owed - figures.paid)
        return CloseFacts(
            height: Rational(settled.receipt.height), account: settled.account.text,
            notional: figures.fetched, proceeds: figures.fetched, principal: figures.paid,
            interest: 0, fees: 0, equity: figures.held - figures.owed,
            maintenance: figures.held - figures.weighted,
            closedEquity: figures.fetched - figures.paid, reserve: max(0, rest))
    }

    private func writeOff(_ value: Rational, at height: Rational) -> CloseFacts {
        CloseFacts(
            height: height, account: settled.account.text, notional: 0, proceeds: 0,
            principal: value, interest: 0, fees: 0, equity: -value, maintenance: 0,
            closedEquity: -value, reserve: 0)
    }

    private func lendersLeft(_ reckonings: [Reckoning]) -> Discrepancy? {
        for lender in lenders {
            let charged = reckonings.flatMap(\.layers.socialised)
                .filter { $0.id == lender.id }.map(\.amount).sum
            let after = lendersAfter.first { $0.id == lender.id }
            let found = Discrepancy(
                "claim of \(lender.id)", published: after?.amount ?? 0,
                recomputed: lender.amount - charged)
            if let found { return found }
        }
        return nil
    }
}
