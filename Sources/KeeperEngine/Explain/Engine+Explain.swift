package import KeeperModel
import KeeperRisk
import WideMath

extension Engine {
    /// Every market in which an account of this name is followed, by domain and market; all markets
    /// of the keeper where it is in none.
    package func explain(_ account: AccountID, at now: Instant) -> [Explanation] {
        let all = domains.names.flatMap { domainID in
            (domains[domainID]?.books.names ?? []).map {
                explain(Target(domain: domainID, market: $0, account: account), at: now)
            }
        }
        let known = all.filter { $0.standing != .unknownAccount }
        return known.isEmpty ? all : known
    }

    /// Changes nothing: what it says is what would be decided now.
    package func explain(_ target: Target, at now: Instant) -> Explanation {
        guard let domain = domains[target.domain], let book = domain.books[target.market],
            let state = domain.state(of: target)
        else {
            return Explanation(
                target: target, height: domains[target.domain]?.height ?? 0, at: now,
                standing: .unknownAccount, healthWad: nil, accountVersion: nil, prices: [],
                facts: [])
        }
        let (standing, facts) = standing(of: target, in: domain, book, now)
        return Explanation(
            target: target, height: domain.height, at: now, standing: standing,
            healthWad: book.healthWad(of: target.account), accountVersion: state.version,
            prices: linePrices(of: target, in: domain, book, now),
            facts: facts + foreseenFacts(of: target))
    }

    private func foreseenFacts(of target: Target) -> [DecisionFact] {
        guard let foresight = foresight(of: target) else { return [] }
        return [DecisionFact("foreseen", foresight.outcome)]
    }

    private func standing(
        of target: Target, in domain: DomainState, _ book: AnyMarketBook, _ now: Instant
    ) -> (Explanation.Standing, [DecisionFact]) {
        if let clientID = intents.clientID(about: target) { return (.busy(clientID), []) }
        guard book.healthWad(of: target.account) != nil else { return (.unreadable, []) }
        guard book.isEligible(target.account) else { return (.healthy, []) }
        let turn = Turn(
            event: Event(
                sequence: 0, domain: target.domain, receivedAt: now, height: domain.height,
                body: .timerFired(.coolDown(target))))
        guard risk.knowsFunds(in: target.domain) else {
            return (.skipped(.noFunds), [DecisionFact("doubt", "no word yet on what is owned")])
        }
        let funds = domain.funds(of: risk.inventory(of: target.domain))
        switch proposal(for: target, in: domain, funds, turn) {
        case .busy: return (.justClosed, [])
        case .held(_, let facts): return (.skipped(.held), facts)
        case .skipped(let reason, let facts): return (.skipped(reason), facts)
        case .proposed(let proposal):
            var gate = risk
            let verdict = gate.review(
                intent(for: proposal, in: domain, turn),
                unknownCount: intents.unknownCount(in: target.domain), now: now)
            if case .refused(let refusal) = verdict {
                return (
                    .skipped(.refusedByRisk),
                    [DecisionFact("limit", refusal.rawValue)] + proposal.facts
                )
            }
            return (.closeable, proposal.facts)
        }
    }

    private func linePrices(
        of target: Target, in domain: DomainState, _ book: AnyMarketBook, _ now: Instant
    ) -> [LinePrice] {
        book.pricedAssets(of: target.account).compactMap { asset in
            guard let entry = domain.prices[asset] else { return nil }
            return LinePrice(
                asset: asset, price: entry.price, age: now - entry.receivedAt,
                line: book.linePrice(of: target.account, asset, from: entry.price))
        }
    }
}
