import Foundation
import Glibc
import KeeperFeeds
import RoadKit
import Testing

/// Real programs at a venue that shows offers instead of accounts.
@Suite(.onTheRoad) struct OfferRoadTests {
    struct Weather: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let allocation: String
        var faults: String?
        var winCount = 4
    }

    static let weathers = [
        Weather(testDescription: "claims", allocation: #""claim", "expiry": 12"#),
        Weather(
            testDescription: "claims, three replies lost", allocation: #""claim", "expiry": 12"#,
            faults: #"{"dropReplies": 3}"#),
        Weather(
            testDescription: "sealed bids, three replies lost",
            allocation: #""sealedBid", "expiry": 12, "window": 4"#,
            faults: #"{"dropReplies": 3}"#, winCount: 2),
    ]

    @Test(arguments: weathers)
    func `offers are won, the books reconcile, and a replay decides the same`(
        _ weather: Weather
    ) async throws {
        let drill = try await Drill(scenario: OfferRoad.scenario(weather.allocation), speed: 6)
        if let faults = weather.faults { try drill.setFaults(faults) }
        let (config, variables) = try drill.offerConfig()
        let keeper = try drill.keeper(
            [
                "--live", "--record", drill.folder.file("run.recording"), "--decisions",
                drill.folder.file("said"),
            ], config: config, variables: variables)
        try await drill.waitForWins(weather.winCount, in: "said", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")

        let replay = try drill.program([
            "run", "--replay", drill.folder.file("run.recording"), "--decisions",
            drill.folder.file("replayed"),
        ])
        #expect(try await replay.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try drill.folder.bytes(of: "replayed") == drill.folder.bytes(of: "said"))
        // Nothing that the keeper wrote down names anybody.
        #expect(!drill.folder.text(of: "said").contains("borrower"))
        #expect(try await drill.complaintsAboutBooks() == [])
    }

    @Test func `a dry run takes offers without a write`() async throws {
        let drill = try await Drill(
            scenario: OfferRoad.scenario(#""claim", "expiry": 12"#), speed: 6)
        let (config, variables) = try drill.offerConfig()
        let keeper = try drill.keeper(
            ["--decisions", drill.folder.file("said")], config: config, variables: variables)
        try await drill.waitForWins(4, in: "said", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        #expect(try await drill.finishedReport().writeCount == 0)
    }
}

private enum OfferRoad {
    /// The shipped venue, whose prices fall after twenty heights instead of ninety.
    static func scenario(_ allocation: String) throws -> String {
        var file = try ChangedFile("scenarios/offers.json")
        try file.set(["disclosure"], #"{"mode": "offers", "allocation": \#(allocation)}"#)
        try file.set(
            ["assets", "0", "path"],
            #"[{"height": 0, "price": "2500 USD"}, {"height": 20, "price": "2490 USD"},"#
                + #" {"height": 120, "price": "1905 USD"}]"#)
        return file.text
    }

    static let strategy = """
        {
            "strategy": "take-offers", "version": 1, "summary": "take what pays",
            "markets": ["purchase"], "when": "netProfit >= 1 usd && priceAge < 30 s",
            "size": "full", "funding": "flash", "exit": {"sellWithin": "200 bps"},
            "bid": {"lane": "private", "sealed": "40 %"}, "validHeights": 12, "coolDown": "0 s"
        }
        """
}

extension Drill {
    fileprivate func offerConfig() throws -> (path: String, variables: [String: String]) {
        let strategies = folder.file("strategies")
        try FileManager.default.createDirectory(
            atPath: strategies, withIntermediateDirectories: true)
        try folder.write(OfferRoad.strategy, to: "strategies/take-offers.json")
        var file = try ChangedFile("config.json")
        try file.set(["strategies", "use"], #"["take-offers"]"#)
        try folder.write(file.text, to: "offers.config.json")
        return (
            folder.file("offers.config.json"), ["BAILIFF__STRATEGIES__FOLDER": strategies]
        )
    }
}
