import KeeperCodec
import KeeperModel
import KeeperSigner
import KeeperTransport
import Testing
import VenueREST
import VenueWriters

/// The venue's own signature under each settlement, over sockets.
@Suite struct SettlementSignatureTests {
    private static func key(of rig: VenueRig) throws -> VerifyingKey {
        let text = try #require(try rig.get("/v1/capabilities").json()["settlementKey"]?.text)
        return try #require(VerifyingKey(Hex.decode(String(text.dropFirst(2)), prefix: .forbidden)))
    }

    @Test func `a close is settled under the key that capabilities name, and under no other`()
        throws
    {
        let rig = try VenueRig()
        let key = try Self.key(of: rig)
        let keeper = RigKeeper(rig, trust: .key(key))
        let plan = try rig.plan("k1")
        let first = try keeper.submit(plan)
        guard case .settled = first else {
            Issue.record("signed as it should be: \(String(describing: first))")
            return
        }
        #expect(keeper.lookUp(plan) == first)
        #expect(keeper.void(plan) == first)
        keeper.desk?.trust = .key(SigningKey.drawn().publicKey)
        guard case .unknown(let evidence) = keeper.lookUp(plan) else {
            Issue.record("signed by somebody else: \(keeper.answers)")
            return
        }
        #expect(evidence.contains("is not signed by the venue's key"))
    }

    @Test func `a feed hears of the key`() throws {
        let rig = try VenueRig(heights: 10)
        var trust: SettlementTrust?
        let feed = RESTFeed(
            domain: VenueRig.domain, endpoint: rig.endpoint, reactor: rig.reactor,
            sink: { letter in
                if case .venueDescribed(let venue) = letter.body { trust = SettlementTrust(venue) }
            })
        feed.start()
        rig.run { trust != nil }
        feed.stop()
        #expect(trust == .key(try Self.key(of: rig)))
    }

    @Test func `a given key signs again after a restart, a drawn one never`() throws {
        let given = SigningKey.drawn()
        let keys = try [given, given, nil, nil].map {
            try Self.key(of: VenueRig(heights: 1, settlementKey: $0))
        }
        #expect(keys[0] == given.publicKey)
        #expect(keys[1] == given.publicKey)
        #expect(Set(keys).count == 3)
    }
}
