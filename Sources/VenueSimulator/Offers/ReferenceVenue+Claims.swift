import KeeperModel
import LiquidationRules
import WideMath

/// Offers are taken by closes like any other: under a key, whole, by the settlement law. What the
/// close names is the offer; the venue puts the account in its place and shows nobody.
extension ReferenceVenue {
    /// A claim is settled at once, a sealed bid waits.
    mutating func take(
        _ plan: ClosePlan, bodyHash: String, keeper: String
    ) throws(CloseRefused) -> StoredAnswer {
        let (offer, close) = try claimable(plan)
        switch offerRules?.allocation {
        case .claim:
            let receipt = try settle(offer, for: plan, close, by: keeper)
            publishOffers()
            return .settled(receipt)
        case .sealedBid:
            try place(plan, close, on: offer, bodyHash: bodyHash, keeper: keeper)
            return .pending
        case .proRata, nil:
            throw CloseRefused(
                .limitViolated, "offers here are shared out by committed capacity")
        }
    }

    /// The offer as it stands after one more look at what is behind it.
    private mutating func claimable(
        _ plan: ClosePlan
    ) throws(CloseRefused) -> (offer: StandingOffer, close: LendingClose) {
        guard height <= plan.validUntilHeight else {
            throw CloseRefused(
                .expired, "valid until height \(plan.validUntilHeight), now \(height)")
        }
        guard accounts[plan.target.market] != nil else {
            throw CloseRefused(.marketClosed, "no market \(plan.target.market)")
        }
        if let known = board?.offer(plan.target.account, of: plan.target.market) {
            show(OfferBoard.Place(market: known.market, account: known.account))
            publishOffers()
        }
        guard let offer = board?.offer(plan.target.account, of: plan.target.market) else {
            throw CloseRefused(.unknownAccount, "no offer \(plan.target.account) stands")
        }
        guard plan.accountVersion <= offer.version else {
            throw CloseRefused(
                .staleVersion, "version \(offer.version), planned on \(plan.accountVersion)")
        }
        guard case .purchase(let close) = plan.action else {
            throw CloseRefused(.malformed, "an offer is bought, and taken in no other way")
        }
        try offer.requireWithin(close, payingIn: scenario.quote.asset)
        return (offer, close)
    }

    // MARK: Settling

    /// The account's own close, for what is asked, to the one who takes the offer. What was bid
    /// above it is a contribution, by the same law: bad debt and loans first, then the fund.
    mutating func settle(
        _ offer: StandingOffer, for plan: ClosePlan, _ close: LendingClose, by keeper: String
    ) throws(CloseRefused) -> CloseReceipt {
        let raise =
            offerRules?.allocation == .sealedBid
            ? close.repayAmountMax.saturatingSubtract(offer.position.payAmount) : .zero
        let policy = markets[offer.market]?.terms.policy
        let receipt = try carryOut(offer, for: plan, close, by: keeper) {
            (settled, world) throws(CloseRefused) in
            guard !raise.isZero else { return settled.receipt }
            return try world.contribute(
                raise, offer, settled.receipt, by: keeper, under: policy)
        }
        publish(receipt, of: offer, by: keeper)
        return receipt
    }

    /// To all: who took which offer, and never whose account it was.
    mutating func publish(_ receipt: CloseReceipt, of offer: StandingOffer, by keeper: String) {
        let shown = Target(domain: DomainID("venue"), market: offer.market, account: offer.id)
        channels.closes.publish(
            receipt.observed(of: shown, by: keeper, at: height), height: height, at: world.now)
    }

    /// `deliver` has the last word on the world that the close leaves and on what is said of it.
    mutating func carryOut(
        _ offer: StandingOffer, for plan: ClosePlan, _ close: LendingClose, by keeper: String,
        _ deliver: (SettledClose, inout ClosingWorld) throws(CloseRefused) -> CloseReceipt
    ) throws(CloseRefused) -> CloseReceipt {
        guard let state = accounts[offer.market]?[offer.account] else {
            throw CloseRefused(.unknownAccount, "no offer \(offer.id) stands")
        }
        let inner = LendingClose(
            repayAsset: close.repayAsset, repayAmountMax: offer.payMax,
            seizeAsset: close.seizeAsset, seizeAmountMin: close.seizeAmountMin,
            funding: close.funding, exit: close.exit)
        let own = ClosePlan(
            clientID: plan.clientID,
            target: Target(
                domain: plan.target.domain, market: offer.market, account: offer.account),
            accountVersion: state.version,
            action: offer.kind == .purchase ? .purchase(inner) : .lending(inner),
            validUntilHeight: plan.validUntilHeight)
        var order = CloseOrder(plan: own, keeper: keeper)
        order.shownAs = offer.id
        order.isPlacedBefore = offerRules?.allocation == .sealedBid
        let (receipt, delta) = try settle(order, state, deliver)
        follow(delta, of: offer.market, taken: offer)
        return receipt
    }
}

extension StandingOffer {
    func requireWithin(
        _ close: LendingClose, payingIn asset: AssetID
    ) throws(CloseRefused) {
        guard close.repayAsset == asset, close.seizeAsset == position.takeAsset else {
            throw CloseRefused(
                .limitViolated, "\(position.takeAsset) is offered here, for \(asset)")
        }
        guard close.repayAmountMax >= position.payAmount else {
            throw CloseRefused(
                .limitViolated, "an offer is taken whole, for \(position.payAmount)")
        }
        guard position.takeAmount >= close.seizeAmountMin else {
            throw CloseRefused(
                .slippage, "gives \(position.takeAmount), minimum \(close.seizeAmountMin)")
        }
    }
}

extension ClosingWorld {
    /// By a record of its own, so that the fund moves by lines and by nothing else.
    fileprivate mutating func contribute(
        _ raise: UInt256, _ offer: StandingOffer, _ receipt: CloseReceipt, by keeper: String,
        under policy: SettlementPolicy?
    ) throws(CloseRefused) -> CloseReceipt {
        let pool = Holder.pool(offer.market)
        try move(raise, of: quote.asset, from: .keeper(keeper), to: pool)
        let record: SettlementRecord
        do {
            record = try settlements.takeContribution(
                raise, under: policy, height: height, account: offer.id, keeper: keeper)
        } catch {
            throw CloseRefused(.limitViolated, "the law refuses the bid: \(error)")
        }
        // What repays creditors stays in their pool.
        try pay(
            record.lines, from: pool,
            to: ["fund": .fund, "lps": .lps, "stakers": .stakers, "treasury": .treasury])
        var ledger = MovementLedger(self)
        ledger.went(raise, quote.asset, .venueFee)
        return CloseReceipt(
            clientID: receipt.clientID, fillID: receipt.fillID, height: receipt.height,
            settledAt: receipt.settledAt, movements: receipt.movements + ledger.movements,
            settlements: receipt.settlements + [record])
    }
}
