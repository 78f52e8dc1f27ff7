package import KeeperModel
import KeeperRisk

/// What prices that are not in force would bring about one target: those of an update that is on
/// its way, or the one at which it would cross. It ends with the next prices that are in force.
package struct Foresight: Hashable, Sendable {
    /// What would be decided: a label of the verdicts, or "proposed".
    package let outcome: String
    package let facts: [DecisionFact]
}

extension Engine {
    /// Plans on prices that are pending, as what-if: nothing is approved, reserved or sent, and
    /// what the keeper knows afterwards is what it knew before.
    mutating func foresee(_ turn: inout Turn) {
        guard case .pricesPublished(let updates) = turn.event.body else { return }
        let domainID = turn.event.domain
        if updates.contains(where: { $0.kind == .eligible }) { foreseen[domainID] = nil }
        let pending = updates.filter { $0.kind == .pending }
        // Out of its place while it is changed: a second owner would make every book copy itself.
        guard !pending.isEmpty, risk.knowsFunds(in: domainID),
            var domain = domains.removeValue(forName: domainID)
        else { return }
        let crossings = domain.beginAssuming(pending, receivedAt: turn.now)
        let funds = domain.funds(of: risk.inventory(of: domainID))
        var found: [(Target, Foresight)] = []
        for crossing in crossings.lazy.filter(\.crossing.isEligible).prefix(Self.foreseenMax) {
            let target = Target(
                domain: domainID, market: crossing.market, account: crossing.crossing.account)
            guard let foresight = foresight(of: target, in: domain, funds, turn) else { continue }
            found.append((target, foresight))
        }
        domain.endAssuming()
        domains[domainID] = domain
        for (target, foresight) in found { note(foresight, of: target, &turn) }
    }

    /// Whoever came close to the line is planned at the price where it would cross, so that what is
    /// lacking then (funds, depth, a strategy that fits) is known before it counts.
    mutating func prepare(_ turn: inout Turn) {
        for target in turn.armed.prefix(Self.preparedMax) {
            guard let crossing = lineAhead(of: target),
                let foresight = foresight(of: target, at: crossing, turn)
            else { continue }
            note(
                Foresight(
                    outcome: foresight.outcome,
                    facts: [
                        DecisionFact("at", "\(crossing.asset) \(crossing.price)")
                    ] + foresight.facts), of: target, &turn)
        }
    }

    /// Each takes some hundred answers of the exact rule.
    private static var preparedMax: Int { 4 }

    private func lineAhead(of target: Target) -> PriceUpdate? {
        guard let domain = domains[target.domain], risk.knowsFunds(in: target.domain),
            !domain.isEligible(target)
        else { return nil }
        return domain.nearestLine(of: target)
    }

    private mutating func foresight(
        of target: Target, at price: PriceUpdate, _ turn: Turn
    ) -> Foresight? {
        guard var domain = domains.removeValue(forName: target.domain) else { return nil }
        _ = domain.beginAssuming([price], receivedAt: turn.now)
        let funds = domain.funds(of: risk.inventory(of: target.domain))
        let foresight =
            domain.isEligible(target) ? foresight(of: target, in: domain, funds, turn) : nil
        domain.endAssuming()
        domains[target.domain] = domain
        return foresight
    }

    /// A crash would cross thousands: what is foreseen is for a person and for the first plans.
    private static var foreseenMax: Int { 64 }

    private func foresight(
        of target: Target, in domain: DomainState, _ funds: Funds, _ turn: Turn
    ) -> Foresight? {
        switch proposal(for: target, in: domain, funds, turn) {
        case .busy: nil
        case .held(_, let facts):
            Foresight(outcome: Verdict.skipped(.held).label, facts: facts)
        case .skipped(let reason, let facts):
            Foresight(outcome: Verdict.skipped(reason).label, facts: facts)
        case .proposed(let proposal): Foresight(outcome: "proposed", facts: proposal.facts)
        }
    }

    /// Said once until it is said otherwise. It is no verdict: none of those changes by it.
    private mutating func note(_ foresight: Foresight, of target: Target, _ turn: inout Turn) {
        let known = foreseen[target.domain]?[target]
        foreseen[target.domain, default: [:]][target] = foresight
        guard known?.outcome != foresight.outcome else { return }
        say(
            .foreseen, target,
            facts: [DecisionFact("outcome", foresight.outcome)] + foresight.facts, &turn)
    }

    /// What prices that are pending would bring about a target; nil where nothing is known of any.
    package func foresight(of target: Target) -> Foresight? {
        foreseen[target.domain]?[target]
    }
}
