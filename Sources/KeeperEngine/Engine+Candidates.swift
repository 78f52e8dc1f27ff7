import KeeperModel
import KeeperRisk
import KeeperStrategy
import WideMath

/// Who may be closed now, what would pay best, and what risk says to it.
///
/// Worth decides the order, then the name; the order in which candidates were found never does.
extension Engine {
    mutating func lookAtCandidates(_ turn: inout Turn) {
        guard turn.event.body.mayChangePlans else { return }
        // Only the domain that the event spoke of can have changed; a settled close frees funds
        // there too. Nothing is begun before the first word on what the keeper owns: that word
        // opens the books, so what a close moved must not be in it.
        guard let domain = domains[turn.event.domain], risk.knowsFunds(in: turn.event.domain),
            !domain.isDepthOnItsWay
        else { return }
        var proposals: [Proposal] = []
        for target in domain.eligibleTargets(in: turn.event.domain) {
            switch proposal(for: target, in: domain, turn) {
            case .busy: continue
            case .skipped(let reason, let facts):
                record(.skipped(reason), target, facts: facts, &turn)
            case .proposed(let proposal):
                proposals.append(proposal)
            }
        }
        proposals.sort { $0.isBetter(than: $1) }
        for proposal in proposals {
            propose(proposal, in: domain, &turn)
        }
    }

    /// The best plan of any strategy for one candidate, or the reason why there is none.
    private func proposal(
        for target: Target, in domain: DomainState, _ turn: Turn
    ) -> CandidateOutcome {
        if risk.isBusy(target) { return .busy }
        guard let state = domain.state(of: target), let book = domain.books[target.market] else {
            return .busy
        }
        if let settled = settledVersions[target], state.version <= settled { return .busy }
        if isDraining { return .skipped(.draining, []) }
        if coolDowns.holds(target, at: turn.now) { return .skipped(.coolDown, []) }
        if domain.uncertainMarkets.contains(target.market) {
            return .skipped(.accountsUncertain, [])
        }
        let assets = book.pricedAssets(of: target.account)
        if let doubt = domain.prices.doubt(about: assets, now: turn.now) {
            return .skipped(.priceUncertain, [DecisionFact("doubt", doubt)])
        }
        guard
            let context = domain.planningContext(
                assets: assets, inventory: risk.inventory(of: target.domain), now: turn.now)
        else { return .busy }
        return best(of: settings.strategies, for: target, version: state.version, book, context)
    }

    private func best(
        of strategies: [Strategy], for target: Target, version: UInt64, _ book: AnyMarketBook,
        _ context: PlanningContext
    ) -> CandidateOutcome {
        var best: Proposal?
        var firstSkip: (SkipReason, [DecisionFact])?
        let kinds = book.kinds(of: target.account)
        for strategy in strategies where !strategy.markets.isDisjoint(with: kinds) {
            switch book.plan(target.account, by: strategy, in: context) {
            case .planned(let close):
                let proposal = Proposal(
                    target: target, version: version, strategy: strategy, close: close)
                if let known = best, !proposal.earnsMore(than: known) { continue }
                best = proposal
            case .skipped(let reason, let facts):
                let named = [DecisionFact("strategy", strategy.name.text)] + facts
                firstSkip = firstSkip ?? (reason, named)
            }
        }
        if let best { return .proposed(best) }
        if let (reason, facts) = firstSkip { return .skipped(reason, facts) }
        return .skipped(.notCloseable, [DecisionFact("doubt", "no strategy for this market")])
    }

    /// Risk has the last word. A proposal that lost its funds to a better one is planned once more
    /// with what is left.
    private mutating func propose(
        _ proposal: Proposal, in domain: DomainState, _ turn: inout Turn
    ) {
        let intent = intent(for: proposal, in: domain, turn)
        let now = turn.now
        switch withRisk({ $0.review(intent, now: now) }) {
        case .approved(let approved):
            accept(approved, proposal, &turn)
        case .refused(.inventory):
            proposeWithWhatIsLeft(proposal.target, in: domain, &turn)
        case .refused(let refusal):
            refuse(proposal, refusal, &turn)
        }
    }

    private mutating func proposeWithWhatIsLeft(
        _ target: Target, in domain: DomainState, _ turn: inout Turn
    ) {
        switch self.proposal(for: target, in: domain, turn) {
        case .busy: return
        case .skipped(let reason, let facts):
            record(.skipped(reason), target, facts: facts, &turn)
        case .proposed(let proposal):
            let intent = intent(for: proposal, in: domain, turn)
            let now = turn.now
            switch withRisk({ $0.review(intent, now: now) }) {
            case .approved(let approved): accept(approved, proposal, &turn)
            case .refused(let refusal): refuse(proposal, refusal, &turn)
            }
        }
    }

    private mutating func accept(
        _ approved: Approved<CloseIntent>, _ proposal: Proposal, _ turn: inout Turn
    ) {
        let intent = approved.subject
        intents[intent.plan.clientID] = OpenIntent(
            intent: intent, state: .persisting, sendCount: 0, isRecovered: false)
        record(
            .proposed(intent.plan.clientID), proposal.target, facts: proposal.facts, &turn)
        turn.effects.append(.persist(approved))
    }

    private mutating func refuse(
        _ proposal: Proposal, _ refusal: RiskRefusal, _ turn: inout Turn
    ) {
        record(
            .skipped(.refusedByRisk), proposal.target,
            facts: [DecisionFact("limit", refusal.rawValue)] + proposal.facts, &turn)
    }

    private func intent(
        for proposal: Proposal, in domain: DomainState, _ turn: Turn
    ) -> CloseIntent {
        // Unique without a counter: one event proposes at most one intent per target.
        let key = "\(settings.keyPrefix)-\(turn.event.sequence)-\(turn.effects.count)"
        return CloseIntent(
            plan: ClosePlan(
                clientID: ClientID(key), target: proposal.target,
                accountVersion: proposal.version, action: proposal.close.action,
                validUntilHeight: domain.height + proposal.strategy.validHeights),
            strategy: proposal.strategy.name, expectation: proposal.close.expectation,
            proposedAt: turn.now, decidedBy: turn.event.sequence)
    }

    func strategy(of intent: CloseIntent) -> Strategy? {
        settings.strategies.first { $0.name == intent.strategy }
    }
}

extension EventBody {
    /// Whether plans are made anew because of it. What only refines a plan (an index, a pool, a
    /// balance) waits for the next price, which is never far.
    fileprivate var mayChangePlans: Bool {
        switch self {
        case .pricesPublished, .depthPublished, .accountsReplaced, .accountsChanged,
            .closeAnswered, .timerFired:
            true
        default: false
        }
    }
}

private enum CandidateOutcome {
    /// Nothing to say: an intent is open, or the feed has yet to show the last one.
    case busy
    case skipped(SkipReason, [DecisionFact])
    case proposed(Proposal)
}

private struct Proposal {
    let target: Target
    let version: UInt64
    let strategy: Strategy
    let close: PlannedClose

    func earnsMore(than other: Proposal) -> Bool {
        close.expectation.netUnits > other.close.expectation.netUnits
    }

    func isBetter(than other: Proposal) -> Bool {
        if earnsMore(than: other) { return true }
        if other.earnsMore(than: self) { return false }
        return target < other.target
    }

    var facts: [DecisionFact] {
        [
            DecisionFact("strategy", strategy.name.text),
            DecisionFact("strategyVersion", "\(strategy.version)"),
        ] + close.facts + [
            DecisionFact("gross", close.expectation.grossUnits.description),
            DecisionFact("cost", close.expectation.costUnits.description),
            DecisionFact("net", close.expectation.netUnits.description),
        ]
    }
}

extension DomainState {
    /// Nil until the venue has described itself.
    func planningContext(
        assets: [AssetID], inventory: Inventory, now: Instant
    ) -> PlanningContext? {
        guard let description else { return nil }
        var available: [AssetID: UInt256] = [:]
        for asset in description.assets.map(\.asset) + [description.quote.asset] {
            available[asset] = inventory.available(asset)
        }
        var ages = PriceAges(sinceReceived: .zero, sinceMade: .zero)
        for asset in assets {
            guard let entry = prices[asset] else { continue }
            ages = PriceAges(
                sinceReceived: max(ages.sinceReceived, now - entry.receivedAt),
                sinceMade: max(ages.sinceMade, now - entry.sourceAt))
        }
        return PlanningContext(
            now: now, height: height, quote: description.quote, depth: depth,
            flashPools: flashPools, available: available, priceAges: ages)
    }
}
