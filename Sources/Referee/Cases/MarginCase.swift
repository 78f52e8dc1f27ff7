package import KeeperModel

/// A settled close of a margin position, worked out again. What the book paid is taken from the
/// record: it is a fact of the market, not of a rule.
package struct MarginCase: Sendable {
    private let settled: SettledCase
    private let terms: MarginTerms
    private let request: MarginClose
    private let mark: Rational

    package init(
        _ settled: SettledCase, terms: MarginTerms, request: MarginClose, sight: MarketSight
    ) {
        self.settled = settled
        self.terms = terms
        self.request = request
        mark = sight.price(terms.asset) ?? 0
    }

    /// The first figure that differs; nil where all of it agrees.
    package var discrepancy: Discrepancy? {
        guard case .margin(let before)? = settled.positionBefore else {
            return missing("a margin position of \(settled.account)")
        }
        let position = MarginAccount(account: settled.account, before)
        let table = MaintenanceTable(tiers: terms.policy.tiers ?? [])
        guard position.isEligible(at: mark, under: table) else {
            return closedThoughHealthy("equity \(position.equity(at: mark))")
        }
        let lots = Rational(request.lots)
        guard lots.isPositive, lots <= position.lots else {
            return Discrepancy(
                "lots", published: "\(lots)", recomputed: "at most \(position.lots)")
        }
        guard let value = settled.fact("fillValue").flatMap({ Rational(decimal: $0) }) else {
            return missing("fact fillValue")
        }
        return price(value, lots: lots, position) ?? settlement(position, value, table)
    }

    private func price(
        _ value: Rational, lots: Rational, _ position: MarginAccount
    ) -> Discrepancy? {
        let limit = lots * Rational(request.limitPrice)
        let isWithin = position.side == .long ? value >= limit : value <= limit
        guard !isWithin else { return nil }
        return Discrepancy("fill", published: "\(value)", recomputed: "limit \(limit)")
    }

    private func settlement(
        _ position: MarginAccount, _ value: Rational, _ table: MaintenanceTable
    ) -> Discrepancy? {
        let lots = Rational(request.lots)
        let closing = MarginClosing(
            position, lots: lots, fillValue: value, exitCost: 0, mark: mark)
        let market = MarketFacts(
            closedSide: position.side, closedLots: lots,
            bankruptcyPrice: closing.bankruptcyPrice, mark: mark, positions: others)
        let (found, reckonings) = settled.discrepancy(
            settling: [facts(position, closing, table)], under: terms.policy,
            bearers: .market(market))
        guard let reckoning = reckonings.first else { return found }
        return settled.discrepancy(inFact: "bankruptcyPrice", closing.bankruptcyPrice) ?? found
            ?? incentive(reckoning) ?? rest(of: position, closing, reckoning)
            ?? others(in: market, reckoning)
    }

    private func facts(
        _ position: MarginAccount, _ closing: MarginClosing, _ table: MaintenanceTable
    ) -> CloseFacts {
        CloseFacts(
            height: Rational(settled.receipt.height), account: settled.account.text,
            notional: closing.notional, proceeds: closing.proceeds,
            principal: closing.obligations, interest: 0, fees: 0,
            equity: position.equity(at: mark),
            maintenance: table.maintenance(of: position.lots * mark),
            closedEquity: closing.closedEquity,
            // What the lots left are worth at the mark, with their margin.
            reserve: max(0, position.equity(at: mark) - closing.closedEquity))
    }

    private func incentive(_ reckoning: Reckoning) -> Discrepancy? {
        let paid = reckoning.lines.filter { $0.beneficiary == "keeper" }.map(\.amount).sum
        guard paid >= Rational(request.incentiveMin) else {
            return Discrepancy(
                "verdict", published: "settled", recomputed: "the incentive is only \(paid)")
        }
        return Discrepancy(
            "incentive", published: settled.moved(.incentive), recomputed: paid)
    }

    // MARK: Positions after it

    private func rest(
        of position: MarginAccount, _ closing: MarginClosing, _ reckoning: Reckoning
    ) -> Discrepancy? {
        let credited = reckoning.lines.filter { $0.beneficiary == "account" }.map(\.amount).sum
        return differs(
            settled.account,
            MarginAccount(
                account: position.account, side: position.side,
                lots: position.lots - Rational(request.lots), entry: position.entry,
                margin: position.margin - closing.released + credited))
    }

    private var others: [MarginAccount] {
        settled.accountsBefore.compactMap { state in
            guard state.account != settled.account, case .margin(let position) = state.position
            else { return nil }
            return MarginAccount(account: state.account, position)
        }
    }

    private func others(in market: MarketFacts, _ reckoning: Reckoning) -> Discrepancy? {
        for other in market.positions {
            let given = reckoning.layers.deleveraged.first { $0.account == other.account }
            let charge = reckoning.layers.socialised.first { $0.id == other.account }
            let after = market.after(
                other, lots: given?.lots ?? 0,
                given: (given?.amount ?? 0) + (charge?.amount ?? 0))
            if let found = differs(AccountID(other.account), after) { return found }
        }
        return nil
    }

    /// A position without lots is gone.
    private func differs(_ account: AccountID, _ recomputed: MarginAccount) -> Discrepancy? {
        guard case .margin(let after)? = settled.positionAfter(account) else {
            return Discrepancy("lots of \(account)", published: 0, recomputed: recomputed.lots)
        }
        let published = MarginAccount(account: account, after)
        return Discrepancy(
            "lots of \(account)", published: published.lots, recomputed: recomputed.lots)
            ?? Discrepancy(
                "margin of \(account)", published: published.margin,
                recomputed: recomputed.margin)
            ?? Discrepancy(
                "entry price of \(account)", published: published.entry,
                recomputed: recomputed.entry)
    }
}
