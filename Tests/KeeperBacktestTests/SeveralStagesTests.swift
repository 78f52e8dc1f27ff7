import KeeperBacktest
import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// Imported history at several venues in one pass.
@Suite struct SeveralStagesTests {
    typealias Rig = SeveralStagesRig

    @Test func `each stage is the same with another beside it`() throws {
        let rig = try Rig()
        let stages = try Rig.both.map { try rig.stage(at: $0) }
        let both = try rig.run(stages)
        for (index, stage) in stages.enumerated() {
            let alone = try rig.run([stage])
            for (level, own) in zip(both.bands[0].levels, alone.bands[0].levels) {
                let words = try #require(both.decisions[level.rivalCount]).words(at: stage.domain)
                #expect(words.count > 30, "\(stage.domain)")
                #expect(words == alone.decisions[level.rivalCount]?.words(at: stage.domain))
                let part = level.venues[index]
                #expect(part.netUnits == own.netUnits)
                #expect(part.costs == own.costs)
                #expect(part.result.settlements == own.result.settlements)
            }
        }
        let level = both.bands[0].levels[1]
        #expect(level.result.isReconciled)
        #expect(level.venues.map(\.costs.gasUnits).reduce(.zero, +) == level.costs.gasUnits)
        #expect(level.venues.count { $0.costs.gasUnits > .zero } == 2)
        #expect(level.netUnits == level.venues.reduce(.zero) { $0 + $1.netUnits })
    }

    @Test func `what a result rests on is said of each venue, and once where it is the same`()
        throws
    {
        let rig = try Rig()
        let parts = try rig.opening(try Rig.both.map { try rig.stage(at: $0) }).opening.parts
        let own = parts.filter { $0.domain == Rig.south }
        #expect(own.map(\.name) == ["accounts", "oracle"])
        #expect(own[0].line.hasPrefix("south: accounts: assumed: drawn by seed 8"))
        #expect(parts.filter { $0.name == "gas" }.map(\.domain) == [nil])
        #expect(parts.filter { $0.name == "klines" }.map(\.domain) == [nil, nil])
    }

    /// A price is everybody's, an account is somebody's.
    @Test func `closes of one venue are heard there and nowhere else`() throws {
        let rig = try Rig()
        let stages = try Rig.both.map { try rig.stage(at: $0) }
        let real = RivalModel(mode: .historical, seed: 5)
        let quiet = try rig.run(stages, rivals: real)
        // The first who may be closed has the same name at both.
        let first = try #require(
            quiet.decisions[0]?.first { $0.verdict == .eligible && $0.target.domain == Rig.south })
        let second = (first.decidedAt.nanoseconds / 1_000_000_000 + 1)
        let file = try rig.rig.fixture.write(
            """
            timestamp,user,liquidator,collateral_asset,collateral_amount,debt_asset,debt_amount
            \(second),\(first.target.account),bot,WETH,10,USDC,1000
            """, to: "closes.csv")
        var wish = ImportWish()
        wish.market = first.target.market
        let layout = try #require(ImportKind.liquidations.layout(wish))
        for (name, domain) in [("south.bailiff", Rig.south), ("nobody.bailiff", nil)] {
            _ = try Importer(kind: .liquidations, layout: layout, domain: domain)
                .run([file], to: rig.rig.fixture.path(name))
        }
        let heard = try rig.run(stages, with: ["south.bailiff"], rivals: real)
        #expect(
            heard.decisions[0]?.words(at: Rig.north) == quiet.decisions[0]?.words(at: Rig.north))
        #expect(heard.bands[0].levels[0].venues.map(\.costs.missedCount) == [0, 1])
        let stop = #expect(throws: KeeperStop.self) {
            _ = try rig.opening(stages, with: ["nobody.bailiff"])
        }
        #expect(stop?.description.hasSuffix("import it with --domain") == true)
    }

    @Test func `a stage that is missing, or a file of nobody's, is refused by name`() throws {
        let rig = try Rig()
        let north = try rig.stage(at: Rig.north)
        let recordings = [
            (path: "eth", reader: try rig.rig.reader("ETH.bailiff")),
            (path: "btc", reader: try rig.rig.reader("WBTC.bailiff")),
        ]
        let both = try rig.workplace(of: Rig.both)
        let lacking = #expect(throws: KeeperStop.self) {
            _ = try HistoryOpening(
                recordings, stages: [north], rivals: Rig.rivals, workplace: both)
        }
        #expect(lacking?.description.contains("needs --on south=SCENARIO") == true)
        let file = try rig.rig.fixture.write("timestamp,gas_price\n1,1\n", to: "gas.csv")
        let layout = try #require(ImportKind.klines.layout(ImportWish.of("ETH")))
        #expect(throws: ImportRefused.self) {
            _ = try Importer(kind: .klines, layout: layout, domain: DomainID("east"))
                .run([file], to: rig.rig.fixture.path("east.bailiff"))
        }
        let prices = try rig.rig.fixture.write(
            ImportFixture.klines(["1.00", "1.00"], every: .seconds(60)), to: "east.csv")
        _ = try Importer(kind: .klines, layout: layout, domain: DomainID("east"))
            .run([prices], to: rig.rig.fixture.path("east.bailiff"))
        let foreign = #expect(throws: KeeperStop.self) {
            _ = try rig.opening([north], with: ["east.bailiff"])
        }
        #expect(foreign?.description.contains("was imported for 'east'") == true)
    }

    @Test func `venues that count in different money have no total, and each its own`() throws {
        let rig = try Rig()
        let stages = [
            try rig.stage(at: Rig.north), try rig.stage(at: Rig.south, in: "EUR"),
        ]
        let band = try rig.run(stages).bands[0]
        #expect(!band.hasOneUnit)
        #expect(band.headline(of: Rig.rivals) == nil)
        #expect(band.headline(of: Rig.rivals, atVenue: 1) != nil)
        let level = band.levels[1]
        #expect(level.venues.map(\.result.unit.asset) == [AssetID("USD"), AssetID("EUR")])
        #expect(level.result.isReconciled)
        let stop = #expect(throws: KeeperStop.self) { _ = try level.result.netUnits() }
        #expect(stop?.description.contains("north in USD, south in EUR") == true)
    }
}

extension ImportWish {
    fileprivate static func of(_ asset: String) -> ImportWish {
        var wish = ImportWish()
        wish.asset = AssetID(asset)
        return wish
    }
}
