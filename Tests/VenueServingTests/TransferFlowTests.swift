import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST
import VenueServing
import VenueSimulator
import VenueWriters
import WideMath

/// A keeper's two purses over the wire.
@Suite struct TransferFlowTests {
    static let usd = AssetID("USD")

    static func order(
        _ key: String, _ amount: UInt256, _ direction: TransferDirection = .sweep,
        of asset: AssetID = usd, until height: UInt64 = 10_000
    ) -> TransferOrder {
        TransferOrder(
            clientID: ClientID(key),
            transfer: ReserveTransfer(asset: asset, amount: amount, direction: direction),
            validUntilHeight: height)
    }

    private func put(_ rig: VenueRig, _ order: TransferOrder) throws -> Reply {
        try rig.put("/v1/transfers/\(order.clientID)", order.jsonBytes).get()
    }

    private func answer(_ reply: Reply) throws -> CloseAnswer {
        try CloseDocument(jsonBytes: reply.body).answer
    }

    /// Of USD: what is traded with, and what is kept aside.
    private func purses(_ rig: VenueRig) -> [UInt256] {
        let venue = rig.server.venue
        return [venue.balances(of: "me"), venue.reserve(of: "me")].map { purse in
            purse.first { $0.asset == Self.usd }?.amount ?? .zero
        }
    }

    @Test func `a transfer moves between the purses of its own keeper, to and fro`() throws {
        let rig = try VenueRig(heights: 1)
        guard case .settled(let receipt) = try answer(put(rig, Self.order("t1", 700))) else {
            Issue.record("not settled")
            return
        }
        #expect(receipt.movements.map(\.amount) == [-700])
        #expect(receipt.movements.map(\.cause) == [.swept])
        #expect(receipt.settlements == [])
        let all = purses(rig)
        #expect(all[1] == 700)
        _ = try put(rig, Self.order("t2", 200, .topUp))
        #expect(purses(rig) == [all[0] + 200, 500])
        let transfers = rig.server.venue.settledTransfers(of: "me")
        #expect(transfers.keys.sorted().map(\.text) == ["t1", "t2"])
        #expect(rig.server.venue.closes.settledCount == 0, "no close")
    }

    @Test(arguments: [
        (TransferFlowTests.order("t", 1, .topUp), RefusalClass.insufficientFunds),
        (TransferFlowTests.order("t", .max, .sweep), .insufficientFunds),
        (TransferFlowTests.order("t", 1, of: AssetID("NONE")), .insufficientFunds),
        (TransferFlowTests.order("t", 0), .malformed),
        (TransferFlowTests.order("t", 1, until: 0), .expired),
    ])
    func `it settles whole or is refused, and nothing moves`(
        order: TransferOrder, refusal: RefusalClass
    ) throws {
        let rig = try VenueRig(heights: 1)
        _ = try rig.put("/v1/transfers/first/void").get()
        let before = purses(rig)
        guard case .refused(let refused) = try answer(put(rig, order)) else {
            Issue.record("not refused")
            return
        }
        #expect(refused.refusalClass == refusal)
        #expect(purses(rig) == before)
        #expect(try put(rig, order).header("replayed") == "true", "kept under its key")
    }

    @Test func `the same body is replayed, another refused, and a void is for good`() throws {
        let rig = try VenueRig(heights: 1)
        let first = try put(rig, Self.order("t1", 5))
        let second = try put(rig, Self.order("t1", 5))
        #expect(first.header("replayed") == nil)
        #expect(second.header("replayed") == "true")
        #expect(try second.json()["answer"] == first.json()["answer"])
        let other = try put(rig, Self.order("t1", 6))
        #expect(other.status == 422)
        #expect(try other.code() == "keyReused")
        #expect(purses(rig)[1] == 5)
        #expect(try answer(rig.put("/v1/transfers/t9/void").get()) == .voided)
        #expect(try answer(put(rig, Self.order("t9", 5))) == .voided)
        #expect(purses(rig)[1] == 5)
        guard case .settled = try answer(rig.put("/v1/transfers/t1/void").get()) else {
            Issue.record("a void answers with the transfer that is there")
            return
        }
    }

    @Test func `a key needs the scope for it, and closes are no way around`() throws {
        let key = try VenueRig.freshKey()
        let rig = try VenueRig(heights: 1, secondKey: key, secondScopes: [.read, .close])
        let order = Self.order("t1", 5)
        let signer = try #require(rig.secondSigner)
        let path = "/v1/transfers/t1"
        let refused = try rig.put(
            path, order.jsonBytes, headers: signer.headers("PUT", path, order.jsonBytes)
        ).get()
        #expect(refused.status == 403)
        let plan = ClosePlan(
            clientID: ClientID("t1"), target: .treasury(of: Self.usd, in: VenueRig.domain),
            accountVersion: 0, action: .transfer(order.transfer), validUntilHeight: 10_000)
        let asClose = try rig.put("/v1/closes/t1", plan.jsonBytes).get()
        #expect(asClose.status == 400)
        #expect(rig.server.venue.settledTransfers(of: "me").isEmpty)
    }

    @Test func `keys of closes and of transfers are not each other's`() throws {
        let rig = try VenueRig(heights: 1)
        _ = try put(rig, Self.order("k", 5))
        let reply = try rig.get(
            "/v1/closes/k", headers: rig.signer.headers("GET", "/v1/closes/k", []))
        #expect(try reply.code() == "noSuchClose")
    }

    @Test func `the feed says what is kept aside, and the day's statement what moved`() throws {
        let rig = try VenueRig(heights: 1)
        _ = try put(rig, Self.order("t1", 700))
        var bodies: [EventBody] = []
        let feed = RESTFeed(
            domain: VenueRig.domain, endpoint: rig.endpoint, reactor: rig.reactor,
            sign: rig.signer.headers
        ) { bodies.append($0.body) }
        feed.start()
        let reserve = EventBody.reserveReported([AssetAmount(asset: Self.usd, amount: 700)])
        rig.run { bodies.contains(reserve) }
        feed.stop()
        #expect(bodies.contains(reserve))
        let path = "/v1/statements/" + UTCText.text(rig.server.venue.world.now).prefix(10)
        let statement = try rig.get(path, headers: rig.signer.headers("GET", path, [])).json()
        #expect(statement["transfers"]?.elements.count == 1)
        #expect(statement["fills"]?.elements.count == 0)
        #expect(statement["lines"]?.elements.first?["cause"]?.text == "swept")
    }

    @Test func `the writer sends a transfer by its own path and resolves it there`() throws {
        let rig = try VenueRig(heights: 1)
        let plan = ClosePlan(
            clientID: ClientID("t1"), target: .treasury(of: Self.usd, in: VenueRig.domain),
            accountVersion: 0,
            action: .transfer(ReserveTransfer(asset: Self.usd, amount: 9, direction: .sweep)),
            validUntilHeight: 10_000)
        var answers: [CloseAnswer] = []
        let desk = RESTCloseDesk(
            endpoint: rig.endpoint, reactor: rig.reactor, signer: rig.signer,
            willSend: { _, _, send in send() }, sink: { _, _, answer, _ in answers.append(answer) })
        desk.lookUp(plan.target, plan.clientID)
        rig.run { answers.count == 1 }
        #expect(answers == [.notFound])
        desk.submit(try rig.approveTransfer(plan))
        rig.run { answers.count == 2 }
        guard case .settled(let receipt) = answers[1] else {
            Issue.record("not settled: \(answers)")
            return
        }
        desk.void(plan.target, plan.clientID)
        rig.run { answers.count == 3 }
        #expect(answers[2] == .settled(receipt))
        #expect(rig.server.tally.transfers == 1)
    }
}
