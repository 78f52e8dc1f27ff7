import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST
import VenueServing
import VenueSimulator
import VenueWriters
import WideMath

/// A venue that shows offers instead of accounts, over sockets: what it says, what it hides, and
/// what a keeper makes of it.
@Suite struct OfferFlowTests {
    private static let shipped = #""allocation": "claim", "expiry": 30"#

    private func rig(
        _ rules: String = shipped, heights: Int64 = 240, pace: VenueRig.Pace = .still
    ) throws -> VenueRig {
        try VenueRig(
            heights: heights, pace: pace,
            playing: VenueRig.scenario("offers", Self.shipped, with: rules))
    }

    private func plan(
        _ key: String, of rig: VenueRig, raise: UInt256 = .zero
    ) throws -> ClosePlan {
        let offer = try #require(
            rig.server.venue.offers.min { $0.position.payAmount < $1.position.payAmount })
        return ClosePlan(
            clientID: ClientID(key),
            target: Target(domain: VenueRig.domain, market: offer.market, account: offer.id),
            accountVersion: offer.version,
            action: .purchase(
                LendingClose(
                    repayAsset: AssetID("USD"),
                    repayAmountMax: offer.position.payAmount + raise,
                    seizeAsset: offer.position.takeAsset, seizeAmountMin: .one,
                    funding: .inventory, exit: .hold)),
            validUntilHeight: rig.server.venue.height + 50)
    }

    @Test func `no reply names an account, and the paths of accounts say why they are empty`()
        throws
    {
        let rig = try rig()
        let plan = try plan("k1", of: rig)
        #expect(try rig.put("/v1/closes/k1", plan.jsonBytes).get().status == 200)
        let venue = rig.server.venue
        let names = venue.scenario.markets.flatMap { venue.snapshot(of: $0) ?? [] }
            .map(\.account.text)
        let path = "/v1/markets/lend-main/"
        for hidden in [path + "accounts", path + "proofs/" + names[0]] {
            let reply = try rig.get(hidden)
            #expect(reply.status == 404)
            #expect(try reply.code() == "notDisclosed")
        }
        let poll = [QueryItem("after", "0")]
        let replies = try [
            rig.get("/v1/capabilities"), rig.get("/v1/markets"), rig.get("/v1/offers"),
            rig.get("/v1/offers", poll), rig.get("/v1/closes", poll), rig.get("/v1/settlements"),
            rig.get("/v1/fund/history"), rig.get("/v1/figures"),
            rig.put("/v1/closes/k1", plan.jsonBytes).get(),
        ]
        for reply in replies {
            #expect(reply.status == 200)
            let text = String(decoding: reply.body, as: UTF8.self)
            #expect(!names.contains { text.contains("\"\($0)\"") || text.contains(":\($0)") })
        }
        let said = try rig.get("/v1/capabilities").json()
        #expect(said["disclosure"]?["mode"]?.text == "offers")
        #expect(said["disclosure"]?["allocation"]?.text == "claim")
    }

    @Test func `a venue that shows accounts makes no offers`() throws {
        let rig = try VenueRig(heights: 1)
        #expect(try rig.get("/v1/offers").status == 404)
        let headers = rig.signer.headers("GET", "/v1/capacity", [])
        #expect(try rig.get("/v1/capacity", headers: headers).status == 404)
        #expect(try rig.get("/v1/capabilities").json()["disclosure"]?["mode"]?.text == "full")
    }

    @Test(arguments: ["{}", #"{"drop":3}"#, #"{"duplicate":3}"#, #"{"lie":2}"#])
    func `a feed ends at what is offered, whatever happens on the way`(_ fault: String) throws {
        let rig = try rig(heights: 200, pace: .times(20))
        let follower = Follower(rig)
        try rig.setFaults(#"{"streams":\#(fault)}"#)
        follower.feed.start()
        rig.run { rig.server.venue.height >= 230 && follower.feed.isReady }
        let plan = try plan("k1", of: rig)
        _ = try rig.put("/v1/closes/k1", plan.jsonBytes).get()
        var isEqual = false
        rig.run {
            isEqual = isEqual || follower.allAccounts == rig.server.venue.offers.map(\.state)
            return isEqual
        }
        #expect(isEqual && follower.feed.isReady, "\(follower.feed.tally)")
        #expect(follower.wasToldOfAChange)
        let expected: FeedTrouble? =
            fault.contains("lie")
            ? .stateHash
            : fault.contains("drop") ? .transport : fault.contains("dup") ? .gap : nil
        for trouble in FeedTrouble.allCases where trouble != expected {
            #expect(follower.feed.tally.count(of: trouble) == 0, "\(follower.feed.tally)")
        }
        if let expected { #expect(follower.feed.tally.count(of: expected) > 0) }
    }

    @Test func `a lost reply to a claim is resolved by asking`() throws {
        let rig = try rig()
        try rig.setFaults(#"{"dropReplies":1}"#)
        let keeper = RigKeeper(rig)
        let plan = try plan("k1", of: rig)
        guard case .unknown = try keeper.submit(plan) else {
            Issue.record("a lost reply is unknown: \(keeper.answers)")
            return
        }
        guard case .settled = keeper.lookUp(plan) else {
            Issue.record("the venue knows: \(keeper.answers)")
            return
        }
        #expect(rig.server.venue.closes.settledCount == 1)
        #expect(keeper.void(plan) == keeper.answers[1])
    }

    @Test func `a sealed bid waits, and is asked about until it is opened`() throws {
        let rig = try rig(
            #""allocation": "sealedBid", "expiry": 30, "window": 5"#, pace: .times(4))
        let keeper = RigKeeper(rig)
        let plan = try plan("k1", of: rig, raise: 500_000_000)
        #expect(try keeper.submit(plan) == .accepted)
        #expect(keeper.lookUp(plan) == .accepted)
        let other = try rig.put("/v1/closes/k1", plan.jsonBytes + [0x20]).get()
        #expect(other.status == 422)
        rig.run { rig.server.venue.closes.settledCount > 0 }
        guard case .settled(let receipt) = keeper.lookUp(plan) else {
            Issue.record("alone it is the highest: \(keeper.answers)")
            return
        }
        #expect(receipt.movements.contains { $0.cause == .venueFee })
    }

    @Test func `a sealed bid that was voided can never win`() throws {
        let rig = try rig(#""allocation": "sealedBid", "expiry": 30, "window": 5"#)
        let keeper = RigKeeper(rig)
        let plan = try plan("k1", of: rig)
        #expect(try keeper.submit(plan) == .accepted)
        #expect(keeper.void(plan) == .voided)
        #expect(try keeper.submit(plan) == .voided)
    }

    @Test func `capacity is committed, read back, and needs the scope of closes`() throws {
        let second = try VenueRig.freshKey()
        let scenario = try VenueRig.scenario(
            "offers", Self.shipped, with: #""allocation": "proRata", "expiry": 30"#)
        let rig = try VenueRig(
            heights: 150, pace: .times(20), secondKey: second, secondScopes: [.read],
            playing: scenario)
        let body = Array(
            #"{"asset":"USD","amount":"300000000000","optOut":["blue-eth"]}"#.utf8)
        let readOnly = try #require(rig.secondSigner).headers("PUT", "/v1/capacity", body)
        #expect(try rig.put("/v1/capacity", body, headers: readOnly).get().status == 403)
        let reply = try rig.put("/v1/capacity", body).get()
        #expect(reply.status == 200)
        #expect(try reply.json()["amount"]?.text == "300000000000")
        #expect(try reply.json()["optOut"]?.elements.compactMap(\.text) == ["blue-eth"])
        rig.run { rig.server.venue.height > 215 }
        let headers = rig.signer.headers("GET", "/v1/capacity", [])
        let now = try rig.get("/v1/capacity", headers: headers).json()
        #expect(now["used"]?.text != "0")
        let key = try #require(now["allotments"]?.elements.first?.text)
        let path = "/v1/closes/" + key
        let close = try rig.get(path, headers: rig.signer.headers("GET", path, []))
        #expect(try close.json()["answer"]?["kind"]?.text == "settled")
    }

    @Test(arguments: [
        #"{"asset":"ETH","amount":"1"}"#, #"{"asset":"USD","amount":1}"#, #"{"asset":"USD"}"#,
        #"{"asset":"USD","amount":"1","optOut":["nowhere"]}"#, "{",
    ])
    func `capacity that says nothing clear is refused`(_ body: String) throws {
        let rig = try rig(#""allocation": "proRata", "expiry": 30"#, heights: 1)
        let reply = try rig.put("/v1/capacity", Array(body.utf8)).get()
        #expect(reply.status == 400)
        #expect(rig.server.venue.capacity(of: "me")?.amount == .zero)
    }
}
