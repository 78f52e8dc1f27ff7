import KeeperEngine
package import KeeperModel
package import KeeperRuntime
package import WideMath

/// Sees all that a run sees and decides, and changes nothing of it: it stands between the keeper
/// and where decisions and events are kept, and looks at the engine between two events.
package final class RunWitness: DecisionSink, EventSink {
    package private(set) var episodes = EpisodeBook()
    package private(set) var health = HealthSampler()
    package private(set) var tracks: [AssetID: PriceTrack] = [:]
    package private(set) var seen: Set<Target> = []
    package private(set) var firstAt: Instant?
    package private(set) var lastAt: Instant?
    package private(set) var othersCloseCount = 0
    /// What the keeper had of the unit of account at first, and at the least.
    package private(set) var wallet: (first: UInt256, lowest: UInt256)?

    private let decisions: any DecisionSink
    private let events: (any EventSink)?
    private let unit: AssetID
    private let bonus = IdealBonus()
    private weak var keeper: Keeper?

    package init(
        decisions: any DecisionSink, events: (any EventSink)? = nil, unit: AssetID
    ) {
        self.decisions = decisions
        self.events = events
        self.unit = unit
    }

    package func watch(_ keeper: Keeper) {
        self.keeper = keeper
    }

    package func append(_ decision: Decision) throws(KeeperStop) {
        try decisions.append(decision)
        episodes.take(decision)
        switch decision.verdict {
        case .eligible: noteBonus(of: decision.target, decision.decidedAt)
        case .proposed:
            noteBonus(of: decision.target, decision.decidedAt)
            if let keeper {
                episodes.noteAssets(
                    keeper.engine.pricedAssets(of: decision.target), of: decision.target)
            }
        default: break
        }
    }

    /// Comes before the engine handles the event.
    package func append(_ event: Event) throws(KeeperStop) {
        try events?.append(event)
        firstAt = firstAt ?? event.receivedAt
        lastAt = event.receivedAt
        // Before the first price everybody looks healthy.
        if !tracks.isEmpty, health.isDue(at: event.receivedAt), let keeper {
            health.look(at: keeper.engine, domain: event.domain, now: event.receivedAt)
        }
        take(event)
    }

    private func take(_ event: Event) {
        switch event.body {
        case .pricesPublished(let updates):
            for update in updates where update.kind == .eligible {
                tracks[update.asset, default: PriceTrack(update.asset)]
                    .take(update.price, at: event.receivedAt)
            }
        case .accountsReplaced(let market, let states): see(states, market, event.domain)
        case .accountsPaged(let market, let page): see(page.states, market, event.domain)
        case .accountsChanged(let market, let changed, _): see(changed, market, event.domain)
        case .balancesReported(let balances):
            noteWallet(balances.first { $0.asset == unit }?.amount ?? .zero)
        case .closesObserved(let closes): othersCloseCount += closes.count
        case .intentDurable(let clientID):
            episodes.noteDurable(clientID, at: event.receivedAt)
        case .closeAnswered(let clientID, let answer):
            if let target = episodes.target(of: clientID) {
                noteBonus(of: target, event.receivedAt)
            }
            episodes.noteAnswer(answer, of: clientID, at: event.receivedAt)
        default: break
        }
    }

    private func see(_ states: [AccountState], _ market: MarketID, _ domain: DomainID) {
        for state in states {
            seen.insert(Target(domain: domain, market: market, account: state.account))
        }
    }

    private func noteWallet(_ amount: UInt256) {
        let first = wallet?.first ?? amount
        wallet = (first, min(wallet?.lowest ?? amount, amount))
    }

    private func noteBonus(of target: Target, _ now: Instant) {
        guard let keeper, let units = bonus.units(of: target, in: keeper.engine, at: now) else {
            return
        }
        episodes.noteBonus(units, of: target)
    }
}
