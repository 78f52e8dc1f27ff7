import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST
import VenueServing
import VenueSimulator
import VenueWriters

/// Keeper's side and venue's side together: what the writer says happened is what the venue's book
/// shows.
@Suite struct CloseFlowTests {
    @Test func `a close settles, and the feed shows it`() throws {
        let rig = try VenueRig()
        var bodies: [EventBody] = []
        let feed = RESTFeed(
            domain: VenueRig.domain, endpoint: rig.endpoint, reactor: rig.reactor,
            sign: rig.signer.headers
        ) { bodies.append($0.body) }
        feed.start()
        rig.run { feed.isReady }
        #expect(feed.isReady)
        let keeper = RigKeeper(rig)
        let plan = try rig.plan("k1")
        guard case .settled(let receipt) = try keeper.submit(plan) else {
            Issue.record("not settled: \(keeper.answers)")
            return
        }
        #expect(receipt.clientID == plan.clientID)
        feed.refreshBalances()
        let own = rig.server.venue.balances(of: "me")
        rig.run { bodies.contains(.balancesReported(own)) && bodies.showsChange(of: plan.target) }
        #expect(bodies.showsChange(of: plan.target))
        #expect(bodies.contains(.balancesReported(own)))
        #expect(feed.tally.lastTrouble == nil)
        feed.stop()
    }

    @Test func `the same body is replayed and another is refused`() throws {
        let rig = try VenueRig()
        let plan = try rig.plan("k1")
        let first = try rig.put("/v1/closes/k1", plan.jsonBytes).get()
        let second = try rig.put("/v1/closes/k1", plan.jsonBytes).get()
        #expect(first.header("replayed") == nil)
        #expect(second.header("replayed") == "true")
        #expect(try second.json()["answer"] == first.json()["answer"])
        let other = try rig.put("/v1/closes/k1", plan.jsonBytes + [0x20]).get()
        #expect(other.status == 422)
        #expect(try other.code() == "keyReused")
        #expect(rig.server.venue.closes.settledCount == 1)
    }

    @Test func `path and body must name one key`() throws {
        let rig = try VenueRig()
        let reply = try rig.put("/v1/closes/k2", try rig.plan("k1").jsonBytes).get()
        #expect(reply.status == 400)
    }

    @Test func `a void makes a late close impossible`() throws {
        let rig = try VenueRig()
        let keeper = RigKeeper(rig)
        let plan = try rig.plan("k1")
        #expect(keeper.lookUp(plan) == .notFound)
        #expect(keeper.void(plan) == .voided)
        #expect(try keeper.submit(plan) == .voided)
        #expect(keeper.lookUp(plan) == .voided)
        #expect(rig.server.venue.closes.settledCount == 0)
    }

    @Test func `a lost reply is resolved by asking`() throws {
        let rig = try VenueRig()
        try rig.setFaults(#"{"dropReplies":1}"#)
        let keeper = RigKeeper(rig)
        let plan = try rig.plan("k1")
        guard case .unknown = try keeper.submit(plan) else {
            Issue.record("a lost reply is unknown: \(keeper.answers)")
            return
        }
        guard case .settled = keeper.lookUp(plan) else {
            Issue.record("the venue knows: \(keeper.answers)")
            return
        }
        #expect(rig.server.venue.closes.settledCount == 1)
    }

    @Test func `a late reply is unknown, and the same bytes get the first answer`() throws {
        let rig = try VenueRig()
        try rig.setFaults(#"{"delayRepliesMilliseconds":400}"#)
        let keeper = RigKeeper(rig, timeoutMilliseconds: 100)
        let plan = try rig.plan("k1")
        guard case .unknown(let evidence) = try keeper.submit(plan) else {
            Issue.record("silence is unknown: \(keeper.answers)")
            return
        }
        #expect(evidence.contains("may have been sent"))
        try rig.setFaults("{}")
        guard case .settled = try keeper.submit(plan) else {
            Issue.record("the first reply is replayed: \(keeper.answers)")
            return
        }
        #expect(keeper.attempts.count == 2)
        #expect(keeper.attempts[0] == keeper.attempts[1])
        #expect(rig.server.venue.closes.settledCount == 1)
    }

    @Test func `a venue that refuses writes leaves the close unknown`() throws {
        let rig = try VenueRig()
        try rig.setFaults(#"{"rejectWrites":true}"#)
        let keeper = RigKeeper(rig)
        let plan = try rig.plan("k1")
        guard case .unknown = try keeper.submit(plan) else {
            Issue.record("503 is unknown: \(keeper.answers)")
            return
        }
        #expect(keeper.lookUp(plan) == .notFound)
    }

    @Test func `what is not durable is not sent`() throws {
        let rig = try VenueRig()
        let keeper = RigKeeper(rig)
        keeper.isJournalBroken = true
        guard case .unknown(let evidence) = try keeper.submit(try rig.plan("k1")) else {
            Issue.record("nothing is known: \(keeper.answers)")
            return
        }
        #expect(evidence.contains("nothing was sent"))
        #expect(rig.server.tally.writes == 0)
    }

    @Test func `too many closes at one height are refused by name`() throws {
        let rig = try VenueRig()
        let plan = try rig.plan("k")
        let allowed = Int(rig.server.venue.scenario.callsPerHeight)
        for number in 0..<allowed {
            let other = plan.renamed("k\(number)").jsonBytes
            _ = try rig.put("/v1/closes/k\(number)", other).get()
        }
        let reply = try rig.put("/v1/closes/k", plan.jsonBytes).get()
        #expect(reply.status == 429)
        #expect(reply.header("retry-after") == "1")
        #expect(try reply.json()["retry"]?.text == "later")
        #expect(try RigKeeper(rig).submit(plan)?.refusalClass == .rateLimited)
    }
}

extension CloseAnswer {
    fileprivate var refusalClass: RefusalClass? {
        if case .refused(let refusal) = self { refusal.refusalClass } else { nil }
    }
}

extension ClosePlan {
    fileprivate func renamed(_ key: String) -> ClosePlan {
        ClosePlan(
            clientID: ClientID(key), target: target, accountVersion: accountVersion,
            action: action, validUntilHeight: validUntilHeight)
    }
}

extension [EventBody] {
    /// A delta names the account, as changed or as gone.
    fileprivate func showsChange(of target: Target) -> Bool {
        contains { body in
            guard case .accountsChanged(let market, let changed, let removed) = body else {
                return false
            }
            let names = changed.map(\.account) + removed
            return market == target.market && names.contains(target.account)
        }
    }
}
