import KeeperModel
import WideMath

/// Sealed bids: gathered unseen until the window's end, then opened all at once.
extension ReferenceVenue {
    mutating func place(
        _ plan: ClosePlan, _ close: LendingClose, on offer: StandingOffer, bodyHash: String,
        keeper: String
    ) throws(CloseRefused) {
        try requireOpen(offer.market)
        guard let closes = offer.position.closesAtHeight, closes <= scenario.heightCount else {
            throw CloseRefused(.expired, "the venue ends before these bids are opened")
        }
        guard plan.validUntilHeight >= closes else {
            throw CloseRefused(
                .expired,
                "bids are opened at height \(closes), this one is valid until "
                    + "\(plan.validUntilHeight)")
        }
        let bid = SealedBid(
            offer: offer.id, plan: plan, close: close, keeper: keeper, bodyHash: bodyHash,
            placedAtHeight: height, placedAt: world.now)
        board?.bids.place(bid)
    }

    /// Of every offer whose window ends now.
    mutating func openBids() {
        for offer in offers {
            guard let closes = offer.position.closesAtHeight, closes <= height else { continue }
            let bids = board?.bids.takeAll(for: offer.id) ?? []
            guard !isTaken(offer, bids) else { continue }
            let height = height
            board?.reopen(offer.id, height: height)
        }
    }

    /// The best that can pay has it. Each of the others learns that it lost, and not to whom.
    private mutating func isTaken(_ offer: StandingOffer, _ bids: [SealedBid]) -> Bool {
        var isTaken = false
        for bid in bids {
            do throws(CloseRefused) {
                guard !isTaken else {
                    throw CloseRefused(.staleVersion, "another bid was better")
                }
                guard height <= bid.plan.validUntilHeight else {
                    throw CloseRefused(
                        .expired, "valid until height \(bid.plan.validUntilHeight), now \(height)")
                }
                try offer.requireWithin(bid.close, payingIn: scenario.quote.asset)
                let receipt = try settle(offer, for: bid.plan, bid.close, by: bid.keeper)
                isTaken = true
                conclude(bid, .settled(receipt))
            } catch {
                conclude(bid, .refused(error.refusal))
            }
        }
        return isTaken
    }

    /// Bids for what stands no more.
    mutating func refuseBids(for gone: StandingOffer) {
        for bid in board?.bids.takeAll(for: gone.id) ?? [] {
            let refused = CloseRefused(.unknownAccount, "offer \(gone.id) stands no more")
            conclude(bid, .refused(refused.refusal))
        }
    }

    private mutating func conclude(_ bid: SealedBid, _ answer: StoredAnswer) {
        closes.store(
            StoredClose(
                keeper: bid.keeper, bodyHash: bid.bodyHash, answer: answer, storedAt: world.now),
            at: bid.plan.clientID)
    }

    // MARK: By its key

    /// A bid that waits is what stands at its key until it is opened.
    func waitingBid(_ clientID: ClientID, of keeper: String) -> StoredClose? {
        guard let bid = board?.bids[clientID], bid.keeper == keeper else { return nil }
        return StoredClose(
            keeper: keeper, bodyHash: bid.bodyHash, answer: .pending, storedAt: bid.placedAt)
    }

    /// Takes a bid back before it is opened. Nil where none waits under the key.
    mutating func takeBack(_ clientID: ClientID, of keeper: String) -> StoredAnswer? {
        guard waitingBid(clientID, of: keeper) != nil, let bid = board?.bids.take(clientID) else {
            return nil
        }
        conclude(bid, .tombstone)
        return .tombstone
    }
}
