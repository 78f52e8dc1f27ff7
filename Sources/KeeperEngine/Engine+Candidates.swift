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
            case .held(let deadline, let facts):
                hold(target, until: deadline, facts, &turn)
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
    func proposal(
        for target: Target, in domain: DomainState, _ turn: Turn
    ) -> CandidateOutcome {
        if risk.isBusy(target) { return .busy }
        guard let state = domain.state(of: target), let book = domain.books[target.market] else {
            return .busy
        }
        if let settled = settledVersions[target], state.version <= settled { return .busy }
        if isDraining { return .skipped(.draining, []) }
        if let rest = coolDowns.rest(of: target, at: turn.now) { return .skipped(rest) }
        if domain.uncertainMarkets.contains(target.market) {
            return .skipped(.accountsUncertain, [])
        }
        if let (reason, until) = domain.closedReason(target.market, at: turn.now) {
            let due = until.map { [DecisionFact("until", "\($0.nanoseconds)")] } ?? []
            return .skipped(.marketSwitched, [DecisionFact("reason", reason)] + due)
        }
        let assets = book.pricedAssets(of: target.account)
        if let entry = settings.avoided.entry(about: target, assets: assets, at: turn.now) {
            return .skipped(.listed, entry.facts)
        }
        if let doubt = domain.prices.doubt(about: assets, now: turn.now) {
            return .skipped(.priceUncertain, [DecisionFact("doubt", doubt)])
        }
        if let obstacle = parting(of: assets, target, in: domain, turn) { return obstacle }
        if domain.description?.chain != nil, domain.gasMarket?.usualCostUnits == nil {
            return .skipped(.costUnknown, [DecisionFact("doubt", "no price of gas")])
        }
        guard
            let context = domain.planningContext(
                assets: assets, inventory: risk.inventory(of: target.domain), now: turn.now)
        else { return .busy }
        return best(of: settings.strategies, for: target, in: domain, book, context)
    }

    /// Nil where the prices agree, or whoever may decide has let it go on.
    private func parting(
        of assets: [AssetID], _ target: Target, in domain: DomainState, _ turn: Turn
    ) -> CandidateOutcome? {
        guard let rule = settings.guards.parting, rule.policy != .act,
            let (asset, ppm) = domain.parting(of: assets, rule: rule, now: turn.now),
            !held.isApproved(target, at: turn.now)
        else { return nil }
        let facts = [DecisionFact("asset", asset.text), DecisionFact("partingPpm", "\(ppm)")]
        if rule.policy == .skip || held.isOverdue(target, at: turn.now) {
            return .skipped(.pricesPart, facts)
        }
        return .held(until: turn.now + rule.holdMax, facts)
    }

    private func best(
        of strategies: [Strategy], for target: Target, in domain: DomainState,
        _ book: AnyMarketBook, _ context: PlanningContext
    ) -> CandidateOutcome {
        var best: Proposal?
        var firstSkip: (SkipReason, [DecisionFact])?
        let kinds = book.kinds(of: target.account)
        for strategy in strategies where !strategy.markets.isDisjoint(with: kinds) {
            switch book.plan(target.account, by: strategy, in: context) {
            case .planned(let close):
                if let (reason, facts) = domain.obstacle(toSending: close, by: strategy) {
                    firstSkip = firstSkip ?? (reason, facts)
                    continue
                }
                let proposal = Proposal(
                    target: target, version: domain.state(of: target)?.version ?? 0,
                    strategy: strategy, close: close)
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

    private mutating func hold(
        _ target: Target, until deadline: Instant, _ facts: [DecisionFact], _ turn: inout Turn
    ) {
        record(.skipped(.held), target, facts: facts, &turn)
        guard held.hold(target, until: deadline) else { return }
        turn.effects.append(.arm(.holdEnds(target), at: deadline))
    }

    /// Risk has the last word. A proposal that lost its funds to a better one is planned once more
    /// with what is left.
    private mutating func propose(
        _ proposal: Proposal, in domain: DomainState, _ turn: inout Turn
    ) {
        let intent = intent(for: proposal, in: domain, turn)
        let (now, unknownCount) = (turn.now, intents.unknownCount)
        switch withRisk({ $0.review(intent, unknownCount: unknownCount, now: now) }) {
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
        case .busy, .held: return
        case .skipped(let reason, let facts):
            record(.skipped(reason), target, facts: facts, &turn)
        case .proposed(let proposal):
            let intent = intent(for: proposal, in: domain, turn)
            let (now, unknownCount) = (turn.now, intents.unknownCount)
            switch withRisk({ $0.review(intent, unknownCount: unknownCount, now: now) }) {
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

    func intent(
        for proposal: Proposal, in domain: DomainState, _ turn: Turn
    ) -> CloseIntent {
        // Unique without a counter: one event proposes at most one intent per target.
        let key = "\(settings.keyPrefix)-\(turn.event.sequence)-\(turn.effects.count)"
        let expectation = proposal.close.expectation
        return CloseIntent(
            plan: ClosePlan(
                clientID: ClientID(key), target: proposal.target,
                accountVersion: proposal.version, action: proposal.close.action,
                validUntilHeight: domain.height + proposal.strategy.validHeights),
            strategy: proposal.strategy.name,
            expectation: domain.withSending(expectation, rule: proposal.strategy.bid),
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
            .closeAnswered, .timerFired, .marketSwitched, .approvalGiven:
            true
        case .accountsPaged(_, let page): page.isLast
        default: false
        }
    }
}

enum CandidateOutcome {
    /// Nothing to say: an intent is open, or the feed has yet to show the last one.
    case busy
    case skipped(SkipReason, [DecisionFact])
    case held(until: Instant, [DecisionFact])
    case proposed(Proposal)

    static func skipped(_ rest: CoolDowns.Rest) -> CandidateOutcome {
        .skipped(
            rest.isQuarantine ? .quarantined : .coolDown,
            [
                DecisionFact("after", rest.reason),
                DecisionFact("failures", "\(rest.failureCount)"),
                DecisionFact("until", "\(rest.until.nanoseconds)"),
            ])
    }
}

struct Proposal {
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
    /// Why a plan that pays could not be sent on this chain; nil where calls are free.
    fileprivate func obstacle(
        toSending close: PlannedClose, by strategy: Strategy
    ) -> (SkipReason, [DecisionFact])? {
        guard let market = gasMarket, let usual = market.usualCostUnits else { return nil }
        let name = DecisionFact("strategy", strategy.name.text)
        guard let rule = strategy.bid,
            market.terms.lanes.contains(where: {
                $0.laneClass == rule.laneClass
            })
        else {
            return (.notCloseable, [name, DecisionFact("doubt", "no bid rule for this chain")])
        }
        let profit = close.expectation.netUnits + (Int256(exactly: usual) ?? .max)
        guard !profit.isNegative,
            market.firstBid(nonce: 0, profitUnits: profit.magnitude, rule: rule) != nil
        else {
            return (
                .gasTooDear,
                [
                    name, DecisionFact("profitBeforeGas", profit.description),
                    DecisionFact("gasCost", usual.description),
                ]
            )
        }
        return nil
    }

    /// With what the sending may cost at most reserved beside what the close needs, so that a bid
    /// can be paid for and raised up to its cap.
    fileprivate func withSending(_ expectation: Expectation, rule: BidRule?) -> Expectation {
        guard let market = gasMarket, let rule, let usual = market.usualCostUnits else {
            return expectation
        }
        return expectation.reservingGas(
            market.amountMax(profitUnits: expectation.netUnits.magnitude + usual, rule: rule),
            of: market.terms.gasAsset, sendingUnits: usual)
    }

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
            flashPools: flashPools, available: available, priceAges: ages,
            sendingCostUnits: gasMarket?.usualCostUnits ?? .zero)
    }
}
