import Foundation
import KeeperBacktest
import KeeperModel
import KeeperRuntime
import Synchronization
import Testing

/// Several windows in one table.
@Suite struct StudyTests {
    private static let text = """
        // A comment.
        {
            "study": "two", "stage": "history.json", "rivals": "first-come", "against": [0, 1],
            "seed": 5,
            "windows": [
                {"window": "both", "imports": [
                    {"kind": "klines", "asset": "ETH", "files": ["ETH.csv"]},
                    {"kind": "klines", "asset": "WBTC", "files": ["WBTC.csv"]},
                ]},
                {"window": "again", "imports": [
                    {"kind": "klines", "asset": "ETH", "files": ["ETH.csv"]},
                    {"kind": "klines", "asset": "WBTC", "files": ["WBTC.csv"]},
                ]},
            ],
        }
        """

    private static let strategies = [StrategyName("full-close"), StrategyName("flash-optimal")]

    private func study(
        _ rig: HistoryRig, build: String = "this program"
    ) throws -> (run: StudyRun, pieces: [StudyRun.Piece], plan: StudyPlan) {
        let plan = try StudyFile.read(Array(Self.text.utf8), file: "two.json")
        let run = StudyRun(
            plan, stage: (rig.stage, "stage"), workplace: rig.workplace, data: rig.fixture.folder,
            scratch: rig.fixture.folder, build: build)
        return (run, try run.pieces(plan.windows, Self.strategies), plan)
    }

    /// The table, and the rows in the order in which they were done.
    private func run(
        _ rig: HistoryRig, jobCount: Int, keptIn folder: String, first count: Int = .max
    ) throws -> (table: StudyTable, told: [String]) {
        let (run, pieces, plan) = try study(rig)
        let told = Mutex<[String]>([])
        let rows = try run.run(
            Array(pieces.prefix(count)), jobCount: jobCount,
            keptIn: try ResultFolder(rig.fixture.path(folder))
        ) { row, done, all in
            told.withLock { $0.append("\(done) of \(all): \(row.window) \(row.strategy)") }
        }
        return (
            StudyTable(plan, rows, unit: rig.workplace.config.unitOfAccount), told.withLock { $0 }
        )
    }

    @Test func `a window is what a backtest of its files is, however many run at once`() throws {
        let rig = try HistoryRig()
        let alone = try run(rig, jobCount: 1, keptIn: "one").table
        #expect(alone.isReconciled)
        #expect(try run(rig, jobCount: 2, keptIn: "two").table.lines == alone.lines)
        let model = RivalModel(mode: .firstCome, counts: [0, 1], seed: 5)
        let band = try #require(try rig.run(["full-close"], model).bands.first)
        let (won, lost) = (
            band.levels[1].result.tally.wonCount, band.levels[1].costs.missedCount
        )
        #expect(won > 0 && lost > 0)
        let row = try #require(alone.lines.first { $0.contains("both | `full-close`") })
        #expect(row.contains("\(won) won, \(lost) lost, "))
        // What all rest on is said once.
        #expect(alone.lines.count { $0.hasPrefix("- latency") } == 1)
        #expect(alone.lines.count { $0.hasPrefix("| both |") || $0.hasPrefix("| again |") } == 2)
    }

    @Test func `a study that was broken off goes on, and gives the same table`() throws {
        let rig = try HistoryRig()
        let whole = try run(rig, jobCount: 1, keptIn: "whole")
        #expect(
            whole.told == [
                "1 of 4: both full-close", "2 of 4: both flash-optimal", "3 of 4: again full-close",
                "4 of 4: again flash-optimal",
            ])
        #expect(try run(rig, jobCount: 1, keptIn: "broken", first: 3).told.count == 3)
        // The third was under way when it broke off: a file with half a row in it.
        let (study, pieces, _) = try study(rig)
        let torn = rig.fixture.path("broken") + "/\(pieces[2].key).json"
        try Data("{\"window\":".utf8).write(to: URL(filePath: torn))
        let resumed = try run(rig, jobCount: 2, keptIn: "broken")
        #expect(resumed.table.lines == whole.table.lines)
        #expect(resumed.table.jsonText == whole.table.jsonText)
        #expect(resumed.told.prefix(2) == whole.told.prefix(2))
        // What is kept is believed, which only a run without its data shows.
        for file in ["ETH.csv", "WBTC.csv"] {
            try FileManager.default.removeItem(atPath: rig.fixture.path(file))
        }
        let kept = try study.run(
            pieces, jobCount: 1, keptIn: try ResultFolder(rig.fixture.path("broken"))
        ) { _, _, _ in }
        #expect(kept.count == 4)
        #expect(throws: (any Error).self) {
            try study.run(
                pieces, jobCount: 1, keptIn: try ResultFolder(rig.fixture.path("empty"))
            ) { _, _, _ in }
        }
    }

    @Test func `a row of another program, window or strategy is not taken for this one`() throws {
        let rig = try HistoryRig()
        let keys = try study(rig).pieces.map(\.key)
        #expect(Set(keys).count == 4)
        #expect(Set(keys).isDisjoint(with: try study(rig, build: "another").pieces.map(\.key)))
        try rig.fixture.write(ImportFixture.klines(["200.00", "199.00"]), to: "ETH.csv")
        #expect(Set(keys).isDisjoint(with: try study(rig).pieces.map(\.key)))
    }

    @Test func `a study may bring its books, and every row says what they are`() throws {
        let rig = try HistoryRig()
        try rig.fixture.write(
            BookImportTests.snapshot(
                0, id: 1, bids: #"["190","900"]"#, asks: #"["210","900"]"#), to: "eth.jsonl")
        func rows(_ depth: String) throws -> (rows: [StudyRow], keys: [String]) {
            let text = Self.text.replacing("\"seed\": 5,", with: "\"seed\": 5, \(depth)")
            let plan = try StudyFile.read(Array(text.utf8), file: "two.json")
            let run = StudyRun(
                plan, stage: (rig.stage, "stage"), workplace: rig.workplace,
                data: rig.fixture.folder, scratch: rig.fixture.folder, build: "this program")
            let pieces = try run.pieces(Array(plan.windows.prefix(1)), [Self.strategies[0]])
            let folder = try ResultFolder(rig.fixture.path("books"))
            return (
                try run.run(pieces, jobCount: 1, keptIn: folder) { _, _, _ in }, pieces.map(\.key)
            )
        }
        let books = #""books": [{"asset": "ETH", "decimals": 18, "files": ["eth.jsonl"]}]"#
        let own = try rows("")
        let given = try rows(#""depth": {\#(books)},"#)
        let scaled = try rows(#""depth": {"scale": "0.01", \#(books)},"#)
        #expect(Set(own.keys + given.keys + scaled.keys).count == 3)
        let part = try #require(scaled.rows[0].parts.first { $0.name == "depth of ETH" })
        #expect(part.origin == .borrowed(from: "2024-08-08"))
        #expect(part.law.contains("scaled by 10000 millionths"))
        let nets = [own, given, scaled].map { $0.rows[0].levels[1].netUnits }
        #expect(Set(nets).count == 3, "\(nets)")
    }

    @Test func `beside real closes nobody is called alone`() throws {
        let plan = try StudyFile.read(
            Array(Self.text.replacing("first-come", with: "historical").utf8), file: "two.json")
        #expect(plan.rivals.countNames == ["real closes"])
        let head = try #require(
            StudyTable(plan, [], unit: HistoryRig().workplace.config.unitOfAccount).lines.first)
        #expect(head == "| Window | Strategy | Headline | real closes |")
        let page = BandSection(
            [], rivals: plan.rivals, unit: .init(asset: AssetID("USD"), decimals: 6))
        #expect(page.html.contains("real closes") && !page.html.contains("alone"))
    }

    @Test(arguments: [
        (#""window": "again""#, #""window": "both""#, "two.json:5:"),
        (#""first-come""#, #""quickest""#, "two.json:3:"),
        ("[0, 1]", "[0]", "two.json:3:"),
        (#""kind": "klines", "asset": "ETH", "#, #""kind": "klines", "#, "two.json:7:"),
        (#""seed": 5,"#, #""seed": 5, "speed": 1,"#, "two.json"),
    ])
    func `a mistake is refused at its place`(old: String, new: String, place: String) throws {
        let text = Self.text.replacingOccurrences(of: old, with: new)
        let problem = try #require(throws: StartProblem.self) {
            try StudyFile.read(Array(text.utf8), file: "two.json")
        }
        #expect(problem.description.hasPrefix(place), "\(problem)")
    }
}
