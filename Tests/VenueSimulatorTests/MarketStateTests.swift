import Foundation
import KeeperModel
import Testing
import VenueSimulator
import WideMath

/// What each state lets happen at the venue, and when what was told ahead comes.
@Suite struct MarketStateTests {
    private static let market = TestVenue.lending

    @Test(arguments: [
        (MarketState.open, nil), (.reduceOnly, nil), (.halted, Optional(RefusalClass.marketClosed)),
        (.settling, .marketClosed),
    ])
    func `closes are taken where only reducing is allowed, and not in a halt or a settlement`(
        state: MarketState, expected: RefusalClass?
    ) throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        let plan = try #require(TestVenue.lendingPlan(venue, key: "k1"))
        venue.announce(state, of: Self.market, fromHeight: venue.height, reason: "drill")
        #expect(TestVenue.refusal(&venue, plan) == expected)
    }

    private static func entries(_ venue: ReferenceVenue) -> [(UInt64, MarketSwitch)] {
        guard
            case .entries(let entries) = venue.channels.switches.reading(
                after: 0, countMax: .max)
        else { return [] }
        return entries.compactMap { entry in
            entry.payload.first { $0.market == market }.map { (entry.height, $0) }
        }
    }

    @Test func `a scheduled change is told at its height and comes at its height`() throws {
        let said =
            #""switches": [{"market": "lend-main", "state": "reduce-only", "#
            + #""atHeight": 9, "announcedAtHeight": 4, "reason": "upgrade"}],"#
        var venue = ReferenceVenue(
            scenario: try Self.scenario(said), openedAt: Instant(milliseconds: 1_000_000))
        venue.advance(to: venue.openedAt + .seconds(20))
        let told = Self.entries(venue)
        #expect(told.map(\.0) == [0, 4, 9])
        #expect(told.map(\.1.state) == [.open, .open, .reduceOnly])
        #expect(
            told[1].1.next
                == AnnouncedState(state: .reduceOnly, effectiveHeight: 9, reason: "upgrade"))
        #expect(told[2].1.sinceHeight == 9)
        #expect(told[2].1.next == nil)
        #expect(told[2].1.reason == "upgrade")
    }

    @Test(arguments: [
        #"{"market": "nowhere", "state": "halted", "atHeight": 9}"#,
        #"{"market": "lend-main", "state": "closed", "atHeight": 9}"#,
        #"{"market": "lend-main", "state": "halted", "atHeight": 9, "announcedAtHeight": 10}"#,
    ])
    func `a schedule that cannot be kept is refused where it stands`(_ element: String) {
        #expect(throws: ScenarioFileError.self) {
            try Self.scenario(#""switches": [\#(element)],"#)
        }
    }

    @Test func `a scenario without a schedule says once that all is open`() throws {
        let venue = try TestVenue.run(seed: 5, heights: 50)
        #expect(venue.channels.switches.sequence == 1)
        #expect(venue.channels.switches.newest?.payload.map(\.state) == [.open, .open])
    }

    private static func scenario(_ switches: String) throws -> Scenario {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "scenarios/crash.json"), encoding: .utf8)
        return try ScenarioFile.read(
            Array(text.replacing("\"seed\": 7,", with: "\"seed\": 7, " + switches).utf8))
    }

    // MARK: Bids that wait

    /// One bid of the only bidder, and the market in another state before it is opened.
    private static func outcome(
        _ state: MarketState
    ) throws -> (before: StoredAnswer?, after: StoredAnswer?, late: RefusalClass?) {
        var venue = try OfferRig.venue(OfferRig.bids)
        venue.admit(
            keeper: "a", endowedWith: [AssetAmount(asset: OfferRig.usd, amount: 1 << 60)])
        var later = venue
        for _ in 0..<4 { later.pass() }
        let offer = try #require(
            venue.offers.first {
                later.stands($0) && $0.position.closesAtHeight ?? 0 > venue.height
            })
        _ = venue.close(
            OfferRig.loosePlan(offer, key: "k1"), bodyHash: "h", keeper: "a")
        let before = venue.lookUp(ClientID("k1"), keeper: "a")?.answer
        venue.announce(state, of: offer.market, fromHeight: venue.height, reason: "drill")
        let late = TestVenue.refusal(&venue, OfferRig.loosePlan(offer, key: "k2"))
        let opens = try #require(offer.position.closesAtHeight)
        while venue.height < opens { venue.pass() }
        return (before, venue.lookUp(ClientID("k1"), keeper: "a")?.answer, late)
    }

    @Test func `where a market settles, a bid from before is opened and no other is taken`()
        throws
    {
        let (before, after, late) = try Self.outcome(.settling)
        #expect(before == .pending)
        #expect(late == .marketClosed)
        guard case .settled = after else {
            Issue.record("placed before, it is settled: \(String(describing: after))")
            return
        }
    }

    @Test func `where a market is halted, a bid from before is refused when it is opened`() throws {
        let (before, after, late) = try Self.outcome(.halted)
        #expect(before == .pending)
        #expect(late == .marketClosed)
        guard case .refused(let refusal) = after else {
            Issue.record("nothing is settled in a halt: \(String(describing: after))")
            return
        }
        #expect(refusal.refusalClass == .marketClosed)
    }
}

extension OfferRig {
    /// The least that it takes leaves room for prices until the window's end.
    fileprivate static func loosePlan(_ offer: StandingOffer, key: String) -> ClosePlan {
        let plan = plan(offer, key: key, raise: 900_000_000)
        guard case .purchase(let close) = plan.action else { return plan }
        return ClosePlan(
            clientID: plan.clientID, target: plan.target, accountVersion: plan.accountVersion,
            action: .purchase(
                LendingClose(
                    repayAsset: close.repayAsset, repayAmountMax: close.repayAmountMax,
                    seizeAsset: close.seizeAsset, seizeAmountMin: .one, funding: .inventory,
                    exit: .hold)),
            validUntilHeight: plan.validUntilHeight)
    }
}
