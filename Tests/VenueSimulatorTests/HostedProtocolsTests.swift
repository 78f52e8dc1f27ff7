import Foundation
import KeeperModel
import Testing
import VenueSimulator
import WideMath

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
            ("\"fallsForSeconds\": 300", MakerPriceCurve.linear(tauSeconds: 300)),
            (
                "\"keepsEachStep\": \"99%\", \"stepSeconds\": 90",
                .stairstep(
                    cutRay: 990_000_000_000_000_000_000_000_000, stepSeconds: 90)
            ),
            (
                "\"keepsEachSecond\": \"99.5%\"",
                .exponential(cutRay: 995_000_000_000_000_000_000_000_000)
            ),
        ])
    func `an auction falls along the curve that its words name`(
        words: String, curve: MakerPriceCurve
    ) throws {
        let text = try Self.text().replacing("\"fallsForSeconds\": 300", with: words)
        let scenario = try ScenarioFile.read(Array(text.utf8))
        let curves = scenario.hosted.compactMap { market in
            if case .maker(let terms) = market.terms { terms.auction.curve } else { nil }
        }
        #expect(curves == [curve])
    }

    @Test(
        arguments: [
            ("\"kind\": \"maker\"", "\"kind\": \"mkr\"", "one of \"lending\""),
            (
                "\"collateral\": \"ETH\", \"lltv\"", "\"collateral\": \"DOGE\", \"lltv\"",
                "ETH, WBTC"
            ),
            ("\"market\": \"eth-a\"", "\"market\": \"perp-btc\"", "name is not taken"),
            ("\"fallsForSeconds\": 300", "\"keepsEachSecond\": \"100%\"", "less than all of it"),
            ("\"fallsForSeconds\": 300", "\"keepsEachStep\": \"99%\"", "stepSeconds"),
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
