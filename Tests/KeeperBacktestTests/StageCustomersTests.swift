import Foundation
import KeeperBacktest
import KeeperFeeds
import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing
import VenueSimulator
import WideMath

/// Owners who act at a stage of history.
@Suite struct StageCustomersTests {
    private static let rivals = RivalModel(mode: .firstCome, counts: [1], seed: 5)

    /// So much of each move in a million days, whatever the state.
    private static func hazard(_ moves: [UInt64]) -> CustomerHazard {
        let bins = CustomerBins.standard
        return CustomerHazard(
            bins: bins,
            cells: Array(
                repeating: CustomerHazard.Cell(days: 1_000, movesPpm: moves),
                count: bins.cellCount),
            sizesPpm: CustomerMove.allCases.map { _ in [50_000, 100_000] },
            provenance: CustomerFitTests.provenance,
            score: CustomerScore(
                [], constant: moves, bins: bins, fitted: CustomerSample(),
                scored: CustomerSample()))
    }

    /// What is heard of accounts after the opening, over so many hours of prices that stand still.
    private func changes(
        _ hazard: CustomerHazard, hours: Int = 240
    ) throws -> [(at: Instant, market: MarketID, state: AccountState)] {
        let rig = try HistoryRig(hours: hours)
        let source = try rig.opening(Self.rivals, customers: hazard).source
        guard case .history(var feed) = source else { return [] }
        var changes: [(Instant, MarketID, AccountState)] = []
        while let letters = try feed.next() {
            for letter in letters {
                guard case .accountsChanged(let market, let changed, _) = letter.body else {
                    continue
                }
                changes += changed.map { (letter.receivedAt, market, $0) }
            }
        }
        return changes
    }

    @Test func `owners act as often as the hazard says, each move its own way`() throws {
        let hazard = Self.hazard([40_000, 0, 0, 0, 0])
        let topUps = try changes(hazard)
        // 240 accounts over ten days, to four standard deviations.
        let expected = 240.0 * 10 * 0.04
        #expect(abs(Double(topUps.count) - expected) < 4 * expected.squareRoot(), "\(topUps.count)")
        #expect(Set(topUps.map(\.market)).count == 4)
        let leavers = try changes(Self.hazard([0, 0, 0, 0, 40_000]))
        for (_, _, state) in leavers {
            guard case .lending(let position) = state.position else {
                Issue.record("a trove cannot be paid back here: \(state)")
                continue
            }
            #expect(position.debts.isEmpty, "\(state.account)")
        }
        // Whoever has left owes nothing, and does not act again.
        let names = leavers.map { $0.market.text + "/" + $0.state.account.text }
        #expect(Set(names).count == names.count && names.count > 40)
    }

    @Test func `draws hang on account and day alone`() throws {
        let few = Self.hazard([20_000, 20_000, 0, 0, 0])
        let whole = try changes(few)
        #expect(whole.count > 50)
        let again = try changes(few)
        #expect(again.map(\.state) == whole.map(\.state) && again.map(\.at) == whole.map(\.at))
        // What is cut off the end of history changes nothing before it.
        let cut = try changes(few, hours: 96)
        let end = Instant(milliseconds: ImportFixture.start + 95 * 3_600_000)
        #expect(cut.map(\.state) == whole.filter { $0.at <= end }.map(\.state))
        #expect(cut.count > 10)
        // Whoever also borrows and withdraws tops up and repays when they would have.
        let more = try changes(Self.hazard([20_000, 20_000, 20_000, 20_000, 0]))
        #expect(more.count > whole.count)
        let first = Dictionary(grouping: more) { $0.market.text + "/" + $0.state.account.text }
        for (at, market, state) in whole {
            let found = first[market.text + "/" + state.account.text] ?? []
            #expect(found.contains { $0.at == at }, "\(state.account)")
        }
    }

    @Test func `nobody takes out so much that they could be closed`() throws {
        let greedy = Self.hazard([0, 0, 150_000, 150_000, 0])
        let rig = try HistoryRig(hours: 240)
        let source = try rig.opening(Self.rivals, customers: greedy).source
        guard case .history(var feed) = source else { return }
        var venue = CounterfactualVenue(keeper: "dry", wallet: [])
        var count = 0
        while let letters = try feed.next() {
            for letter in letters {
                _ = venue.observe(letter.body, height: letter.height, at: letter.receivedAt)
                guard case .accountsChanged(let market, let changed, _) = letter.body else {
                    continue
                }
                for state in changed {
                    count += 1
                    let target = Target(
                        domain: rig.workplace.config.venue.domain, market: market,
                        account: state.account)
                    let health = try #require(venue.healthWad(of: target))
                    #expect(health >= wad * 105 / 100, "\(state.account) at \(health)")
                }
            }
        }
        #expect(count > 200)
    }

    @Test func `with customers every unit stays explained, and the result says who they are`()
        throws
    {
        let hazard = Self.hazard([60_000, 60_000, 60_000, 60_000, 10_000])
        let rig = try HistoryRig()
        let parts = try rig.opening(Self.rivals, customers: hazard).parts
        let part = try #require(parts.first { $0.name == "customers" })
        #expect(part.line.hasPrefix("customers: borrowed from 2020-01-01 to 2020-01-26: "))
        #expect(part.law.contains("no better than a constant"))
        #expect(parts.contains { $0.name == "accounts" && $0.law.contains("customers act") })
        let run = try rig.run(["full-close", "push-reward"], Self.rivals, customers: hazard)
        for band in run.bands {
            let level = try #require(band.levels.first)
            #expect(level.result.isReconciled, "\(band.name)")
            #expect(level.result.tally.wonCount > 0, "\(band.name)")
        }
    }

    /// Fifty accounts of Aave v2, every day of a year: running sums of flows, of which only some
    /// are whole enough to have a health.
    @Test(
        .enabled(
            if: isThere("positions"),
            "needs recorded data under BAILIFF_SHARED"))
    func `recorded borrowers are enough for a hazard that is fitted and scored`() throws {
        let fixture = try ImportFixture()
        var table = PriceTable(quote: AssetID("USD"))
        let priced = [
            "WETH", "WBTC", "LINK", "AAVE", "UNI", "CRV", "YFI", "SNX", "MKR", "BAL", "REN", "ZRX",
        ]
        for asset in priced {
            var wish = ImportWish()
            wish.priceDecimals = 18
            let mapping = """
                {"rows": "prices", "time": {"column": "ts_ms", "unit": "ms"},
                 "price": {"asset": "\(asset)", "kind": "market", "column": "usd"}}
                """
            _ = try fixture.run(
                .columns, try MappingFile.read(Array(mapping.utf8), file: "m", wish: wish),
                ["\(sharedData)/prices-multiasset-hourly/\(asset)_usd_1h.csv.gz"],
                to: asset + ".bailiff")
            let path = fixture.path(asset + ".bailiff")
            try table.take(try RecordingReader(path: path), path: path)
        }
        func balance(_ column: String, _ asset: String, _ threshold: String) -> String {
            "{\"column\": \"\(column)\", \"asset\": \"\(asset)\", \"decimals\": 18\(threshold)}"
        }
        let held = priced.dropLast(2).map {
            balance($0 + "_deposited", $0, ", \"threshold\": \"75%\"")
        }
        let dollars = ["USDC", "USDT", "DAI"]
        let saved = dollars.map { balance($0 + "_deposited", "USD", ", \"threshold\": \"80%\"") }
        let debts =
            dollars.map { balance($0 + "_borrowed", "USD", "") }
            + ["WETH", "YFI", "SNX", "REN", "ZRX"].map { balance($0 + "_borrowed", $0, "") }
        let mapping = """
            {"rows": "positions", "time": {"column": "date", "unit": "date"}, "position": {
             "account": "user", "collateral": [\((held + saved).joined(separator: ","))],
             "debts": [\(debts.joined(separator: ","))]}}
            """
        var series = try CustomerSeries(
            try MappingFile.read(Array(mapping.utf8), file: "m", wish: ImportWish()),
            mapping: "m", prices: table, skipsImpossible: true)
        try series.read(sharedData + "/positions/aave-v2-50-users-daily.csv.gz")
        let days = try series.days(seed: 1)
        let sample = days.halves
        #expect(days.report.files.first?.rowCount == 9_932)
        #expect(sample.fitted.userCount + sample.scored.userCount >= 16)
        #expect(sample.fitted.moveCount + sample.scored.moveCount > 60)
        let hazard = try CustomerFit.hazard(days, seed: 1)
        // Whether it beats a constant is told, and hangs on which of so few users is in which half.
        #expect(hazard.score.fittedUsers >= 8 && hazard.score.scoredUsers >= 8)
        #expect(hazard.score.constantLogLikelihoodPpm < 0)
    }
}
