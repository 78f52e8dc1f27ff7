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
        guard let rule = strategy(of: intent)?.bid, let market = domain.gasMarket,
            let lane = chain.lanes.first(where: { $0.laneClass == rule.laneClass }),
            let bid = market.firstBid(
                nonce: (nonces[domainID] ?? NonceBook()).next,
                profitUnits: intent.expectation.profitBeforeSendingUnits, rule: rule)
        else { return nil }
        return AttemptTerms(number: 1, purpose: .close, lane: lane, bid: bid)
    }

    /// Every height asks again about what waits, raises what was passed over, and takes back what
    /// is no longer wanted.
    mutating func lookAtPending(_ turn: inout Turn) {
        guard case .chainReported(let news) = turn.event.body else { return }
        let domainID = turn.event.domain
        nonces[domainID, default: NonceBook()].report(news.nextNonce)
        for clientID in intents.clientIDs(in: domainID) {
            guard let open = intents[clientID], open.state == .pending else { continue }
            if let booked = open.booked {
                askWhetherFinal(booked, open, &turn)
            } else {
                lookAtPending(open, &turn)
            }
        }
    }

    private mutating func askWhetherFinal(
        _ booked: Inclusion, _ open: OpenIntent, _ turn: inout Turn
    ) {
        let target = open.intent.plan.target
        guard let domain = domains[target.domain], let chain = domain.description?.chain,
            domain.height >= booked.receipt.height + chain.finalityHeights
        else { return }
        turn.effects.append(.lookUp(target, open.intent.plan.clientID))
    }

    private mutating func lookAtPending(_ open: OpenIntent, _ turn: inout Turn) {
        let plan = open.intent.plan
        turn.effects.append(.lookUp(plan.target, plan.clientID))
        guard !open.isBeingCancelled else { return raiseCancellation(open, &turn) }
        guard isStillWanted(open.intent) else { return takeNonceBack(open, &turn) }
        guard let domain = domains[plan.target.domain], let market = domain.gasMarket,
            let rule = strategy(of: open.intent)?.bid, rule.raiseEveryHeights > 0,
            domain.height >= open.bidHeight + rule.raiseEveryHeights,
            let last = open.attempts.last, let old = last.bid,
            let bid = market.raisedBid(
                over: old, profitUnits: open.intent.expectation.profitBeforeSendingUnits,
                rule: rule)
        else { return }
        // Where risk refuses, the earlier bid stands.
        _ = submit(last.next(.close, bid), of: open, &turn)
    }

    /// A cancellation that waits too long is itself outbid.
    private mutating func raiseCancellation(_ open: OpenIntent, _ turn: inout Turn) {
        guard let domain = domains[open.intent.plan.target.domain],
            domain.height >= open.bidHeight + Self.cancellationRaiseHeights
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

    private func isStillWanted(_ intent: CloseIntent) -> Bool {
        let target = intent.plan.target
        guard let domain = domains[target.domain], !risk.isKilled else { return false }
        return domain.height <= intent.plan.validUntilHeight && domain.isEligible(target)
            && domain.state(of: target)?.version == intent.plan.accountVersion
    }

    /// The pool has no such bytes. Where none ever left there is nothing to wait for; else the same
    /// bytes go again, or the nonce is taken back.
    mutating func resolveEvicted(_ open: OpenIntent, _ turn: inout Turn) {
        guard let last = open.attempts.last else {
            return conclude(open.intent, .cancelled(reason: "no bytes had left"), &turn)
        }
        if last.purpose == .close, !isStillWanted(open.intent) {
            takeNonceBack(open, &turn)
        } else if !submit(last, of: open, &turn) {
            takeNonceBack(open, &turn)
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
        domains[domainID]?.goBack(to: height)
        settledVersions = settledVersions.filter { $0.key.domain != domainID }
        var undone: [ClientID] = []
        for clientID in intents.clientIDs(in: domainID) {
            guard var open = intents[clientID], open.state != .persisting else { continue }
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
