import KeeperModel
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

/// Bids are unseen until the window's end; the highest takes the offer and pays what it bid.
@Suite struct SealedBidTests {
    private func opened(_ names: [String] = ["a", "b", "c"]) throws -> ReferenceVenue {
        var venue = try OfferRig.venue(OfferRig.bids)
        for name in names {
            venue.admit(
                keeper: name, endowedWith: [AssetAmount(asset: OfferRig.usd, amount: 1 << 60)])
        }
        return venue
    }

    /// The one that will be opened last and is still there then.
    private func steady(_ venue: ReferenceVenue) throws -> StandingOffer {
        var later = venue
        for _ in 0..<4 { later.pass() }
        return try #require(
            venue.offers.first { offer in
                later.stands(offer) && offer.position.closesAtHeight == venue.height + 1
            } ?? venue.offers.first { later.stands($0) })
    }

    private func bid(
        _ offer: StandingOffer, _ raise: UInt256, by keeper: String, in venue: inout ReferenceVenue
    ) -> ReferenceVenue.CloseReply {
        // The least that is taken leaves room for prices until the window's end.
        let plan = OfferRig.plan(offer, key: "bid-" + keeper, raise: raise)
        guard case .purchase(let close) = plan.action else { return .keyReused }
        let loose = LendingClose(
            repayAsset: close.repayAsset, repayAmountMax: close.repayAmountMax,
            seizeAsset: close.seizeAsset, seizeAmountMin: .one, funding: .inventory, exit: .hold)
        return venue.close(
            ClosePlan(
                clientID: plan.clientID, target: plan.target, accountVersion: plan.accountVersion,
                action: .purchase(loose), validUntilHeight: plan.validUntilHeight),
            bodyHash: "h", keeper: keeper)
    }

    private func open(_ offer: StandingOffer, in venue: inout ReferenceVenue) throws {
        let closes = try #require(offer.position.closesAtHeight)
        while venue.height < closes { venue.pass() }
    }

    @Test func `the highest bid wins, pays what it bid, and the others learn that they lost`()
        throws
    {
        var venue = try opened()
        let offer = try steady(venue)
        let raises: [(String, UInt256)] = [
            ("a", 500_000_000), ("b", 900_000_000), ("c", 700_000_000),
        ]
        for (keeper, raise) in raises {
            #expect(
                bid(offer, raise, by: keeper, in: &venue)
                    == .answered(.pending, isReplayed: false))
        }
        let (before, fund) = (OfferRig.totals(venue), venue.world.settlements.state.fund)
        let balance = venue.balances(of: "b").first { $0.asset == OfferRig.usd }?.amount
        try open(offer, in: &venue)
        guard case .settled(let receipt) = venue.lookUp(ClientID("bid-b"), keeper: "b")?.answer
        else {
            Issue.record("the highest bid has it: \(venue.closes.all)")
            return
        }
        let bid = offer.position.payAmount + 900_000_000
        #expect(receipt.moved(.repaid) + receipt.moved(.venueFee) == bid)
        let left = venue.balances(of: "b").first { $0.asset == OfferRig.usd }?.amount
        #expect(balance.map { $0 - bid } == left)
        // The fund moves by lines, and what was bid above the price of that height is among them.
        let lines = receipt.settlements.flatMap(\.lines)
        #expect(
            venue.world.settlements.state.fund - fund
                == lines.reduce(Int256.zero) {
                    $1.beneficiary == "fund" ? $0 + $1.amountUnits : $0
                })
        #expect(
            lines.filter { $0.beneficiary == "payer" }.map(\.amountUnits.magnitude)
                == [receipt.moved(.venueFee)])
        let last = try #require(receipt.settlements.last)
        #expect(last.lines.reduce(Int256.zero) { $0 + $1.amountUnits } == .zero)
        #expect(OfferRig.totals(venue) == before)
        for keeper in ["a", "c"] {
            guard
                case .refused(let refusal) =
                    venue.lookUp(ClientID("bid-" + keeper), keeper: keeper)?.answer
            else {
                Issue.record("\(keeper) lost and is told so")
                continue
            }
            #expect(refusal.refusalClass == .staleVersion)
            #expect(!refusal.detail.contains("b ") && !refusal.detail.contains("\(bid)"))
        }
        #expect(venue.closes.settledCount == 1)
        #expect(!venue.stands(offer))
    }

    @Test func `among equal bids the earlier height wins, and within one the name`() throws {
        var venue = try opened()
        let offer = try #require(
            venue.offers.first { $0.position.closesAtHeight.map { $0 > venue.height + 1 } ?? false }
        )
        #expect(
            bid(offer, 600_000_000, by: "c", in: &venue) == .answered(.pending, isReplayed: false))
        venue.pass()
        let raised = try #require(venue.offers.first { $0.id == offer.id })
        // Equal in all that is paid.
        let same = (offer.position.payAmount + 600_000_000) - raised.position.payAmount
        #expect(bid(raised, same, by: "b", in: &venue) == .answered(.pending, isReplayed: false))
        #expect(bid(raised, same, by: "a", in: &venue) == .answered(.pending, isReplayed: false))
        var withdrawn = venue
        try open(raised, in: &venue)
        guard case .settled = venue.lookUp(ClientID("bid-c"), keeper: "c")?.answer else {
            Issue.record("the earlier one has it: \(venue.closes.all)")
            return
        }
        #expect(withdrawn.void(ClientID("bid-c"), keeper: "c") == .tombstone)
        try open(raised, in: &withdrawn)
        guard case .settled = withdrawn.lookUp(ClientID("bid-a"), keeper: "a")?.answer else {
            Issue.record("the first by name has it: \(withdrawn.closes.all)")
            return
        }
    }

    @Test func `a bid waits, is replayed, and can be taken back`() throws {
        var venue = try opened()
        let offer = try steady(venue)
        #expect(bid(offer, 1, by: "a", in: &venue) == .answered(.pending, isReplayed: false))
        #expect(bid(offer, 1, by: "a", in: &venue) == .answered(.pending, isReplayed: true))
        #expect(venue.lookUp(ClientID("bid-a"), keeper: "a")?.answer == .pending)
        #expect(venue.lookUp(ClientID("bid-a"), keeper: "b") == nil)
        #expect(venue.void(ClientID("bid-a"), keeper: "b") == nil)
        #expect(
            venue.close(OfferRig.plan(offer, key: "bid-a"), bodyHash: "other", keeper: "a")
                == .keyReused)
        #expect(venue.void(ClientID("bid-a"), keeper: "a") == .tombstone)
        try open(offer, in: &venue)
        #expect(venue.lookUp(ClientID("bid-a"), keeper: "a")?.answer == .tombstone)
        #expect(venue.closes.settledCount == 0)
    }

    @Test func `no stream says who bids or how much`() throws {
        var venue = try opened()
        let offer = try steady(venue)
        let (offers, closes) = (venue.channels.offers.sequence, venue.channels.closes.sequence)
        #expect(bid(offer, 77_777, by: "a", in: &venue) == .answered(.pending, isReplayed: false))
        #expect(venue.channels.offers.sequence == offers)
        #expect(venue.channels.closes.sequence == closes)
    }

    @Test func `a bid below what is asked, or one that cannot pay, leaves it to the next`() throws {
        var venue = try opened()
        venue.admit(keeper: "poor", endowedWith: [])
        let offer = try steady(venue)
        #expect(
            bid(offer, 999_000_000, by: "poor", in: &venue)
                == .answered(.pending, isReplayed: false))
        #expect(
            bid(offer, 500_000_000, by: "a", in: &venue) == .answered(.pending, isReplayed: false))
        try open(offer, in: &venue)
        guard
            case .refused(let refusal) = venue.lookUp(ClientID("bid-poor"), keeper: "poor")?.answer,
            case .settled = venue.lookUp(ClientID("bid-a"), keeper: "a")?.answer
        else {
            Issue.record("who cannot pay is passed over: \(venue.closes.all)")
            return
        }
        #expect(refusal.refusalClass == .insufficientFunds)
    }

    @Test func `a window without bids is followed by another`() throws {
        var venue = try opened()
        let offer = try steady(venue)
        try open(offer, in: &venue)
        let again = try #require(venue.offers.first { $0.id == offer.id })
        #expect(again.position.closesAtHeight ?? 0 > venue.height)
    }

    @Test func `a bid that ends before its window is refused at once`() throws {
        var venue = try opened()
        let offer = try #require(
            venue.offers.first { $0.position.closesAtHeight.map { $0 > venue.height + 1 } ?? false }
        )
        let plan = OfferRig.plan(offer, key: "k1", validFor: 0)
        guard
            case .answered(.refused(let refusal), _) = venue.close(
                plan, bodyHash: "h", keeper: "a")
        else {
            Issue.record("it could never win")
            return
        }
        #expect(refusal.refusalClass == .expired)
    }
}
