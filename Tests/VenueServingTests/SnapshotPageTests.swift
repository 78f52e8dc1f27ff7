import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST
import VenueServing
import VenueSimulator

/// Snapshots in pages, for markets with more accounts than one reply may hold.
@Suite struct SnapshotPageTests {
    private static let path = "/v1/markets/lend-main/accounts"

    private struct Page {
        let sequence: UInt64
        let stateHash: String
        let number: UInt64
        let count: UInt64
        let accounts: [AccountState]

        init(_ reply: Reply) throws {
            #expect(reply.status == 200)
            var document = try JSONReader(reply.json()).object()
            sequence = try document.uint64("sequence")
            stateHash = try document.string("stateHash")
            number = try document.uint64("page")
            count = try document.uint64("pages")
            accounts = try document.value("accounts")
        }
    }

    private func page(
        _ rig: VenueRig, _ number: UInt64, of sequence: UInt64? = nil
    ) throws -> Page {
        let items =
            [QueryItem("page", "\(number)")]
            + (sequence.map { [QueryItem("sequence", "\($0)")] } ?? [])
        return try Page(rig.get(Self.path, items))
    }

    @Test func `pages are of one moment, and all of it, whatever happens meanwhile`() throws {
        let rig = try VenueRig(snapshotPageBytesMax: 3_000)
        let then = try #require(rig.server.venue.snapshot(of: VenueRig.lending))
        let first = try page(rig, 0)
        #expect(first.count > 3)
        try rig.closeTwo()
        #expect(rig.server.venue.snapshot(of: VenueRig.lending) != then)
        var accounts = first.accounts
        for number in 1..<first.count {
            let next = try page(rig, number, of: first.sequence)
            #expect(next.sequence == first.sequence && next.stateHash == first.stateHash)
            #expect(next.number == number && !next.accounts.isEmpty)
            accounts += next.accounts
        }
        #expect(accounts == then)
        #expect(try page(rig, 0).sequence > first.sequence, "whoever begins gets a new one")
        #expect(try page(rig, 0, of: first.sequence).accounts == first.accounts, "asked again")
    }

    @Test func `one that nothing changed since is not made twice, and too many are refused`()
        throws
    {
        let rig = try VenueRig(snapshotPageBytesMax: 3_000)
        for _ in 0..<40 { _ = try page(rig, 0) }
        var status = 0
        for number in 0..<20 where status != 429 {
            let plan = try rig.plan("k\(number)", skipping: 0)
            _ = try rig.put("/v1/closes/k\(number)", plan.jsonBytes).get()
            status = try rig.get(Self.path, [QueryItem("page", "0")]).status
        }
        #expect(status == 429)
    }

    @Test(arguments: [
        ("page=1", 400), ("page=-1", 400), ("page=0x0", 400), ("sequence=1", 400),
        ("page=99999999999999999999", 400), ("page=9999&sequence=SEQ", 400),
        ("page=1&sequence=999999", 410), ("page=0&sequence=999999", 410),
    ])
    func `what is no page is refused`(query: String, status: Int) throws {
        let rig = try VenueRig(snapshotPageBytesMax: 3_000)
        let sequence = try page(rig, 0).sequence
        let items = query.replacing("SEQ", with: "\(sequence)").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=").map(String.init)
            return QueryItem(parts[0], parts[1])
        }
        #expect(try rig.get(Self.path, items).status == status)
    }

    /// Lost pages, and one that lacks an account: accounts as they are at the venue, or nothing.
    @Test(arguments: ["{}", #"{"drop":5}"#, #"{"lie":2}"#, #"{"delayMilliseconds":20}"#])
    func `a feed that reads pages ends at what the venue has`(fault: String) throws {
        let rig = try VenueRig(snapshotPageBytesMax: 3_000)
        let follower = Follower(rig)
        try rig.setFaults(#"{"streams":\#(fault)}"#)
        follower.feed.start()
        try rig.closeTwo()
        let own = try #require(rig.server.venue.snapshot(of: VenueRig.lending))
        rig.run { follower.accounts == own && follower.feed.isReady }
        #expect(follower.accounts == own)
        #expect(follower.feed.isReady)
        #expect(follower.feed.snapshotsUnderWay == 0)
        follower.feed.resync(VenueRig.lending)
        rig.run { follower.feed.snapshotsUnderWay == 0 }
        #expect(follower.accounts == own)
        let isLie = fault.contains("lie")
        #expect((follower.feed.tally.count(of: .stateHash) > 0) == isLie)
    }
}
