import KeeperModel
import Testing
import VenueSimulator

@Suite struct ClosableSpansTests {
    /// The crash takes some over their lines and back; each height is asked by itself as well.
    @Test func `spans say of every height who could be closed then`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 0)
        var spans = ClosableSpans()
        var atHeight: [UInt64: Set<String>] = [:]
        for _ in 0..<400 {
            venue.advance(to: venue.nextHeightAt)
            spans.note(venue)
            atHeight[venue.height] = Set(venue.closable().map { "\($0.market)/\($0.account)" })
            if venue.height == 250 { venue.letCrowdClose(atMost: 20) }
        }
        let all = spans.all(upTo: venue.height)
        #expect(!spans.ended.isEmpty)
        #expect(all.contains { $0.lastHeight == venue.height })
        for (height, names) in atHeight {
            let told = all.filter { ($0.firstHeight...$0.lastHeight).contains(height) }
                .map { "\($0.market)/\($0.account)" }
            #expect(Set(told) == names, "height \(height)")
            #expect(told.count == names.count, "nobody twice at height \(height)")
        }
    }

    @Test func `a crowd closes at most so many`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        let count = venue.closable().count
        #expect(count > 3)
        venue.letCrowdClose(atMost: 3)
        #expect((1...3).contains(venue.closes.settledCount))
        #expect(venue.closes.all.allSatisfy { $0.1.keeper == "crowd" })
    }
}
