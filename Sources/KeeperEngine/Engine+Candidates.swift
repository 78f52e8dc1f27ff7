import KeeperModel
import KeeperRisk
import KeeperStrategy
import WideMath

/// Who may be closed now, what would pay best, and what risk says to it.
///
/// Where there is enough for all, worth decides the order, then the name; where there is not,
/// what is chosen is worth most together. The order in which candidates were found never counts.
extension Engine {
    mutating func lookAtCandidates(_ turn: inout Turn) {
        // Asked in place first: a domain that is looked at whole is copied, and mostly for nobody.
        guard turn.event.body.mayChangePlans, !turn.event.moreFollows,
            domains.look(turn.event.domain, \.hasEligible) == true
        else { return }
        // Only the domain that the event spoke of can have changed; a settled close frees funds
        // there too. Nothing is begun before the first word on what the keeper owns: that word
        // opens the books, so what a close moved must not be in it.
        guard let domain = domains[turn.event.domain], risk.knowsFunds(in: turn.event.domain),
            !domain.isDepthOnItsWay
        else { return }
        var proposals: [Proposal] = []
        let targets = domain.eligibleTargets(in: turn.event.domain)
        guard !targets.isEmpty else { return }
        var funds = domain.funds(of: risk.inventory(of: turn.event.domain))
        for target in targets {
            switch proposal(for: target, in: domain, funds, turn) {
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
        for index in order(of: proposals, funds, turn) {
            propose(proposals[index], in: domain, &funds, &turn)
        }
    }

    /// Best first, and the best set first where limits or funds do not reach for all.
    private mutating func order(
        of proposals: [Proposal], _ funds: Funds, _ turn: Turn
    ) -> [Int] {
        guard proposals.count > 1 else { return Array(proposals.indices) }
        let assets = funds.available.keys.sorted()
        let room = risk.room(now: turn.now)
        let claims = proposals.map { proposal in
            let expectation = proposal.expectation
            let needs = assets.map { asset in
                expectation.inventoryNeeded.first { $0.asset == asset }?.amount ?? .zero
            }
            return Allocation.Claim(
                worth: expectation.netUnits.isNegative
                    ? 0
                    : min(
                        expectation.netUnits.magnitude.asUInt128 ?? .max, Allocation.worthMax),
                takes: needs + [.one, expectation.notionalUnits, expectation.sendingUnits])
        }
        let crowd = Crowd(
            claims,
            room: assets.map { funds.available[$0] ?? .zero }
                + [UInt256(room.closeCount), room.notionalUnits, room.gasUnits])
        self.crowd = crowd
        return crowd.order
    }

    /// The best plan of any strategy for one candidate, or the reason why there is none.
    func proposal(
        for target: Target, in domain: DomainState, _ funds: Funds, _ turn: Turn
    ) -> CandidateOutcome {
        if risk.isBusy(target) { return .busy }
        guard let book = domain.books[target.market],
            let version = book.version(of: target.account)
        else { return .busy }
        if let settled = settledVersions[target], version <= settled { return .busy }
        if isDraining { return .skipped(.draining, []) }
        if let rest = coolDowns.rest(of: target, at: turn.now) { return .skipped(rest) }
        let assets = book.pricedAssets(of: target.account)
        if let obstacle = obstacle(to: target, restingOn: assets, in: domain, turn) {
            return .stopped(by: obstacle)
        }
        guard let context = domain.planningContext(assets: assets, funds, now: turn.now)
        else { return .busy }
        return best(of: settings.strategies, for: target, in: domain, book, context)
    }

    private func best(
        of strategies: [Strategy], for target: Target, in domain: DomainState,
        _ book: AnyMarketBook, _ context: PlanningContext
    ) -> CandidateOutcome {
        var best: Proposal?
        var firstSkip: (SkipReason, [DecisionFact])?
        let kinds = book.kinds(of: target.account)
        for strategy in strategies where !strategy.markets.isDisjoint(with: kinds) {
            if let lacking = context.capabilities.flatMap({ strategy.missingCapability($0) }) {
                let named = [
                    DecisionFact("strategy", strategy.name.text),
                    DecisionFact("doubt", "the venue lacks \(lacking)"),
                ]
                firstSkip = firstSkip ?? (.notCloseable, named)
                continue
            }
            let canaryMax = risk.canaryMaxUnits(of: strategy.run)
            let size = canaryMax.map { [DecisionFact("canaryMax", "\($0)")] } ?? []
            let allowed = canaryMax.map { context.capped(at: $0) } ?? context
            switch book.plan(target.account, by: strategy, in: allowed) {
            case .planned(let close):
                if let (reason, facts) = domain.obstacle(toSending: close, by: strategy) {
                    firstSkip = firstSkip ?? (reason, facts)
                    continue
                }
                let proposal = Proposal(
                    target: target, version: book.version(of: target.account) ?? 0,
                    strategy: strategy, close: close,
                    expectation: domain.withSending(close, rule: strategy.bid))
                if let known = best, !proposal.earnsMore(than: known) { continue }
                best = proposal
            case .skipped(let reason, let facts):
                let named = [DecisionFact("strategy", strategy.name.text)] + size + facts
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
        _ proposal: Proposal, in domain: DomainState, _ funds: inout Funds, _ turn: inout Turn
    ) {
        let intent = intent(for: proposal, in: domain, turn)
        let (now, unknownCount) = (turn.now, intents.unknownCount(in: turn.event.domain))
        switch withRisk({ $0.review(intent, unknownCount: unknownCount, now: now) }) {
        case .approved(let approved):
            accept(approved, proposal, &turn)
            funds = domain.funds(of: risk.inventory(of: turn.event.domain))
        case .refused(.inventory):
            proposeWithWhatIsLeft(proposal.target, in: domain, &funds, &turn)
        case .refused(let refusal):
            refuse(proposal, refusal, &turn)
        }
    }

    private mutating func proposeWithWhatIsLeft(
        _ target: Target, in domain: DomainState, _ funds: inout Funds, _ turn: inout Turn
    ) {
        switch self.proposal(for: target, in: domain, funds, turn) {
        case .busy, .held: return
        case .skipped(let reason, let facts):
            record(.skipped(reason), target, facts: facts, &turn)
        case .proposed(let proposal):
            let intent = intent(for: proposal, in: domain, turn)
            let (now, unknownCount) = (turn.now, intents.unknownCount(in: turn.event.domain))
            switch withRisk({ $0.review(intent, unknownCount: unknownCount, now: now) }) {
            case .approved(let approved):
                accept(approved, proposal, &turn)
                funds = domain.funds(of: risk.inventory(of: turn.event.domain))
            case .refused(let refusal): refuse(proposal, refusal, &turn)
            }
        }
    }

    private mutating func accept(
        _ approved: Approved<CloseIntent>, _ proposal: Proposal, _ turn: inout Turn
    ) {
        accept(approved, facts: proposal.facts, &turn)
    }

    mutating func accept(
        _ approved: Approved<CloseIntent>, facts: [DecisionFact], _ turn: inout Turn
    ) {
        let intent = approved.subject
        intents[intent.plan.clientID] = OpenIntent(
            intent: intent, state: .persisting, sendCount: 0, isRecovered: false)
        record(.proposed(intent.plan.clientID), intent.plan.target, facts: facts, &turn)
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
        CloseIntent(
            plan: ClosePlan(
                clientID: key(of: turn), target: proposal.target,
                accountVersion: proposal.version, action: proposal.close.action,
                validUntilHeight: domain.height + proposal.strategy.validHeights),
            by: proposal.strategy.run,
            expectation: proposal.expectation,
            proposedAt: turn.now, decidedBy: turn.event.sequence)
    }

    /// Unique without a counter: an event proposes one after the other, and each leaves effects.
    func key(of turn: Turn) -> ClientID {
        ClientID("\(settings.keyPrefix)-\(turn.event.sequence)-\(turn.effects.count)")
    }

    func strategy(of intent: CloseIntent) -> Strategy? {
        settings.strategies.first { $0.name == intent.strategy }
    }
}

enum CandidateOutcome {
    /// Nothing to say: an intent is open, or the feed has yet to show the last one.
    case busy
    case skipped(SkipReason, [DecisionFact])
    case held(until: Instant, [DecisionFact])
    case proposed(Proposal)

    static func stopped(by obstacle: Obstacle) -> CandidateOutcome {
        guard let end = obstacle.holdEnds else {
            return .skipped(obstacle.reason, obstacle.facts)
        }
        return .held(until: end, obstacle.facts)
    }

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

/// What is owned and not promised, of every asset of a venue: worked out once per event and again
/// when something was promised.
struct Funds {
    let available: [AssetID: UInt256]
}

struct Proposal {
    let target: Target
    let version: UInt64
    let strategy: Strategy
    let close: PlannedClose
    /// With what the sending takes.
    let expectation: Expectation

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
        guard let market = gasMarket?.carrying(closes: close.action.closeCount),
            let usual = market.usualCostUnits
        else { return nil }
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
    fileprivate func withSending(_ close: PlannedClose, rule: BidRule?) -> Expectation {
        let expectation = close.expectation
        guard let market = gasMarket?.carrying(closes: close.action.closeCount), let rule,
            let usual = market.usualCostUnits
        else { return expectation.sending(for: callCost(closes: close.action.closeCount)) }
        return expectation.reservingGas(
            market.amountMax(profitUnits: expectation.netUnits.magnitude + usual, rule: rule),
            of: market.terms.gasAsset, sendingUnits: usual)
    }

    /// Zero where calls are free, or what they cost is said by a chain.
    private func callCost(closes: UInt64) -> UInt256 {
        guard description?.chain == nil, let callCostUnits else { return .zero }
        return callCostUnits.saturatingMultiply(closes)
    }

    func funds(of inventory: Inventory) -> Funds {
        var available: [AssetID: UInt256] = [:]
        guard let description else { return Funds(available: available) }
        for asset in description.assets.map(\.asset) + [description.quote.asset] {
            available[asset] = inventory.available(asset)
        }
        return Funds(available: available)
    }

    /// Nil until the venue has described itself.
    fileprivate func planningContext(
        assets: [AssetID], _ funds: Funds, now: Instant
    ) -> PlanningContext? {
        guard let description else { return nil }
        var ages = PriceAges(sinceReceived: .zero, sinceMade: .zero)
        for asset in assets {
            guard let entry = prices[asset] else { continue }
            ages = PriceAges(
                sinceReceived: max(ages.sinceReceived, now - entry.receivedAt),
                sinceMade: max(ages.sinceMade, now - entry.sourceAt))
        }
        return PlanningContext(
            now: now, height: height, quote: description.quote, depth: depth,
            flashPools: flashPools, available: funds.available, priceAges: ages,
            sendingCostUnits: gasMarket?.usualCostUnits ?? callCost(closes: 1),
            capabilities: description.capabilities)
    }
}
