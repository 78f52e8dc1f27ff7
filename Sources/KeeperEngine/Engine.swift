package import KeeperModel
package import KeeperRisk
import KeeperStrategy
import WideMath

/// Event in, effects out. All that the keeper knows is in here, and nothing here reads a clock,
/// does I/O or draws a number: the same settings and events give the same effects, byte for byte.
///
/// An event first changes state (a book, the board, an intent), then candidates are looked at
/// again, in an order that depends on their worth and names only.
package struct Engine {
    package internal(set) var settings: EngineSettings
    package internal(set) var risk: RiskGate
    var domains = NameOrder<DomainID, DomainState>()
    var intents = IntentTable()
    var coolDowns = CoolDowns()
    var held = HeldPlans()
    var nonces: [DomainID: NonceBook] = [:]
    /// What was last said about a target, so that it is said again only when it changes.
    var verdicts: [Target: Verdict] = [:]
    /// Targets of ours that settled: nothing new until the feed shows a later version.
    var settledVersions: [Target: UInt64] = [:]
    var missed = MissedCloses()
    /// What prices that are pending would bring.
    var foreseen: [DomainID: [Target: Foresight]] = [:]
    /// Of the event before; nil where nobody had to share.
    package internal(set) var crowd: Crowd?
    var isDraining = false
    var saidDrained = false
    /// How often the sweep found the index wrong. Zero, or an alarm.
    package internal(set) var disagreementCount: UInt64 = 0

    package init(settings: EngineSettings) {
        self.settings = settings
        risk = RiskGate(limits: settings.limits)
    }

    package mutating func handle(_ event: Event) -> [Effect] {
        var turn = Turn(event: event)
        crowd = nil
        switch event.body {
        case .pastDayRecalled(let pastDay):
            risk.recall(pastDay, now: event.receivedAt)
        case .strategiesRecalled(let records):
            risk.recall(records)
        case .intentRecovered, .intentDurable, .closeAnswered, .questionAnswered, .timerFired:
            handleOutcome(&turn)
        case .drainRequested:
            isDraining = true
        case .killSwitchSet(let isOn):
            risk.setKillSwitch(isOn)
        case .venuePauseSet(let isOn):
            risk.setPaused(isOn, in: event.domain)
        case .approvalGiven(let target):
            held.approve(target)
        case .transfersApproved:
            // Looked at with the purses, like every other reason to move something.
            break
        case .settingsAdopted:
            // Whoever runs the engine can read texts, and has given it what they say.
            break
        case .reorganised:
            goBack(&turn)
        case .closesObserved(let closes):
            take(closes, &turn)
        default:
            handleFeed(&turn)
            foresee(&turn)
            prepare(&turn)
            askAboutPending(&turn)
        }
        lookAtCandidates(&turn)
        lookAtTreasury(&turn)
        if isDraining, intents.isEmpty, !saidDrained {
            saidDrained = true
            turn.effects.append(.drained)
        }
        return turn.effects
    }

    /// An event with all that it leaves to do, for whoever performs nothing between the two: a
    /// replay, a history, a comparison.
    package mutating func handleWhole(_ event: Event) -> [Effect] {
        // In two statements: what is looked after is what the event left.
        let effects = handle(event)
        return effects + lookAfter(event)
    }

    /// What an event leaves to do once its effects are on their way: rows that a scan found are
    /// registered again, and a few more are asked about by the exact rule. It changes no decision
    /// as long as the index is right; where it was not, the account is put right and that is
    /// recorded.
    package mutating func lookAfter(_ event: Event) -> [Effect] {
        guard let crossings = domains.change(event.domain, { $0.lookAfterBooks() }) else {
            return []
        }
        disagreementCount &+= UInt64(crossings.count)
        var turn = Turn(event: event)
        for crossing in crossings where crossing.crossing.isOfEligibility {
            let target = Target(
                domain: event.domain, market: crossing.market, account: crossing.crossing.account)
            let found = crossing.crossing.isBelow ? "eligible" : "recovered"
            record(.disagreed, target, facts: [DecisionFact("exact", found)], &turn)
        }
        return turn.effects
    }

    /// Accounts on which index and exact rule disagree. Empty, or an alarm.
    package func disagreements() -> [Target] {
        zip(domains.names, domains.values).flatMap { $1.disagreements(in: $0) }
    }

    package var openIntentCount: Int { intents.count }
    /// How many targets something is remembered about: bounded by the accounts there are.
    package var rememberedTargetCount: Int {
        verdicts.count + settledVersions.count + coolDowns.count
    }
    /// Of those, the ones that a chain included and that are not final.
    package var bookedIntentCount: Int { intents.bookedCount }

    /// How old the oldest price is on which an account's health rests; nil where one is missing.
    package func priceAges(of target: Target, at now: Instant) -> TimeSpan? {
        guard let domain = domains[target.domain],
            let assets = domain.books[target.market]?.pricedAssets(of: target.account)
        else { return nil }
        var oldest = TimeSpan.zero
        for asset in assets {
            guard let entry = domain.prices[asset] else { return nil }
            oldest = max(oldest, now - entry.receivedAt)
        }
        return oldest
    }

    package func eligibleTargets() -> [Target] {
        zip(domains.names, domains.values).flatMap { $1.eligibleTargets(in: $0) }
    }

    package func domain(_ domain: DomainID) -> DomainState? { domains[domain] }
}

/// One event being handled: what it was, and what is to be done because of it.
struct Turn {
    let event: Event
    var effects: [Effect] = []
    /// Who came close to the line because of it.
    var armed: [Target] = []

    init(event: Event) {
        self.event = event
    }

    var now: Instant { event.receivedAt }
}

extension Engine {
    /// Feeds change what is known; they never act.
    private mutating func handleFeed(_ turn: inout Turn) {
        let event = turn.event
        // In its place: a second owner would make every book copy itself.
        let heard = domains.change(event.domain) { $0.hear(event) } ?? begin(event)
        let (crossings, isDoubted) = heard
        if case .balancesReported(let balances) = event.body {
            risk.reportBalances(balances, domain: event.domain, height: event.height)
        }
        if case .reserveReported(let balances) = event.body {
            risk.reportReserve(balances, domain: event.domain, height: event.height)
        }
        if case .marketSwitched(let change) = event.body, let from = change.closableFrom {
            turn.effects.append(.arm(.marketOpens(change.market), at: from))
        }
        if case .gapDetected(let market) = event.body {
            turn.effects.append(.resync(event.domain, market))
        }
        if isDoubted, let market = event.body.accountsMarket {
            turn.effects.append(.resync(event.domain, market))
        }
        for crossing in crossings {
            noteCrossing(crossing, &turn)
        }
        if !isDoubted { forgetWhatIsShown(event) }
    }

    /// The first word of a domain.
    private mutating func begin(_ event: Event) -> (crossings: [MarketCrossing], isDoubted: Bool) {
        var domain = DomainState(guards: settings.guards, lines: settings.lines)
        let heard = domain.hear(event)
        domains[event.domain] = domain
        return heard
    }

    /// What is remembered about a target ends when the feed has shown it: a settled close with the
    /// next version, everything with the account itself.
    private mutating func forgetWhatIsShown(_ event: Event) {
        switch event.body {
        case .accountsChanged(let market, let changed, let removed):
            forget(event.domain, market, shown: changed, removed: removed)
        case .accountsReplaced(let market, let states):
            forget(event.domain, market, shown: states, removed: [])
            forgetWhoIsGone(event.domain, market)
        case .accountsPaged(let market, let page):
            forget(event.domain, market, shown: page.states, removed: [])
            if page.isLast { forgetWhoIsGone(event.domain, market) }
        default: break
        }
    }

    private mutating func forget(
        _ domain: DomainID, _ market: MarketID, shown changed: [AccountState],
        removed: [AccountID]
    ) {
        for state in changed {
            let target = Target(domain: domain, market: market, account: state.account)
            if let settled = settledVersions[target], settled < state.version {
                settledVersions[target] = nil
            }
        }
        for account in removed {
            forget(Target(domain: domain, market: market, account: account))
        }
    }

    /// A whole set names who is there; whoever was spoken of and is not in it is gone.
    private mutating func forgetWhoIsGone(_ domain: DomainID, _ market: MarketID) {
        let book = domains[domain]?.books[market]
        for target in verdicts.keys.sorted() + settledVersions.keys.sorted()
        where target.domain == domain && target.market == market
            && book?.version(of: target.account) == nil
        {
            forget(target)
        }
    }

    /// The feed may show that an account is gone before the answer to its close is here: what ended
    /// then leaves nothing to remember.
    mutating func forgetIfGone(_ target: Target) {
        guard let domain = domains[target.domain], domain.version(of: target) == nil,
            !domain.uncertainMarkets.contains(target.market)
        else { return }
        forget(target)
    }

    private mutating func forget(_ target: Target) {
        keepWord(about: target)
        settledVersions[target] = nil
        verdicts[target] = nil
        coolDowns.forget(target)
        held.release(target)
    }

    private mutating func noteCrossing(_ crossing: MarketCrossing, _ turn: inout Turn) {
        let target = Target(
            domain: turn.event.domain, market: crossing.market, account: crossing.crossing.account)
        // Only the line of eligibility is acted on.
        guard crossing.crossing.isOfEligibility else {
            if crossing.crossing.isArming { turn.armed.append(target) }
            return
        }
        let verdict: Verdict = crossing.crossing.isEligible ? .eligible : .recovered
        if !crossing.crossing.isEligible { held.release(target) }
        let health = domains[target.domain]?.healthWad(of: target)
        record(verdict, target, facts: [DecisionFact("health", health?.description ?? "-")], &turn)
    }

    /// Writes a decision, unless it is the one that was written last about this target.
    mutating func record(
        _ verdict: Verdict, _ target: Target, facts: [DecisionFact], _ turn: inout Turn
    ) {
        guard verdicts[target] != verdict else { return }
        if verdict == .recovered { keepWord(about: target) }
        verdicts[target] = verdict == .recovered ? nil : verdict
        say(verdict, target, facts: facts, &turn)
    }

    /// A decision record, whatever was said of the target before.
    func say(_ verdict: Verdict, _ target: Target, facts: [DecisionFact], _ turn: inout Turn) {
        let domain = domains[target.domain]
        turn.effects.append(
            .record(
                Decision(
                    sequence: turn.event.sequence, decidedAt: turn.now,
                    height: domain?.height ?? 0, target: target,
                    accountVersion: domain?.version(of: target) ?? 0, verdict: verdict,
                    facts: facts)))
    }

    /// Runs a change of the risk gate: the gate is this engine's alone.
    mutating func withRisk<Result>(_ change: (inout RiskGate) -> Result) -> Result {
        change(&risk)
    }
}

extension EventBody {
    /// Whose accounts it speaks of.
    fileprivate var accountsMarket: MarketID? {
        switch self {
        case .accountsReplaced(let market, _), .accountsChanged(let market, _, _): market
        default: nil
        }
    }
}
