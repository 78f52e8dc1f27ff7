import HTTPServing
import KeeperModel
import Testing
import VenueREST

/// What went wrong in other keepers' feeds: rows of the table in docs/other-keepers.md.
@Suite struct OtherKeepersDefects {
    private static let capabilities = "/v1/capabilities"

    @Test func `row 2: a venue that names no market is asked again, with a pause, and counted`()
        throws
    {
        let venue = try ScriptedVenue()
        let empty = ScriptedVenue.reply(#""venue":\#(ScriptedVenue.marketlessVenue)"#)
        let whole = ScriptedVenue.reply(#""venue":\#(ScriptedVenue.venue)"#)
        venue.answers[Self.capabilities] = [empty, HTTPResponse(status: 503), whole]
        venue.answers[ScriptedVenue.accountsPath] = [ScriptedVenue.snapshot(7)]
        venue.run { venue.accountLetters == ["all:1"] }
        #expect(venue.asked.count { $0 == Self.capabilities } == 3)
        #expect(venue.feed?.tally.count(of: .unexpected) == 1)
        #expect(venue.letters.count { $0.body.isDescription } == 1)
    }

    @Test func `row 1: a snapshot that fails leaves what is known, and is asked for again`() throws
    {
        let venue = try ScriptedVenue()
        venue.answers[ScriptedVenue.accountsPath] = [
            HTTPResponse(status: 500), HTTPResponse(status: 200, body: Array("[]".utf8)),
            ScriptedVenue.snapshot(7),
        ]
        venue.run { venue.accountLetters.count == 1 }
        #expect(venue.accountLetters == ["all:1"], "no empty list in between")
    }
}

extension EventBody {
    fileprivate var isDescription: Bool {
        if case .venueDescribed = self { true } else { false }
    }
}
