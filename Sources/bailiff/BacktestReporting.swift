import KeeperBacktest
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `backtest --report`: each strategy once more by itself over the recording of a run, watched, and
/// the page when all are over. The runs of a band are many; a page is about one world.
final class BacktestReporting {
    private let files: ReportFiles
    private let workplace: Workplace
    private let path: String
    private let assumptions: [String]
    private var runs: [RunMeasures] = []

    /// Nil where no report is asked for.
    init?(_ parsed: ParsedCommand, _ workplace: Workplace) throws(UsageError) {
        guard let page = parsed.value("report") else { return nil }
        guard parsed.arguments.count == 1, parsed.value("on") == nil else {
            throw UsageError("--report is about one recording of a run, without --on")
        }
        files = try ReportFiles(page: page)
        self.workplace = workplace
        path = parsed.arguments[0]
        assumptions = VirtualRunPrinting(parsed, workplace).assumptions
    }

    func report(on names: [StrategyName]) throws {
        let backtest = Backtest(workplace, recording: path)
        for name in names { try run(backtest, name) }
        let head = try ReportHead(
            recording: path, workplace: workplace, assumptions: assumptions,
            triedCount: runs.count)
        try files.write(ReportPage(head, runs))
    }

    private func run(_ backtest: Backtest, _ strategy: StrategyName) throws {
        let lines = try LineFile(files.decisions(of: strategy.text))
        let unit = workplace.config.unitOfAccount
        let witness = RunWitness(
            decisions: DecisionStore(nil, writeLine: lines.append), unit: unit.asset)
        let result = try backtest.run(
            [strategy], decisions: DecisionStore(nil), witness: witness)
        try lines.close()
        runs.append(
            RunMeasures(name: strategy.text, unit: unit, result: result, witness: witness))
    }
}
