import KeeperEngine
import KeeperModel
import KeeperRuntime
import VenueSimulator

/// What happened, counted.
extension SimulatedWorld {
    func noteStates(of keeper: Keeper) {
        for (clientID, state) in domains.flatMap({ keeper.engine.intentStates(in: $0.id) }) {
            let before = intentStates[clientID]
            guard before != state else { continue }
            intentStates[clientID] = state
            coverage.note(.states, state)
            coverage.note(.transitions, "\(before ?? "new") → \(state)")
        }
    }

    func note(_ decision: Decision) {
        coverage.note(.verdicts, decision.verdict.label)
        switch decision.verdict {
        case .ended(let clientID, let ending):
            let before = intentStates.removeValue(forKey: clientID)
            coverage.note(.transitions, "\(before ?? "new") → \(ending)")
            guard ending == "won", let shape = sentShapes[clientID] else { return }
            coverage.note(.ownCloses, shape)
        case .missed(let cause): coverage.note(.missed, cause.rawValue)
        default: break
        }
    }

    /// What is counted by who is there rather than by what happens.
    func noteEnd() {
        for domain in domains { domain.noteEnd() }
        for trouble in [Trouble.secondDomain, .thirdDomain, .avoidList] where faults[trouble] > 0 {
            coverage.note(.troubles, trouble.rawValue)
        }
    }
}

extension SimulatedDomain {
    func noteShape(of plan: ClosePlan) {
        guard let terms = venue.markets[plan.target.market]?.terms else { return }
        world.sentShapes[plan.clientID] = "\(terms.protocolName) \(plan.action.kind.rawValue)"
    }

    /// What is counted by who is there rather than by what happens.
    func noteEnd() {
        for (shape, count) in venue.settledCounts.sorted(by: { $0.key < $1.key }) {
            world.coverage.note(.closes, shape, times: count)
        }
        let closes: [ObservedClose]
        switch venue.channels.closes.reading(after: 0, countMax: .max) {
        case .entries(let entries): closes = entries.map(\.payload)
        // Longer than any run of ours: then only the newest would be counted.
        case .gone: closes = []
        }
        if chain != nil {
            for close in closes where close.keeper != SimulatedWorld.keeper {
                world.coverage.note(.acts, "\(close.keeper) closed")
            }
        }
        for trouble in faults.present
        where trouble.rival != nil
            || [.customers, .impact, .reordering, .thinBooks].contains(trouble)
        {
            world.coverage.note(.troubles, trouble.rawValue)
        }
    }
}
