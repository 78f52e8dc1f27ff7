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
        if let order = plan.transferOrder {
            return transfer(order, bodyHash: bodyHash, keeper: keeper)
        }
        switch closes.claim(plan.clientID, bodyHash: bodyHash, keeper: keeper) {
        case .reused: return .keyReused
        case .replay(let stored): return .answered(stored.answer, isReplayed: true)
        case .free: break
        }
        if let waiting = board?.bids[plan.clientID] {
            let isSame = waiting.keeper == keeper && waiting.bodyHash == bodyHash
            return isSame ? .answered(.pending, isReplayed: true) : .keyReused
        }
        // Several closes in one call are as many calls.
        let calls = plan.action.closeCount
        guard callsAtHeight[keeper, default: 0] + calls <= scenario.callsPerHeight else {
            return .tooManyCalls
        }
        callsAtHeight[keeper, default: 0] += calls
        admit(keeper: keeper)
        let answer = answer(plan, bodyHash: bodyHash, keeper: keeper)
        guard answer != .pending else { return .answered(answer, isReplayed: false) }
        closes.store(
            StoredClose(
                keeper: keeper, bodyHash: bodyHash, answer: answer, storedAt: world.now),
            at: plan.clientID)
        return .answered(answer, isReplayed: false)
    }

    package func lookUp(_ clientID: ClientID, keeper: String) -> StoredClose? {
        closes.find(clientID, keeper: keeper) ?? waitingBid(clientID, of: keeper)
    }

    /// The existing close, or a tombstone that makes a late arrival impossible; nil where the key
    /// is another keeper's.
    package mutating func void(_ clientID: ClientID, keeper: String) -> StoredAnswer? {
        if let waiting = board?.bids[clientID] {
            return waiting.keeper == keeper ? takeBack(clientID, of: keeper) : nil
        }
        return closes.void(clientID, keeper: keeper, at: world.now)
    }

    /// What would become of a close now. The venue is a value, so it is tried on a copy.
    package func reply(to question: Question, from keeper: String) -> QuestionReply {
        switch question {
        case .wouldSettle(let plan):
            var copy = self
            copy.keepsEvidence = false
            switch copy.answer(plan, bodyHash: "", keeper: keeper) {
            case .settled, .pending: return .wouldSettle(accountVersion: plan.accountVersion)
            case .refused(let refusal): return .wouldNot(refusal)
            case .tombstone: preconditionFailure("A close that is settled leaves no tombstone")
            }
        }
    }

    // MARK: Settling

    private mutating func answer(
        _ plan: ClosePlan, bodyHash: String, keeper: String
    ) -> StoredAnswer {
        do throws(CloseRefused) {
            guard board == nil else {
                return try take(plan, bodyHash: bodyHash, keeper: keeper)
            }
            let state = try admissible(plan)
            let order = CloseOrder(plan: plan, keeper: keeper)
            let (receipt, _) = try settle(order, state) {
                (settled, _) throws(CloseRefused) in settled.receipt
            }
            channels.closes.publish(
                observed(plan, by: keeper, receipt), height: height, at: world.now)
            return .settled(receipt)
        } catch {
            return .refused(error.refusal)
        }
    }

    /// `deliver` has the last word on the world that the close leaves and on what its keeper is
    /// told; where it refuses nothing was done.
    mutating func settle(
        _ order: CloseOrder, _ state: AccountState,
        _ deliver: (SettledClose, inout ClosingWorld) throws(CloseRefused) -> CloseReceipt
    ) throws(CloseRefused) -> (receipt: CloseReceipt, delta: AccountDelta) {
        let plan = order.plan
        try requireOpen(plan.target.market, isPlacedBefore: order.isPlacedBefore)
        guard let market = markets[plan.target.market] else {
            throw CloseRefused(.marketClosed, "no market \(plan.target.market)")
        }
        var trial = world
        trial.neighbours =
            market.needsNeighbours ? snapshot(of: plan.target.market) ?? [] : []
        let settled = try market.settle(order, state.position, in: &trial)
        let receipt = try deliver(settled, &trial)
        let before = keepsEvidence ? standing(of: plan.target.market) : nil
        let delta = commit(settled, of: plan, in: trial, under: market.terms)
        if let before { note(plan, settled, of: market.terms, since: before) }
        let shape = "\(market.terms.protocolName) \(plan.action.kind.rawValue)"
        settledCounts[shape, default: 0] += 1
        return (receipt, delta)
    }

    private func admissible(_ plan: ClosePlan) throws(CloseRefused) -> AccountState {
        guard let market = accounts[plan.target.market] else {
            throw CloseRefused(.marketClosed, "no market \(plan.target.market)")
        }
        return try plan.requireCurrent(market[plan.target.account], height: height)
    }

    /// Takes over what the close changed, all at once, and publishes it.
    private mutating func commit(
        _ settled: SettledClose, of plan: ClosePlan, in trial: ClosingWorld,
        under terms: MarketTerms
    ) -> AccountDelta {
        let market = plan.target.market
        let change = settled.change
        let conservation = Conservation(
            of: terms, assets: scenario.assets.map(\.description.asset), before: world.custody)
        world = trial
        world.neighbours = []
        for taken in settled.bidsTaken { takeFromBids(taken) }
        for taken in settled.asksTaken { takeFromAsks(taken) }
        refreshDepth()
        take(change.figures, of: market)
        publishFigures()
        let target = ChangedItem(account: plan.target.account, position: change.position)
        let items = [target] + change.others
        conservation.require(
            world.custody, given: items.compactMap { accounts[market]?[$0.account]?.position },
            taken: items.compactMap(\.position))
        let delta = replace(items, in: market)
        noteStressLoss()
        let (height, now) = (world.height, world.now)
        channels.accounts[market]?.publish(delta, height: height, at: now)
        return delta
    }

    private mutating func takeFromBids(_ taken: AssetAmount) {
        books[taken.asset]?.takeFromBids(taken.amount)
        guard let whole = books[taken.asset]?.wholeSide else { return }
        impact.note(sold: taken.amount, of: taken.asset, side: whole)
    }

    private mutating func takeFromAsks(_ taken: AssetAmount) {
        books[taken.asset]?.takeFromAsks(taken.amount)
        guard let whole = books[taken.asset]?.wholeSide else { return }
        impact.note(bought: taken.amount, of: taken.asset, side: whole)
    }

    mutating func replace(_ items: [ChangedItem], in market: MarketID) -> AccountDelta {
        var changed: [AccountState] = []
        var removed: [AccountID] = []
        for item in items {
            guard let position = item.position else {
                accounts[market]?[item.account] = nil
                removed.append(item.account)
                continue
            }
            let version = accounts[market]?[item.account]?.version ?? 0
            let state = AccountState(
                account: item.account, version: version + 1, position: position)
            accounts[market]?[item.account] = state
            changed.append(state)
        }
        return AccountDelta(changed: changed, removed: removed)
    }
}
