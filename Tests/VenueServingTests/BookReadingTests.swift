import KeeperCodec
import KeeperModel
import KeeperTransport
import LiquidationRules
import Testing
import VenueREST
import VenueServing
import VenueSimulator
import VenueWriters
import WideMath

/// What the venue says of its own books beside the streams.
@Suite struct BookReadingTests {
    @Test func `every reply names the version, and its end where that is known`() throws {
        let plain = try VenueRig(heights: 1).get("/v1/time")
        #expect(plain.header("api-version") == "1")
        #expect(plain.header("sunset") == nil)
        let retirement = VenueRetirement(
            deprecatedAt: Instant(milliseconds: 1_000_000_000_000),
            sunsetAt: Instant(milliseconds: 784_111_777_000))
        let rig = try VenueRig(heights: 1, retirement: retirement)
        for path in ["/v1/time", "/v1/nothing"] {
            let reply = try rig.get(path)
            #expect(reply.header("deprecation") == "@1000000000")
            // The example of RFC 9110.
            #expect(reply.header("sunset") == "Sun, 06 Nov 1994 08:49:37 GMT")
        }
    }

    @Test func `an account's path leads to the root that the snapshot names`() throws {
        let rig = try VenueRig()
        let path = "/v1/markets/\(VenueRig.lending)"
        var snapshot = try JSONReader(try rig.get(path + "/accounts").json()).object()
        let published: PublishedRoot = try snapshot.value("proof")
        let states: [AccountState] = try snapshot.value("accounts")
        for state in [states.first, states.last].compactMap({ $0 }) {
            let reply = try rig.get(path + "/proofs/\(state.account)").json()
            var proof = try JSONReader(reply).object()
            let account: AccountState = try proof.value("account")
            let steps: [AccountPathStep] = try proof.value("path")
            let blind = try proof.required("blind").bytes(count: 32)
            let leaf = try #require(AccountNode(account, blind: blind))
            #expect(account == state)
            #expect(steps.root(from: leaf) == published.root)
        }
        #expect(try rig.get(path + "/proofs/nobody").code() == "noSuchAccount")
    }

    @Test func `the fund's history ends where the fund stands`() throws {
        let rig = try VenueRig()
        _ = try rig.put("/v1/closes/k1", try rig.plan("k1").jsonBytes).get()
        let fund = try rig.get("/v1/fund").json()
        let history = try rig.get("/v1/fund/history").json()
        let last = try #require(history["history"]?.elements.last)
        #expect(last["fund"] == fund["fund"])
        #expect(last["badDebt"] == fund["badDebt"])
        let count = rig.server.venue.world.settlements.records.count
        #expect(history["history"]?.elements.count == count)
        let none = try rig.get("/v1/fund/history", [QueryItem("after", "\(count)")]).json()
        #expect(none["history"] == .array([]))
    }

    @Test func `a day's statement adds up what the keeper's closes moved`() throws {
        let rig = try VenueRig()
        let day = String(UTCText.text(rig.server.venue.world.now).prefix(10))
        _ = try rig.put("/v1/closes/k1", try rig.plan("k1").jsonBytes).get()
        _ = try rig.put("/v1/closes/k2", try rig.plan("k2", skipping: 1).jsonBytes).get()
        let path = "/v1/statements/\(day)"
        let reply = try rig.get(path, headers: rig.signer.headers("GET", path, []))
        #expect(try reply.json()["fills"]?.elements.count == 2)
        var document = try JSONReader(reply.json()).object()
        var total = Int256.zero
        for reader in try document.required("lines").array() {
            var line = try reader.object()
            guard try line.string("asset") == "USD" else { continue }
            total = total + (try line.quotedInteger("amount", as: Int256.self))
        }
        let usd = rig.server.venue.balances(of: "me").first { $0.asset.text == "USD" }
        let endowed = rig.server.venue.scenario.keeperEndowment.first { $0.asset.text == "USD" }
        let now = try #require(usd).amount
        let then = endowed?.amount ?? .zero
        #expect(total.magnitude == now - then, "flash-funded and sold: only profit came in")
        #expect(now > then)
        #expect(try rig.get(path).code() == "unsigned")
        let future = "/v1/statements/2100-01-01"
        let refused = try rig.get(future, headers: rig.signer.headers("GET", future, []))
        #expect(try refused.code() == "malformed")
    }

    @Test func `the feed tells of others' closes and not of its own`() throws {
        let rig = try VenueRig()
        var bodies: [EventBody] = []
        let stranger = RESTFeed(
            domain: DomainID("elsewhere"), endpoint: rig.endpoint, reactor: rig.reactor
        ) { bodies.append($0.body) }
        var ownBodies: [EventBody] = []
        let own = RESTFeed(
            domain: VenueRig.domain, endpoint: rig.endpoint, reactor: rig.reactor,
            sign: rig.signer.headers
        ) { ownBodies.append($0.body) }
        stranger.start()
        own.start()
        rig.run { stranger.isReady && own.isReady && rig.server.tally.reads > 20 }
        let plan = try rig.plan("k1")
        _ = try rig.put("/v1/closes/k1", plan.jsonBytes).get()
        rig.run { !bodies.closes.isEmpty && ownBodies.shows(plan.target.account) }
        #expect(bodies.closes.map(\.keeper) == ["me"])
        #expect(bodies.closes.first?.target.domain == DomainID("elsewhere"))
        #expect(bodies.closes.first?.target.account == plan.target.account)
        #expect(ownBodies.closes.isEmpty)
        #expect(stranger.tally.lastTrouble == nil)
        stranger.stop()
        own.stop()
    }
}

extension [EventBody] {
    fileprivate var closes: [ObservedClose] {
        flatMap { body -> [ObservedClose] in
            if case .closesObserved(let closes) = body { closes } else { [] }
        }
    }

    fileprivate func shows(_ account: AccountID) -> Bool {
        contains { body in
            guard case .accountsChanged(_, let changed, let removed) = body else { return false }
            return (changed.map(\.account) + removed).contains(account)
        }
    }
}
