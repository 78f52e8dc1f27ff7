import Foundation
import KeeperModel
import Testing
import VenueSimulator

/// A file with a market of every protocol, and what the venue makes of it.
@Suite struct HostedProtocolsTests {
    private static func text() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: root.appending(path: "scenarios/protocols.json"), encoding: .utf8)
    }

    @Test func `every protocol is hosted and has somebody over the line in a crash`() throws {
        let scenario = try ScenarioFile.read(Array(Self.text().utf8))
        let protocols = scenario.hosted.map(\.terms.protocolName)
        #expect(Set(protocols).count == 8, "\(protocols)")
        var venue = ReferenceVenue(scenario: scenario, openedAt: Instant(milliseconds: 1_000_000))
        venue.advance(to: venue.openedAt + .seconds(300))
        for market in scenario.markets {
            let accounts = try #require(venue.snapshot(of: market))
            let open = accounts.count {
                venue.markets[market]?.isLiquidatable($0.position) == true
            }
            #expect(open > 0 && open < accounts.count, "\(open) in \(market)")
        }
    }

    @Test(
        arguments: [
            ("\"kind\": \"maker\"", "\"kind\": \"mkr\"", "one of \"lending\""),
            (
                "\"collateral\": \"ETH\", \"lltv\"", "\"collateral\": \"DOGE\", \"lltv\"",
                "ETH, WBTC"
            ),
            ("\"market\": \"eth-a\"", "\"market\": \"perp-btc\"", "name is not taken"),
            ("\"tip\": \"20 USD\"", "\"tips\": \"20 USD\"", "tip"),
        ])
    func `a wrong market is refused with what was expected`(
        old: String, new: String, says: String
    ) throws {
        let text = try Self.text()
        #expect(text.contains(old))
        let broken = text.replacing(old, with: new)
        let error = #expect(throws: ScenarioFileError.self) {
            try ScenarioFile.read(Array(broken.utf8))
        }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }
}
