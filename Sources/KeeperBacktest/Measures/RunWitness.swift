import KeeperEngine
package import KeeperModel
package import KeeperRuntime

/// Sees all that a run sees and decides, and changes nothing of it: it stands between the keeper
/// and where decisions and events are kept, and looks at the engine between two events.
package final class RunWitness: DecisionSink, EventSink {
    package private(set) var episodes = EpisodeBook()
    /// What was seen at each venue.
    package private(set) var sights: [DomainID: VenueSight] = [:]
    package private(set) var capital = CapitalWatch()
    package private(set) var firstAt: Instant?
    package private(set) var lastAt: Instant?

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
        note(event)
    }

    private func note(_ event: Event) {
        switch event.body {
        case .intentDurable(let clientID):
            episodes.noteDurable(clientID, at: event.receivedAt)
        case .closeAnswered(let clientID, let answer):
            if let target = episodes.target(of: clientID) {
                noteBonus(of: target, event.receivedAt)
            }
            episodes.noteAnswer(answer, of: clientID, at: event.receivedAt)
        case .balancesReported(let balances):
            capital.note(balances, at: event.domain, unit: unit)
        case .venueDescribed(let description):
            capital.note(description.quote.asset, of: event.domain)
        default: break
        }
        sights[event.domain, default: VenueSight(event.domain)].take(event, keeper)
    }

    private func noteBonus(of target: Target, _ now: Instant) {
        guard let keeper, let units = bonus.units(of: target, in: keeper.engine, at: now) else {
            return
        }
        episodes.noteBonus(units, of: target)
    }
}
