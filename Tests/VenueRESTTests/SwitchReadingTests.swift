import KeeperModel
import Testing
import VenueREST

/// What a venue says of its markets' states, from a venue that says whatever a test wants.
@Suite struct SwitchReadingTests {
    private static let path = "/v1/switches"

    private static func entry(_ sequence: UInt64, _ markets: String) -> String {
        #"{"sequence":\#(sequence),"height":6,"publishedAt":"1","markets":[\#(markets)]}"#
    }

    private static func state(
        _ word: String, of market: String = "m", _ more: String = ""
    ) -> String {
        #"{"market":"\#(market)","protocol":"margin","state":"\#(word)"\#(more)}"#
    }

    /// Until it was asked for what comes after these entries.
    private func changes(_ entries: [String]) throws -> [MarketSwitch] {
        let venue = try ScriptedVenue()
        let channels = #","channels":[{"name":"switches","path":"/v1/switches"}]"#
        venue.answers["/v1/capabilities"] = [
            ScriptedVenue.reply(#""venue":\#(ScriptedVenue.venue)\#(channels)"#)
        ]
        venue.answers[ScriptedVenue.accountsPath] = [ScriptedVenue.snapshot(1)]
        venue.answers[Self.path] = entries.enumerated().map { index, markets in
            ScriptedVenue.entries(
                UInt64(index) + 1, [Self.entry(UInt64(index) + 1, markets)])
        }
        venue.run { venue.asked.contains(Self.path + "?after=\(entries.count)&wait=10000") }
        return venue.letters.compactMap { letter in
            if case .marketSwitched(let change) = letter.body { change } else { nil }
        }
    }

    @Test func `every state is read, with what comes and what nobody asked about`() throws {
        let next = #","next":{"state":"settling","effectiveHeight":12,"reason":"expiry","x":1}"#
        let changes = try changes([
            Self.state("reduce-only", of: "m", #","sinceHeight":4,"reason":"why","new":[]"# + next)
        ])
        #expect(
            changes == [
                MarketSwitch(
                    market: MarketID("m"), isClosable: true, closableFrom: nil,
                    implementation: "", reason: "why", state: .reduceOnly, sinceHeight: 4,
                    next: AnnouncedState(
                        state: .settling, effectiveHeight: 12, reason: "expiry"))
            ])
    }

    @Test func `a state that we do not know stops its market, now and ahead`() throws {
        let now = try changes([Self.state("frozen")])
        #expect(now.map(\.isClosable) == [false])
        #expect(now.first?.reason.contains("'frozen'") == true)
        let next = #","next":{"state":"frozen","effectiveHeight":12}"#
        let ahead = try changes([Self.state("open", of: "m", next)])
        #expect(ahead.map { $0.takesCloses(atHeight: 11) } == [true])
        #expect(ahead.map { $0.takesCloses(atHeight: 12) } == [false])
    }

    @Test func `what is as before is no news, and a market that was never described is none`()
        throws
    {
        let words = ["open", "halted", "halted", "open"]
        let changes = try changes(
            words.map { Self.state($0) + "," + Self.state("halted", of: "else") })
        #expect(changes.map(\.state) == [.halted, .open])
    }
}
