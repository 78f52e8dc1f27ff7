package import KeeperModel
package import KeeperRuntime

extension Calibration {
    /// What a recording of a run says itself, and what the simulator makes of the same feeds with
    /// so many rivals.
    package init(
        _ workplace: Workplace, strategies: [StrategyName], againstCount: Int, seed: UInt64,
        source open: () throws(KeeperStop) -> BacktestPass.Source
    ) throws(KeeperStop) {
        let recorded = OutcomeSample()
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
        let simulated = OutcomeSample()
        let model = RivalModel(mode: .firstCome, counts: [againstCount], seed: seed)
        _ = try BacktestPass(workplace, rivals: model).run(
            [strategies], from: .recorded(feeds), events: { _, _ in simulated })
        self.init(recorded: recorded, simulated: simulated)
    }

    private static let noRun = KeeperStop(
        .recording, "imported history has no outcomes of ours; give a recording of a run")
}

/// What our own closes did to the accounts that the feed tells of. A simulator that is told of it
/// would take it for somebody who was faster, and lose to ourselves.
private struct OwnEffects {
    private var durableAt: [ClientID: Instant] = [:]
    /// From when on the feed speaks of what we left of an account.
    private var closedSince: [AccountID: Instant] = [:]

    mutating func note(_ event: Event) {
        switch event.body {
        case .intentDurable(let clientID): durableAt[clientID] = event.receivedAt
        case .closeAnswered(let clientID, let answer):
            guard let receipt = answer.settledReceipt, let since = durableAt[clientID] else {
                return
            }
            for account in receipt.settlements.map({ AccountID($0.account) })
            where closedSince[account] == nil {
                closedSince[account] = since
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
            closedSince[account].map { event.receivedAt < $0 } ?? true
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
