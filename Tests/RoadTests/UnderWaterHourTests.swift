import Foundation
import KeeperCodec
import KeeperFeeds
import KeeperModel
import RoadKit
import Testing
import VenueSimulator
import WideMath

/// A feed that says for an hour that an account may be closed, because no close of ours ever
/// reaches it: a dry run closes it once, not once per tick.
@Suite(.onTheRoad) struct UnderWaterHourTests {
    /// How the feed keeps saying it.
    enum Telling: String, CaseIterable, Sendable {
        case once
        /// The whole market again every minute, as after a gap.
        case again
        /// The account touched every minute, with a version of its own and the same position.
        case touched
    }

    @Test(arguments: Telling.allCases)
    func `an hour under water is one close`(_ telling: Telling) async throws {
        let folder = try TemporaryFolder()
        let hour = try UnderWaterHour(telling)
        try hour.record(to: folder.file("hour"))
        for words in [
            ["run", "--dry-run", "--replay", folder.file("hour")],
            ["backtest", folder.file("hour"), "--strategy", "full-close"],
        ] {
            let result = try await result(of: words, in: folder)
            #expect(result.wonCount == 1, "\(words[0])")
            #expect(result.notWonCount == 0, "\(words[0])")
            #expect(result.isReconciled)
        }
    }

    @Test func `where an account stood is told for any height of a recording`() async throws {
        let folder = try TemporaryFolder()
        try UnderWaterHour(.once).record(to: folder.file("hour"))
        let program = try SpawnedProgram(
            "bailiff",
            [
                "explain", "under-water", "--replay", folder.file("hour"), "--at-height", "100",
                "--config", Checkout.file("config.json"),
            ],
            variables: ["BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies")],
            output: folder.file("told"), errors: folder.file("errors"))
        #expect(try await program.end() == .exited(0), "\(folder.text(of: "errors"))")
        let told = folder.text(of: "told")
        #expect(told.contains("under-water, version 1 at height 100"))
        #expect(told.contains("health = 0.965116"))
        #expect(told.contains("standing = skipped-no-funds"), "nobody said what the keeper owns")
        // 21,500 / 10 / 0.83
        #expect(told.contains("price of ETH = 2,500.000000, 0 ms old; crosses at 2,590.361"))
    }

    private struct Result {
        let wonCount: UInt64
        let notWonCount: UInt64
        let isReconciled: Bool
    }

    private func result(of words: [String], in folder: TemporaryFolder) async throws -> Result {
        let output = words[0] + ".json"
        let program = try SpawnedProgram(
            "bailiff", words + ["--json", "--config", Checkout.file("config.json")],
            variables: ["BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies")],
            output: folder.file(output), errors: folder.file("errors"))
        #expect(try await program.end() == .exited(0), "\(folder.text(of: "errors"))")
        var document = try JSONReader(try JSONValue.parse(folder.bytes(of: output))).object()
        let results = try document.required("results").array()
        var fields = try #require(results.count == 1 ? results.first : nil).object()
        // A backtest has a level for each number of rivals, and the first is without any.
        if let levels = fields.optional("levels") { fields = try levels.array()[0].object() }
        return Result(
            wonCount: try fields.uint64("closesWon"),
            notWonCount: try fields.uint64("closesNotWon"),
            isReconciled: try fields.required("isReconciled").bool)
    }
}

/// The recording: the drill's venue with one borrower, a constant price, a tick a second.
private struct UnderWaterHour {
    private let telling: UnderWaterHourTests.Telling
    private let venue: ReferenceVenue
    private let market: MarketID
    private static let start = Instant(milliseconds: 1_700_000_000_000)
    private static let tickCount: UInt64 = 3_600

    init(_ telling: UnderWaterHourTests.Telling) throws {
        self.telling = telling
        let bytes = [UInt8](
            try Data(contentsOf: URL(filePath: Checkout.file("scenarios/drill.json"))))
        venue = ReferenceVenue(scenario: try ScenarioFile.read(bytes), openedAt: Self.start)
        market = venue.scenario.markets[0]
    }

    func record(to path: String) throws {
        let config = try String(contentsOfFile: Checkout.file("config.json"), encoding: .utf8)
        let header = RecordingHeader(
            createdAt: Self.start, build: "test", domains: [Drill.domain],
            config: PinnedText(name: "config.json", text: config), strategies: [],
            protocolParameters: [])
        let writer = try RecordingWriter(path: path, header: header)
        var sequence: UInt64 = 0
        for tick in 0..<Self.tickCount {
            for body in bodies(at: tick) {
                sequence += 1
                let event = Event(
                    sequence: sequence, domain: Drill.domain, receivedAt: Self.instant(tick),
                    height: tick, body: body)
                try writer.append(RecordingRow(event, eventAt: event.receivedAt))
            }
        }
        try writer.close()
    }

    private static func instant(_ tick: UInt64) -> Instant { start + .seconds(Int64(tick)) }

    /// The venue describes itself, then prices, books and pool come at every height.
    private func bodies(at tick: UInt64) -> [EventBody] {
        var bodies: [EventBody] = []
        if tick == 0 {
            bodies = [
                .venueDescribed(venue.description), .accountsReplaced(market, [borrower(1)]),
            ]
        } else if tick % 60 == 0 {
            switch telling {
            case .once: break
            case .again: bodies = [.accountsReplaced(market, [borrower(1)])]
            case .touched:
                bodies = [
                    .accountsChanged(market, changed: [borrower(1 + tick / 60)], removed: [])
                ]
            }
        }
        return bodies + [
            .pricesPublished(prices(at: tick)),
            .depthPublished(venue.world.depth.values.sorted { $0.asset < $1.asset }),
            .flashPoolsPublished([venue.scenario.flashPool]),
        ]
    }

    /// Ten coins at 2,500, of which 83 percent count, against a debt of 21,500: a health of 0.965.
    private func borrower(_ version: UInt64) -> AccountState {
        AccountState(
            account: AccountID("under-water"), version: version,
            position: .lending(
                LendingPosition(
                    collateral: [
                        ScaledBalance(
                            asset: AssetID("ETH"),
                            scaledAmount: UInt256(10) * UInt256(1_000_000_000_000_000_000))
                    ],
                    debts: [
                        ScaledBalance(
                            asset: AssetID("USD"), scaledAmount: UInt256(21_500_000_000))
                    ])))
    }

    private func prices(at tick: UInt64) -> [PriceUpdate] {
        let units: KeyValuePairs<String, UInt64> = [
            "USD": 1_000_000, "ETH": 2_500_000_000, "BTC-LOT": 5_000_000,
        ]
        return units.map { asset, price in
            PriceUpdate(
                asset: AssetID(asset), kind: .eligible, price: UInt256(price), round: tick + 1,
                sourceAt: Self.instant(tick))
        }
    }
}
