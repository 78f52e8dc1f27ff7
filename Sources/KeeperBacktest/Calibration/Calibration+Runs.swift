package import KeeperModel
package import KeeperRuntime

extension Calibration {
    /// One venue's.
    package struct AtVenue: Hashable, Sendable {
        package let domain: DomainID
        package let calibration: Calibration
    }

    /// What a recording of a run says itself, and what the simulator makes of the same feeds with
    /// so many rivals: venue by venue, because each has models of its own.
    package static func byVenue(
        _ workplace: Workplace, strategies: [StrategyName], againstCount: Int, seed: UInt64,
        source open: () throws(KeeperStop) -> BacktestPass.Source
    ) throws(KeeperStop) -> [AtVenue] {
        let recorded = OutcomeSamples()
        var effects = OwnEffects()
        guard case .recorded(var source) = try open() else { throw Self.noRun }
        var hasOutcomes = false
        while let event = try source.next() {
            hasOutcomes = hasOutcomes || event.body.isOutcome
            effects.note(event)
            try recorded.append(event)
        }
        guard hasOutcomes else {
            throw KeeperStop(
                .recording,
                "the recording holds feeds and no outcomes; give one that 'run --record' wrote")
        }
        guard case .recorded(var feeds) = try open() else { throw Self.noRun }
        let known = effects
        feeds.edit = { known.taken(from: $0) }
        let simulated = OutcomeSamples()
        let model = RivalModel(mode: .firstCome, counts: [againstCount], seed: seed)
        _ = try BacktestPass(workplace, rivals: model).run(
            [strategies], from: .recorded(feeds), events: { _, _ in simulated })
        return workplace.config.venues.map { venue in
            AtVenue(
                domain: venue.domain,
                calibration: Calibration(
                    recorded: recorded.sample(at: venue.domain),
                    simulated: simulated.sample(at: venue.domain)))
        }
    }

    private static let noRun = KeeperStop(
        .recording, "imported history has no outcomes of ours; give a recording of a run")
}

/// What our own closes did to the accounts that the feed tells of. A simulator that is told of it
/// would take it for somebody who was faster, and lose to ourselves.
struct OwnEffects {
    private struct Holder: Hashable {
        let domain: DomainID
        let account: AccountID
    }

    private var durableAt: [ClientID: Instant] = [:]
    /// From when on the feed speaks of what we left of an account.
    private var closedSince: [Holder: Instant] = [:]

    mutating func note(_ event: Event) {
        switch event.body {
        case .intentDurable(let clientID): durableAt[clientID] = event.receivedAt
        case .closeAnswered(let clientID, let answer):
            guard let receipt = answer.settledReceipt, let since = durableAt[clientID] else {
                return
            }
            for settlement in receipt.settlements {
                let holder = Holder(
                    domain: event.domain, account: AccountID(settlement.account))
                closedSince[holder] = closedSince[holder] ?? since
            }
        default: break
        }
    }

    /// The event without what we did ourselves; the account stays as it was for the simulator.
    func taken(from event: Event) -> Event? {
        guard case .accountsChanged(let market, let changed, let removed) = event.body else {
            return event
        }
        func isOthers(_ account: AccountID) -> Bool {
            let holder = Holder(domain: event.domain, account: account)
            return closedSince[holder].map { event.receivedAt < $0 } ?? true
        }
        return Event(
            sequence: event.sequence, domain: event.domain, receivedAt: event.receivedAt,
            height: event.height,
            body: .accountsChanged(
                market, changed: changed.filter { isOthers($0.account) },
                removed: removed.filter(isOthers)))
    }
}

extension CloseAnswer {
    fileprivate var settledReceipt: CloseReceipt? {
        switch self {
        case .settled(let receipt): receipt
        case .included(let inclusion, _):
            inclusion.result == .settled ? inclusion.receipt : nil
        case .refused, .unknown, .notFound, .voided, .accepted: nil
        }
    }
}
