package import KeeperModel
import LiquidationRules
import WideMath

/// Closes at the reference venue: asked for, looked up, and voided, each under its idempotency key.
extension ReferenceVenue {
    /// What the venue says to a close.
    package enum CloseReply: Hashable, Sendable {
        case answered(StoredAnswer, isReplayed: Bool)
        /// Another body, or another keeper's key.
        case keyReused
        /// Not answered and not remembered: ask again at a later height.
        case tooManyCalls
    }

    package mutating func close(
        _ plan: ClosePlan, bodyHash: String, keeper: String
    ) -> CloseReply {
        switch closes.claim(plan.clientID, bodyHash: bodyHash, keeper: keeper) {
        case .reused: return .keyReused
        case .replay(let stored): return .answered(stored.answer, isReplayed: true)
        case .free: break
        }
        guard callsAtHeight[keeper, default: 0] < scenario.callsPerHeight else {
            return .tooManyCalls
        }
        callsAtHeight[keeper, default: 0] += 1
        admit(keeper: keeper)
        let answer = settle(plan, keeper: keeper)
        closes.store(
            StoredClose(
                keeper: keeper, bodyHash: bodyHash, answer: answer, storedAt: world.now),
            at: plan.clientID)
        return .answered(answer, isReplayed: false)
    }

    package func lookUp(_ clientID: ClientID, keeper: String) -> StoredClose? {
        closes.find(clientID, keeper: keeper)
    }

    /// The existing close, or a tombstone that makes a late arrival impossible; nil where the key
    /// is another keeper's.
    package mutating func void(_ clientID: ClientID, keeper: String) -> StoredAnswer? {
        switch closes.claim(clientID, bodyHash: "", keeper: keeper) {
        case .reused:
            return closes.find(clientID, keeper: keeper)?.answer
        case .replay(let stored):
            return stored.answer
        case .free:
            closes.store(
                StoredClose(
                    keeper: keeper, bodyHash: nil, answer: .tombstone, storedAt: world.now),
                at: clientID)
            return .tombstone
        }
    }

    // MARK: Settling

    private mutating func settle(_ plan: ClosePlan, keeper: String) -> StoredAnswer {
        do {
            let state = try admissible(plan)
            var trial = world
            trial.positions[margin.terms.market] = openPositions
            let settled = try settle(plan, state, keeper, &trial)
            commit(settled, of: plan, in: trial)
            return .settled(settled.receipt)
        } catch {
            return .refused(error.refusal)
        }
    }

    private func admissible(_ plan: ClosePlan) throws(CloseRefused) -> AccountState {
        guard let market = accounts[plan.target.market] else {
            throw CloseRefused(.marketClosed, "no market \(plan.target.market)")
        }
        return try plan.requireCurrent(market[plan.target.account], height: height)
    }

    private func settle(
        _ plan: ClosePlan, _ state: AccountState, _ keeper: String, _ trial: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        switch plan.action {
        case .lending(let close):
            guard plan.target.market == lending.terms.market,
                let position = lending.position(from: state.position)
            else { throw CloseRefused(.malformed, "no lending close fits this market") }
            return try LendingDesk(market: lending, plan: plan, close: close, keeper: keeper)
                .settle(position, in: &trial)
        case .margin(let close):
            guard plan.target.market == margin.terms.market,
                let position = margin.position(from: state.position)
            else { throw CloseRefused(.malformed, "no margin close fits this market") }
            return try MarginDesk(market: margin, plan: plan, close: close, keeper: keeper)
                .settle(position, in: &trial)
        }
    }

    /// Takes over what the close changed, all at once, and publishes it.
    private mutating func commit(
        _ settled: SettledClose, of plan: ClosePlan, in trial: ClosingWorld
    ) {
        world = trial
        for taken in settled.bidsTaken { books[taken.asset]?.takeFromBids(taken.amount) }
        for taken in settled.asksTaken { books[taken.asset]?.takeFromAsks(taken.amount) }
        refreshDepth()
        var changed: [AccountState] = []
        var removed: [AccountID] = []
        let market = plan.target.market
        let after =
            [(plan.target.account, settled.positionAfter)]
            + settled.othersAfter.map { ($0.account, Self.openPosition($0.position)) }
        for (account, position) in after {
            guard let position, let old = accounts[market]?[account] else {
                accounts[market]?[account] = nil
                removed.append(account)
                continue
            }
            let state = AccountState(
                account: account, version: old.version + 1, position: position)
            accounts[market]?[account] = state
            changed.append(state)
        }
        let (height, now) = (world.height, world.now)
        channels.accounts[market]?.publish(
            AccountDelta(changed: changed, removed: removed), height: height, at: now)
    }

    /// Nil for a position whose lots are all gone.
    private static func openPosition(_ position: AccountPosition) -> AccountPosition? {
        if case .margin(let margin) = position, margin.lots == 0 { return nil }
        return position
    }

    private var openPositions: [MarketPosition] {
        (snapshot(of: margin.terms.market) ?? []).compactMap { state in
            guard case .margin(let position) = state.position else { return nil }
            return MarketPosition(account: state.account, position: position)
        }
    }
}
