package import KeeperModel
import LiquidationRules
import WideMath

/// Offers shared out among those who committed capacity, at the height at which they are made.
///
/// The account is closed once, by all of them together: each pays its part into one purse, which
/// closes and hands out what it took. A part is `⌊paid · left / all that is left⌋`; the units over
/// go one each to the largest remainders, among equals to the earlier name. What was taken is
/// split by what was paid, in the same way. So parts sum to the whole, and nobody pays more than
/// is left of its capacity. What nobody has capacity for stays with the venue.
extension ReferenceVenue {
    /// Nil where the venue does not share out by capacity.
    package func capacity(of keeper: String) -> Capacity? {
        guard offerRules?.allocation == .proRata else { return nil }
        return board?.capacity[keeper] ?? Capacity(amount: .zero, optOut: [])
    }

    package mutating func commit(_ capacity: Capacity, of keeper: String) {
        precondition(offerRules?.allocation == .proRata, "Capacity is for sharing out")
        board?.capacity.commit(capacity, of: keeper)
    }

    package func allotments(of keeper: String) -> [ClientID] {
        board?.capacity.allotments(of: keeper) ?? []
    }

    mutating func shareOut() {
        for offer in offers { shareOut(offer) }
    }

    private mutating func shareOut(_ offer: StandingOffer) {
        let takers = ready(for: offer.market)
        let all = takers.reduce(UInt256.zero) { $0.saturatingAdd($1.left) }
        guard let part = part(of: offer, payingAtMost: all) else { return }
        let close = LendingClose(
            repayAsset: scenario.quote.asset, repayAmountMax: part.position.payAmount,
            seizeAsset: part.position.takeAsset, seizeAmountMin: .one, funding: .inventory,
            exit: .hold)
        let plan = ClosePlan(
            clientID: ClientID("allotment"),
            target: Target(
                domain: DomainID("venue"), market: offer.market, account: offer.id),
            accountVersion: offer.version, action: .purchase(close), validUntilHeight: height)
        let allotment = Allotment(
            offer: offer.id, market: offer.market, takers: named(takers),
            paid: AssetAmount(asset: scenario.quote.asset, amount: part.position.payAmount))
        let before = world
        do throws(CloseRefused) {
            for share in try settle(allotment, part, plan, close) { note(share, of: offer) }
        } catch {
            // What the law refuses stays with the venue, and so does what was collected for it.
            world = before
        }
    }

    /// All of the offer where there is capacity for it, or the largest part that the rules allow.
    private func part(of offer: StandingOffer, payingAtMost all: UInt256) -> StandingOffer? {
        guard !all.isZero else { return nil }
        guard all < offer.position.payAmount else { return offer }
        guard let host = markets[offer.market],
            let state = accounts[offer.market]?[offer.account],
            let close = LargestClose(
                of: host.offers(on: state.position), payingIn: scenario.quote.asset,
                for: offer.position.takeAsset, atMost: all)
        else { return nil }
        var part = offer
        part.payMax = close.payMax
        part.position = OfferPosition(
            payAmount: close.paid, takeAsset: close.takeAsset, takeAmount: close.taken,
            closesAtHeight: nil, expiresAtHeight: offer.position.expiresAtHeight)
        return part
    }

    /// By name, each as far as its purse reaches.
    private func ready(for market: MarketID) -> [(keeper: String, left: UInt256)] {
        (board?.capacity.ready(for: market) ?? []).compactMap { keeper, left in
            let held = world.custody.balance(of: .keeper(keeper), scenario.quote.asset)
            let able = min(left, held)
            return able.isZero ? nil : (keeper, able)
        }
    }

    /// With keys that nobody has used.
    private mutating func named(
        _ takers: [(keeper: String, left: UInt256)]
    ) -> [Allotment.Taker] {
        takers.map { taker in
            var clientID: ClientID
            repeat {
                let number = (board?.capacity.allotmentCount ?? 0) + 1
                board?.capacity.allotmentCount = number
                clientID = ClientID("allotment-\(number)")
            } while !closes.isFree(clientID)
            return Allotment.Taker(keeper: taker.keeper, left: taker.left, clientID: clientID)
        }
    }

    private mutating func settle(
        _ allotment: Allotment, _ offer: StandingOffer, _ plan: ClosePlan, _ close: LendingClose
    ) throws(CloseRefused) -> [AllottedShare] {
        var shares: [AllottedShare] = []
        try allotment.fill(&world)
        _ = try carryOut(offer, for: plan, close, by: Allotment.keeper) {
            (settled, world) throws(CloseRefused) in
            shares = try allotment.handOut(settled.receipt, &world)
            return settled.receipt
        }
        return shares
    }

    /// Each share is a close under a key of the venue's own, which its keeper can look up.
    private mutating func note(_ share: AllottedShare, of offer: StandingOffer) {
        let clientID = share.receipt.clientID
        closes.store(
            StoredClose(
                keeper: share.keeper, bodyHash: nil, answer: .settled(share.receipt),
                storedAt: world.now),
            at: clientID)
        board?.capacity.use(share.paid, of: share.keeper, under: clientID)
        publish(share.receipt, of: offer, by: share.keeper)
    }
}
