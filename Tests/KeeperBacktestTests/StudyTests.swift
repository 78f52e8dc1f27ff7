import Foundation
import KeeperBacktest
import KeeperModel
import KeeperRuntime
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

    private func run(_ rig: HistoryRig, jobCount: Int) throws -> StudyTable {
        let plan = try StudyFile.read(Array(Self.text.utf8), file: "two.json")
        let study = StudyRun(
            plan, stage: rig.stage, workplace: rig.workplace,
            strategies: [StrategyName("full-close"), StrategyName("flash-optimal")],
            data: rig.fixture.folder, scratch: rig.fixture.folder)
        let results = try study.run(plan.windows, jobCount: jobCount) { _ in }
        return StudyTable(plan, results, unit: rig.workplace.config.unitOfAccount)
    }

    @Test func `a window is what a backtest of its files is, however many run at once`() throws {
        let rig = try HistoryRig()
        let alone = try run(rig, jobCount: 1)
        #expect(alone.isReconciled)
        #expect(try run(rig, jobCount: 2).lines == alone.lines)
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

    @Test(arguments: [
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
