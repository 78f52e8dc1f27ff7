import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST
import VenueServing
import VenueSimulator

/// Market states over sockets: switched at run time, streamed, and followed.
@Suite struct MarketStateFlowTests {
    private static let path = "/v1/switches"

    @Test func `a switch for tests is told ahead, streamed, and comes at its height`() throws {
        let rig = try VenueRig(heights: 60, pace: .times(20))
        let first = try rig.get(Self.path).json()
        let sequence = try #require(first["sequence"]?.number)
        #expect(first.states == ["open", "open"])
        let height = rig.server.venue.height
        try rig.setFaults(
            #"{"states":[{"market":"lend-main","state":"settling","inHeights":5}]}"#)
        let told = try rig.get(Self.path, [QueryItem("after", "\(sequence)")]).json()
        #expect(told.states == ["open", "open"])
        let next = try #require(told.market("lend-main")?["next"])
        #expect(next["state"]?.text == "settling")
        let effective = try #require(next["effectiveHeight"]?.number)
        #expect((height + 5...height + 8).contains(effective))
        let wait = [QueryItem("after", "\(sequence + 1)"), QueryItem("wait", "5000")]
        let came = try rig.get(Self.path, wait).json()
        #expect(came.states == ["settling", "open"])
        #expect(came.market("lend-main")?["sinceHeight"]?.number == effective)
        #expect(
            try rig.get("/v1/markets").json()["markets"]?.elements.first?["state"]?.text
                == "settling")
        try rig.setFaults("{}")
        #expect(try rig.get(Self.path).json().states == ["open", "open"])
    }

    @Test(arguments: [
        #"{"states":[{"market":"nowhere","state":"halted"}]}"#,
        #"{"states":[{"market":"lend-main","state":"shut"}]}"#,
        #"{"states":[{"market":"lend-main"}]}"#,
    ])
    func `a switch that says nothing clear is refused`(_ body: String) throws {
        let rig = try VenueRig(heights: 1)
        let reply = try rig.put("/v1/test/faults", Array(body.utf8), headers: []).get()
        #expect(reply.status == 400)
        #expect(try rig.get(Self.path).json().states == ["open", "open"])
    }

    /// An open market is no news; what changes is, once, also after a lost reply.
    @Test(arguments: ["", #","streams":{"drop":2}"#, #","streams":{"duplicate":1}"#])
    func `a feed hears of every change once`(_ fault: String) throws {
        let rig = try VenueRig(heights: 60, pace: .times(20))
        let follower = SwitchFollower(rig)
        follower.feed.start()
        rig.run { follower.feed.isReady }
        #expect(follower.feed.isReady)
        #expect(follower.changes.isEmpty)
        try rig.setFaults(
            #"{"states":[{"market":"lend-main","state":"halted","inHeights":3}]\#(fault)}"#)
        rig.run { follower.changes.count >= 2 }
        #expect(follower.changes.map(\.market) == [VenueRig.lending, VenueRig.lending])
        #expect(follower.changes.map(\.state) == [.open, .halted])
        #expect(follower.changes.first?.next?.state == .halted)
        #expect(follower.changes.first?.next?.effectiveHeight == follower.changes.last?.sinceHeight)
        try rig.setFaults("{}")
        rig.run { follower.changes.count >= 3 }
        #expect(follower.changes.last?.state == .open)
    }
}

private final class SwitchFollower {
    private(set) var changes: [MarketSwitch] = []
    private var made: RESTFeed?

    var feed: RESTFeed {
        guard let made else { preconditionFailure("It is made at once") }
        return made
    }

    init(_ rig: VenueRig) {
        made = RESTFeed(
            domain: VenueRig.domain, endpoint: rig.endpoint, reactor: rig.reactor,
            sink: { [weak self] letter in
                if case .marketSwitched(let change) = letter.body { self?.changes.append(change) }
            })
    }

    deinit { made?.stop() }
}

extension JSONValue {
    /// Of the newest entry.
    fileprivate var states: [String] {
        (self["entries"]?.elements.last?["markets"]?.elements ?? []).compactMap {
            $0["state"]?.text
        }
    }

    fileprivate func market(_ name: String) -> JSONValue? {
        self["entries"]?.elements.last?["markets"]?.elements.first {
            $0["market"]?.text == name
        }
    }
}
