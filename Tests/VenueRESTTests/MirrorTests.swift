import KeeperModel
import KeeperTransport
import Testing
import VenueREST

/// A venue with two ways to it, over a script: what one does not say the other does.
@Suite struct MirrorTests {
    private final class Rig {
        let carrier: SimulatedCarrier
        private(set) var letters: [FeedLetter] = []
        private(set) var feed: RESTFeed?

        init(_ script: @escaping (SimulatedCarrier.Sent) -> SimulatedCarrier.Fate) throws {
            let carrier = SimulatedCarrier(
                from: Instant(milliseconds: 1_700_000_000_000), script: script)
            self.carrier = carrier
            let ways = try ["venue", "venue-mirror-1"].map {
                try Endpoint(name: EndpointName($0), baseURL: "http://127.0.0.1:1")
            }
            feed = RESTFeed(
                domain: DomainID("venue"), endpoint: ways[0], mirrors: [ways[1]],
                reactor: carrier, sink: { [weak self] in self?.letters.append($0) })
            feed?.start()
        }

        func asked(_ way: String, of path: String) -> Int {
            carrier.sent.count { $0.endpoint.text == way && $0.target.hasPrefix(path) }
        }
    }

    /// What a venue at a height says of itself; its streams are silent.
    private static func venue(
        _ sent: SimulatedCarrier.Sent, height: UInt64
    ) -> SimulatedCarrier.Fate {
        guard sent.target == "/v1/capabilities" else { return .silence }
        return .reply(200, #"{"height":\#(height),"venue":\#(ScriptedVenue.venue)}"#)
    }

    @Test func `row 17: a venue that refuses one way is followed by the other`() throws {
        let rig = try Rig { sent in
            sent.endpoint.text == "venue"
                ? .failure(.refusedConnection, mayHaveBeenSent: false)
                : Self.venue(sent, height: 5)
        }
        rig.carrier.advance(by: .milliseconds(100))
        #expect(rig.letters.count == 1, "the description came in the same read")
        #expect(rig.asked("venue-mirror-1", of: "/v1/prices") == 1)
        #expect(rig.feed?.tally.count(of: .transport) == 0)
    }

    @Test func `row 23: a way that stands still is left for one that goes on`() throws {
        let rig = try Rig { sent in
            let second = UInt64(sent.at.nanoseconds / 1_000_000_000)
            return Self.venue(sent, height: sent.endpoint.text == "venue" ? 100 : 100 + second)
        }
        rig.carrier.advance(by: .seconds(4))
        #expect(rig.asked("venue-mirror-1", of: "/v1/prices") <= 1, "not before it shows")
        let before = rig.asked("venue", of: "/v1/prices")
        rig.carrier.advance(by: .seconds(60))
        #expect(rig.asked("venue", of: "/v1/prices") <= before + 2)
        #expect(rig.asked("venue-mirror-1", of: "/v1/prices") > 2)
        #expect(rig.feed?.pool.standings.map(\.isBehind) == [true, false])
    }

    @Test func `with one way nothing but the feed itself is asked`() throws {
        let carrier = SimulatedCarrier(from: Instant(milliseconds: 0)) { sent in
            Self.venue(sent, height: 5)
        }
        let way = try Endpoint(name: EndpointName("venue"), baseURL: "http://127.0.0.1:1")
        let feed = RESTFeed(
            domain: DomainID("venue"), endpoint: way, reactor: carrier, sink: { _ in })
        feed.start()
        carrier.advance(by: .seconds(4))
        #expect(carrier.sent.count { $0.target == "/v1/capabilities" } == 1)
        feed.stop()
    }
}
