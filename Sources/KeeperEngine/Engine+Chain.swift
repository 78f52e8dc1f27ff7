import KeeperModel
import KeeperRisk
import KeeperStrategy
import WideMath

/// What a chain adds to the life of a close: bids that are raised, nonces that are taken back,
/// inclusions that are not final, and reorganisations.
extension Engine {
    // MARK: Bids

    /// Where calls are free there is one attempt; on a chain the first bid. Nil where no bid is
    /// within the strategy's cap.
    func firstAttempt(of intent: CloseIntent) -> AttemptTerms? {
        let domainID = intent.plan.target.domain
        guard let domain = domains[domainID], let chain = domain.description?.chain else {
            return AttemptTerms(number: 1, purpose: .close, lane: .venueAPI, bid: nil)
        }
        let closes = intent.plan.action.closeCount
        guard let rule = bidRule(of: intent),
            let market = domain.gasMarket?.carrying(closes: closes),
            let lane = chain.lanes.first(where: { $0.laneClass == rule.laneClass }),
            let bid = market.firstBid(
                nonce: (nonces[domainID] ?? NonceBook()).next,
                profitUnits: bidBasisUnits(of: intent), rule: rule)
        else { return nil }
        return AttemptTerms(number: 1, purpose: .close, lane: lane, bid: bid)
    }

    private func bidRule(of intent: CloseIntent) -> BidRule? {
        intent.plan.target.isTreasury ? Self.transferBid : strategy(of: intent)?.bid
    }

    /// What shares of gas are shares of: a close's profit, and what a transfer may cost.
    private func bidBasisUnits(of intent: CloseIntent) -> UInt256 {
        intent.plan.target.isTreasury
            ? settings.limits.treasury?.gasPerTransferMaxUnits ?? .zero
            : intent.expectation.profitBeforeSendingUnits
    }

    /// Every height asks again about what waits. What is done about it rests on the answer: a close
    /// that the feed shows as done may be our own.
    mutating func askAboutPending(_ turn: inout Turn) {
        guard case .chainReported(let news) = turn.event.body else { return }
        let domainID = turn.event.domain
        nonces[domainID, default: NonceBook()].report(news.nextNonce)
        for clientID in intents.clientIDs(in: domainID) {
            guard let open = intents[clientID], open.state == .pending,
                mayHaveMovedOn(open, in: domainID)
            else { continue }
            turn.effects.append(.lookUp(open.intent.plan.target, clientID))
        }
    }

    private func mayHaveMovedOn(_ open: OpenIntent, in domainID: DomainID) -> Bool {
        guard let booked = open.booked else { return true }
        guard let domain = domains[domainID], let chain = domain.description?.chain else {
            return false
        }
        return domain.height >= booked.receipt.height + chain.finalityHeights
    }

    /// The pool has it still: the bid is raised, or what is no longer wanted is taken back.
    mutating func lookAtPending(_ open: OpenIntent, _ turn: inout Turn) {
        guard !open.isBeingCancelled else { return raiseCancellation(open, &turn) }
        switch need(for: open.intent) {
        case .gone: takeNonceBack(open, &turn)
        case .standing: raise(open, &turn)
        case .uncertain: break
        }
    }

    private mutating func raise(_ open: OpenIntent, _ turn: inout Turn) {
        let plan = open.intent.plan
        guard let domain = domains[plan.target.domain], let market = domain.gasMarket,
            let rule = bidRule(of: open.intent), rule.raiseEveryHeights > 0,
            domain.height >= open.bidHeight + rule.raiseEveryHeights,
            let last = open.attempts.last, let old = last.bid,
            let bid = market.raisedBid(
                over: old, profitUnits: bidBasisUnits(of: open.intent), rule: rule)
        else { return }
        // Where risk refuses, the earlier bid stands.
        _ = submit(last.next(.close, bid), of: open, &turn)
    }

    /// A cancellation that waits too long is itself outbid. One that offers plenty waits for
    /// something else than money, and no price is too high where nothing bounds it.
    private mutating func raiseCancellation(_ open: OpenIntent, _ turn: inout Turn) {
        guard let domain = domains[open.intent.plan.target.domain],
            domain.height >= open.bidHeight + Self.cancellationRaiseHeights,
            let bid = open.attempts.last?.bid, domain.gasMarket?.isAmple(bid) == false
        else { return }
        takeNonceBack(open, &turn)
    }

    private static var cancellationRaiseHeights: UInt64 { 3 }

    /// Bytes that are out may be included whenever their turn comes, so a close that is not wanted
    /// is not forgotten: a call that does nothing takes its nonce.
    private mutating func takeNonceBack(_ open: OpenIntent, _ turn: inout Turn) {
        guard let market = domains[open.intent.plan.target.domain]?.gasMarket,
            let last = open.attempts.last, let old = last.bid,
            let bid = market.cancellingBid(over: old)
        else { return }
        _ = submit(last.next(.cancel, bid), of: open, &turn)
    }

    private enum Need {
        case standing
        case gone
        /// A gap or a reorganisation hides the account: nothing is decided on what may be wrong.
        case uncertain
    }

    private func need(for intent: CloseIntent) -> Need {
        let target = intent.plan.target
        guard let domain = domains[target.domain], risk.stop(of: target.domain) == nil,
            domain.height <= intent.plan.validUntilHeight
        else { return .gone }
        if target.isTreasury { return .standing }
        if domain.uncertainMarkets.contains(target.market) { return .uncertain }
        let isAsPlanned = domain.version(of: target) == intent.plan.accountVersion
        return isAsPlanned && domain.isEligible(target) ? .standing : .gone
    }

    /// The pool has no such bytes. Where none ever left there is nothing to wait for; else the same
    /// bytes go again, or the nonce is taken back.
    mutating func resolveEvicted(_ open: OpenIntent, _ turn: inout Turn) {
        guard let last = open.attempts.last else {
            return conclude(open.intent, .cancelled(reason: "no bytes had left"), &turn)
        }
        switch last.purpose == .cancel ? .standing : need(for: open.intent) {
        case .standing:
            if !submit(last, of: open, &turn) { takeNonceBack(open, &turn) }
        case .gone: takeNonceBack(open, &turn)
        case .uncertain: break
        }
        // Nothing could leave now: asked again later.
        guard intents[open.intent.plan.clientID]?.state != .sent else { return }
        askLater(about: open.intent.plan.clientID, &turn)
    }

    // MARK: Inclusion

    mutating func take(
        _ inclusion: Inclusion, isFinal: Bool, _ open: OpenIntent, _ turn: inout Turn
    ) {
        var open = open
        let clientID = open.intent.plan.clientID
        let receipt = inclusion.receipt
        // Included elsewhere than was booked: the chain took heights back unnoticed.
        if let booked = open.booked, booked.receipt != receipt {
            turn.effects.append(.reverse(open.intent))
            open.booked = nil
        }
        if open.booked == nil {
            turn.effects.append(.book(open.intent, receipt))
            withRisk { $0.provisionallySettle(clientID, receipt) }
        }
        open.booked = inclusion
        open.state = .pending
        open.unansweredCount = 0
        intents[clientID] = open
        guard isFinal else { return }
        switch inclusion.result {
        case .settled: conclude(open.intent, .won(receipt), &turn)
        case .reverted(let refusal): conclude(open.intent, .reverted(refusal, receipt), &turn)
        case .cancelled: conclude(open.intent, .withdrawn(receipt), &turn)
        }
    }

    // MARK: Reorganisation

    /// What was included above the height that still stands is not: the books take it back, and
    /// each of those intents is an open question again.
    mutating func goBack(_ turn: inout Turn) {
        let domainID = turn.event.domain
        let height = turn.event.height
        _ = domains.change(domainID) { $0.goBack(to: height) }
        settledVersions = settledVersions.filter { $0.key.domain != domainID }
        var undone: [ClientID] = []
        for clientID in intents.clientIDs(in: domainID) {
            guard var open = intents[clientID], open.state != .persisting,
                open.state != .asking
            else { continue }
            if let booked = open.booked, booked.receipt.height > height {
                turn.effects.append(.reverse(open.intent))
                open.booked = nil
                undone.append(clientID)
            }
            open.state = .unknown
            intents[clientID] = open
        }
        withRisk { $0.goBack(to: height, domain: domainID, undoing: undone) }
        for clientID in intents.clientIDs(in: domainID) { ask(about: clientID, &turn) }
    }
}

extension AttemptTerms {
    /// In the same lane: bytes that were meant for few are never shown to all.
    fileprivate func next(_ purpose: Purpose, _ bid: GasBid) -> AttemptTerms {
        AttemptTerms(number: number + 1, purpose: purpose, lane: lane, bid: bid)
    }
}

extension Expectation {
    /// What gas is a share of.
    fileprivate var profitBeforeSendingUnits: UInt256 {
        let profit = netUnits + (Int256(exactly: sendingUnits) ?? .max)
        return profit.isNegative ? .zero : profit.magnitude
    }
}

extension DomainState {
    /// Nil where calls are free, and where their cost is unknown: then nothing is sent.
    var gasMarket: GasMarket? {
        guard let description, let chain = description.chain, let gas = chainNews?.gas,
            let asset = description.assets.first(where: { $0.asset == chain.gasAsset }),
            let units = price(of: chain.gasAsset)
        else { return nil }
        return GasMarket(
            terms: chain, price: gas, gasAssetDecimals: asset.decimals, gasAssetUnits: units)
    }
}
