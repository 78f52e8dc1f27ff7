import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST
import VenueServing
import VenueSimulator

/// Index and book mid beside each eligible price, and nobody is judged by them.
@Suite struct PriceReferenceTests {
    @Test func `each price that an oracle said has its index, and the mid of its book`() throws {
        let rig = try VenueRig(heights: 40)
        let entry = try #require(rig.get("/v1/prices").json()["entries"]?.elements.last)
        let rows = entry["references"]?.elements ?? []
        let assets = rig.server.venue.scenario.assets.map(\.description.asset)
        #expect(rows.compactMap { $0["asset"]?.text } == assets.map(\.text))
        for (row, asset) in zip(rows, assets) {
            let truth = try #require(rig.server.venue.truePrice(of: asset))
            // Nobody has sold anything here, so the index is what things are really worth.
            #expect(row["index"]?.text == String(truth))
            let book = try #require(
                rig.server.venue.channels.depth.newest?.payload.first { $0.asset == asset })
            let bid = try #require(book.bids.first).price
            let ask = try #require(book.asks.first).price
            #expect(row["bookMid"]?.text == String((bid + ask) / 2))
        }
    }

    /// The oracle lies by half and the index stays; a silent one has neither price nor reference.
    @Test func `an oracle that errs moves no index, and nobody is closed by one`() throws {
        var venue = ReferenceVenue(
            scenario: try VenueRig.scenario("crash"), openedAt: Instant(milliseconds: 1_000_000))
        venue.advance(to: venue.openedAt + .seconds(40))
        let before = venue.closable().count
        let names = venue.scenario.assets.map(\.description.asset)
        venue.trouble(names[0], with: .lying(factorPpm: 500_000, untilHeight: 42))
        venue.trouble(names[1], with: .silent(untilHeight: 42))
        venue.advance(to: venue.openedAt + .seconds(41))
        let references = try #require(venue.channels.references.newest?.payload)
        let lied = try #require(venue.lastPrices[names[0]])
        #expect(references.map(\.asset).contains(names[1]) == false)
        let index = try #require(references.first { $0.asset == names[0] }).index
        #expect(lied * 2 <= index + 1 && lied * 2 >= index - 1)
        #expect(venue.closable().count > before, "it is the oracle's price that decides")
        #expect(venue.channels.references.sequence == venue.channels.prices.sequence)
    }

    @Test func `a page of prices has the references of each of its heights`() throws {
        let rig = try VenueRig(heights: 40)
        let page = try rig.get("/v1/prices", [QueryItem("after", "20")]).json()
        let entries = page["entries"]?.elements ?? []
        #expect(entries.count == 21)
        let indexes = entries.compactMap { $0["references"]?.elements.first?["index"]?.text }
        #expect(indexes.count == 21)
        #expect(Set(indexes).count > 10)
    }

    @Test func `a feed reads on past them`() throws {
        let rig = try VenueRig(heights: 40)
        var isHeard = false
        let feed = RESTFeed(
            domain: VenueRig.domain, endpoint: rig.endpoint, reactor: rig.reactor,
            sink: { if case .pricesPublished = $0.body { isHeard = true } })
        feed.start()
        rig.run { isHeard }
        #expect(isHeard && feed.tally.count(of: .unexpected) == 0)
        feed.stop()
    }
}
