import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

/// The first valid claim takes an offer, whole, as it was offered.
@Suite struct OfferClaimTests {
    private func venue() throws -> (ReferenceVenue, StandingOffer) {
        var venue = try OfferRig.venue(OfferRig.claims)
        venue.admit(keeper: "me")
        return (venue, try #require(venue.cheapest))
    }

    @Test func `a claim settles as it was offered, once`() throws {
        var (venue, offer) = try venue()
        let plan = OfferRig.plan(offer, key: "k1")
        let before = OfferRig.totals(venue)
        guard
            case .answered(.settled(let receipt), isReplayed: false) = venue.close(
                plan, bodyHash: "h", keeper: "me")
        else {
            Issue.record("a claim is settled")
            return
        }
        #expect(receipt.moved(.repaid) == offer.position.payAmount)
        #expect(receipt.moved(.seized) == offer.position.takeAmount)
        #expect(OfferRig.totals(venue) == before)
        #expect(!venue.stands(offer))
        #expect(
            venue.close(plan, bodyHash: "h", keeper: "me")
                == .answered(.settled(receipt), isReplayed: true))
        #expect(venue.close(plan, bodyHash: "other", keeper: "me") == .keyReused)
        let second = OfferRig.plan(offer, key: "k2")
        guard
            case .answered(.refused(let refusal), _) = venue.close(
                second, bodyHash: "h", keeper: "rival")
        else {
            Issue.record("an offer is taken once")
            return
        }
        #expect(refusal.refusalClass == .unknownAccount)
        #expect(venue.closes.settledCount == 1)
    }

    @Test func `every offer of every protocol can be taken, and no unit is made`() throws {
        var venue = try OfferRig.venue(OfferRig.claims)
        venue.admit(
            keeper: "rich", endowedWith: [AssetAmount(asset: OfferRig.usd, amount: 1 << 90)])
        venue.keepsEvidence = true
        let before = OfferRig.totals(venue)
        var protocols: Set<String> = []
        for offer in venue.offers {
            // A close may change what its neighbours in the market are asked.
            guard let now = venue.offers.first(where: { $0.id == offer.id }) else { continue }
            let plan = OfferRig.plan(now, key: "k-\(now.id)")
            guard
                case .answered(.settled(let receipt), _) = venue.close(
                    plan, bodyHash: "h", keeper: "rich")
            else {
                Issue.record("\(now.market) refuses its own offer")
                continue
            }
            #expect(receipt.moved(.repaid) == now.position.payAmount)
            #expect(receipt.moved(.seized) == now.position.takeAmount)
            for record in receipt.settlements {
                #expect(record.account == now.id.text)
                #expect(record.lines.reduce(Int256.zero) { $0 + $1.amountUnits } == .zero)
            }
            #expect(OfferRig.totals(venue) == before)
            // What is left of its account has another name.
            #expect(!venue.stands(now))
            // Worked out a second time, by somebody who shares no rule with the venue.
            let evidence = venue.takeEvidence()
            #expect(evidence.count == 1)
            for settled in evidence { #expect(settled.complaint == nil) }
            protocols.insert(now.market.text)
        }
        #expect(protocols.count == 4)
    }

    @Test func `what everybody hears names offers and no account`() throws {
        var (venue, offer) = try venue()
        let names = venue.scenario.markets.flatMap { venue.snapshot(of: $0) ?? [] }.map(\.account)
        _ = venue.close(OfferRig.plan(offer, key: "k1"), bodyHash: "h", keeper: "me")
        let close = try #require(venue.channels.closes.newest?.payload)
        #expect(close.target.account == offer.id)
        #expect(close.keeper == "me")
        #expect(close.paid?.amount == offer.position.payAmount)
        #expect(close.taken?.amount == offer.position.takeAmount)
        let records = venue.world.settlements.records.map(\.record)
        #expect(!records.isEmpty)
        for record in records {
            #expect(!names.contains { $0.text == record.account })
            #expect(!record.lines.contains { $0.beneficiary.hasPrefix("harmed:") })
        }
    }

    @Test func `an account cannot be closed by its own name`() throws {
        var (venue, offer) = try venue()
        let (market, account) = try #require(
            venue.closable().first { $0.market == offer.market })
        let plan = OfferRig.plan(offer, key: "k1")
        let named = ClosePlan(
            clientID: plan.clientID,
            target: Target(domain: DomainID("venue"), market: market, account: account),
            accountVersion: 1, action: plan.action, validUntilHeight: plan.validUntilHeight)
        guard
            case .answered(.refused(let refusal), _) = venue.close(
                named, bodyHash: "h", keeper: "me")
        else {
            Issue.record("names of accounts are good for nothing")
            return
        }
        #expect(refusal.refusalClass == .unknownAccount)
    }

    @Test(arguments: ["less", "more", "other-asset", "lending", "expired", "future"])
    func `a claim that does not fit is refused and moves nothing`(_ fault: String) throws {
        var (venue, offer) = try venue()
        let before = venue.balances(of: "me")
        let (plan, expected) = Self.plan(offer, with: fault)
        guard
            case .answered(.refused(let refusal), _) = venue.close(
                plan, bodyHash: "h", keeper: "me")
        else {
            Issue.record("\(fault) is refused")
            return
        }
        #expect(refusal.refusalClass == expected)
        #expect(venue.balances(of: "me") == before)
        #expect(venue.stands(offer))
    }

    private static func plan(
        _ offer: StandingOffer, with fault: String
    ) -> (ClosePlan, RefusalClass) {
        let position = offer.position
        var (pay, take, asset) = (position.payAmount, position.takeAmount, OfferRig.usd)
        var (version, height, expected) = (offer.version, UInt64(350), RefusalClass.limitViolated)
        switch fault {
        case "less": pay = pay - .one
        case "more": (take, expected) = (take + .one, .slippage)
        case "other-asset": asset = AssetID("WBTC")
        case "expired": (height, expected) = (299, .expired)
        case "future": (version, expected) = (version + 1, .staleVersion)
        default: expected = .malformed
        }
        let close = LendingClose(
            repayAsset: asset, repayAmountMax: pay, seizeAsset: position.takeAsset,
            seizeAmountMin: take, funding: .inventory, exit: .hold)
        let plan = ClosePlan(
            clientID: ClientID("k1"),
            target: Target(
                domain: DomainID("venue"), market: offer.market, account: offer.id),
            accountVersion: version,
            action: fault == "lending" ? .lending(close) : .purchase(close),
            validUntilHeight: height)
        return (plan, expected)
    }

    @Test func `a claim of an older version is good within its limits`() throws {
        var (venue, _) = try venue()
        let offer = try #require(venue.offers.last)
        venue.admit(
            keeper: "rich", endowedWith: [AssetAmount(asset: OfferRig.usd, amount: 1 << 90)])
        while venue.offers.first(where: { $0.id == offer.id })?.version == offer.version {
            venue.pass()
        }
        let now = try #require(venue.offers.first { $0.id == offer.id })
        let plan = OfferRig.plan(now, key: "k1")
        let older = ClosePlan(
            clientID: plan.clientID, target: plan.target, accountVersion: offer.version,
            action: plan.action, validUntilHeight: plan.validUntilHeight)
        guard case .answered(.settled, _) = venue.close(older, bodyHash: "h", keeper: "rich") else {
            Issue.record("limits decide, and not what was seen before")
            return
        }
    }

    @Test func `a claim on a halted market waits for nothing`() throws {
        var (venue, offer) = try venue()
        venue.pause(offer.market, reason: "test")
        guard
            case .answered(.refused(let refusal), _) = venue.close(
                OfferRig.plan(offer, key: "k1"), bodyHash: "h", keeper: "me")
        else {
            Issue.record("a halted market takes no claim")
            return
        }
        #expect(refusal.refusalClass == .marketClosed)
        #expect(venue.stands(offer))
    }

    @Test func `the crowd takes offers too`() throws {
        var venue = try OfferRig.venue(OfferRig.claims)
        let count = venue.offers.count
        venue.letCrowdClose(atMost: 3)
        #expect(venue.closes.settledCount == 3)
        #expect(venue.channels.closes.newest?.payload.keeper == "crowd")
        #expect(venue.offers.count <= count)
    }
}
