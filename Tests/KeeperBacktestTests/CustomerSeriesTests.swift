import KeeperBacktest
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import Testing

/// A daily series of positions into account-days.
@Suite struct CustomerSeriesTests {
    private static let mapping = """
        {
            "rows": "positions", "time": {"column": "date", "unit": "date"},
            "position": {
                "account": "user",
                "collateral": [
                    {"column": "eth", "asset": "ETH", "decimals": 18, "threshold": "80%"},
                    {"column": "usdc", "asset": "USD", "decimals": 6, "threshold": "90%"},
                ],
                "debts": [
                    {"column": "dai", "asset": "USD", "decimals": 6},
                    {"column": "usdt", "asset": "USD", "decimals": 6},
                ],
            },
        }
        """

    /// Days of ETH at 100 USD, from the first of 2020 on.
    private func days(
        _ rows: [String], mapping: String = mapping, skipsImpossible: Bool = false
    ) throws -> CustomerSeries.Days {
        let fixture = try ImportFixture()
        let prices = try fixture.write(
            ImportFixture.klines(Array(repeating: "100.00", count: 3)), to: "eth.csv")
        var wish = ImportWish()
        wish.asset = AssetID("ETH")
        // The last candle ends in the first minutes of the year, and is known for two days.
        let layout = try #require(ImportKind.klines.layout(wish))
        _ = try fixture.run(.klines, layout, [prices], to: "eth.bailiff")
        var table = PriceTable(quote: AssetID("USD"))
        try table.take(
            try RecordingReader(path: fixture.path("eth.bailiff")), path: "eth.bailiff")
        let file = try fixture.write(
            (["date,user,eth,usdc,dai,usdt"] + rows).joined(separator: "\n") + "\n", to: "u.csv")
        var series = try CustomerSeries(
            try MappingFile.read(Array(mapping.utf8), file: "m.json", wish: ImportWish()),
            mapping: "m.json", prices: table, skipsImpossible: skipsImpossible)
        try series.read(file)
        return try series.days(seed: 1)
    }

    private func all(_ days: CustomerSeries.Days) -> [CustomerDay] {
        days.halves.fitted.days + days.halves.scored.days
    }

    @Test(
        arguments: [
            ("12,,500,", CustomerMove.topUp, 200_000),
            ("10,200,500,", .topUp, 200_000),
            ("8,,500,", .withdraw, 200_000),
            ("10,,400,", .repay, 200_000),
            ("10,,500,50", .borrow, 100_000),
            ("10,,,", .leave, 1_000_000),
            // The larger of two things that were done.
            ("12,,499,", .topUp, 200_000),
        ] as [(String, CustomerMove, UInt64)])
    func `what an owner did is what changed most`(
        after: String, move: CustomerMove, sizePpm: UInt64
    ) throws {
        let found = all(try days(["2020-01-02,a,10,,500,", "2020-01-03,a,\(after)"]))
        // Ten at 100 USD, of which 80 % count, against 500 USD.
        #expect(
            found == [
                CustomerDay(healthPpm: 1_600_000, quietDays: 0, move: move, sizePpm: sizePpm)
            ])
    }

    @Test(arguments: ["10,,500,", "10,,504.9,", "10.09,,500,"])
    func `interest is no move`(after: String) throws {
        let found = all(try days(["2020-01-02,a,10,,500,", "2020-01-03,a,\(after)"]))
        #expect(found.map(\.move) == [nil])
    }

    @Test func `days are left out and counted where nothing can be said of them`() throws {
        let found = try days([
            "2020-01-02,a,10,,500,", "2020-01-03,a,10,,500,",
            "2020-01-02,b,10,,500,", "2020-01-04,b,10,,500,",
            "2020-01-02,c,5,,500,", "2020-01-03,c,5,,500,",
            "2020-01-05,d,10,,500,", "2020-01-06,d,10,,500,",
            "2020-01-02,e,10,,,", "2020-01-03,e,10,,,",
        ])
        #expect(all(found).count == 1)
        #expect(found.report.count(of: "days left out, because the next is missing") == 1)
        #expect(found.report.count(of: "days left out, because health was below 1") == 1)
        #expect(found.report.count(of: "days left out, because something had no price") == 1)
    }

    @Test func `less than nothing is refused, or left out and counted`() throws {
        let rows = [
            "2020-01-02,a,10,,500,", "2020-01-03,a,10,,500,", "2020-01-03,b,10,-5,500,",
        ]
        let refused = #expect(throws: ImportRefused.self) { try days(rows) }
        #expect(refused?.line == 4)
        #expect(refused?.reason.contains("--skip-impossible") == true)
        #expect(
            try days(rows, skipsImpossible: true).report.count(of: "impossible rows left out") == 1)
    }

    @Test func `a mapping without thresholds, and an account twice a day, are refused`() throws {
        let rows = ["2020-01-02,a,10,,500,", "2020-01-02,a,10,,500,"]
        #expect(throws: CustomerRefused.self) { try days(rows) }
        let refused = #expect(throws: ImportRefused.self) {
            try days(rows, mapping: Self.mapping.replacing(", \"threshold\": \"80%\"", with: ""))
        }
        #expect(refused?.reason.contains("needs a threshold") == true)
    }
}
