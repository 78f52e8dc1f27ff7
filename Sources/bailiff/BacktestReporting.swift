import KeeperBacktest
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `backtest --report`: watches each run, and writes the page when all are over.
final class BacktestReporting {
    private let files: ReportFiles
    private let workplace: Workplace
    private let path: String
    private var runs: [RunMeasures] = []

    /// Nil where no report is asked for.
    init?(
        _ parsed: ParsedCommand, _ workplace: Workplace, recording path: String
    ) throws(UsageError) {
        guard let page = parsed.value("report") else { return nil }
        files = try ReportFiles(page: page)
        self.workplace = workplace
        self.path = path
    }

    func run(_ backtest: Backtest, _ strategy: StrategyName) throws -> BacktestResult {
        let lines = try LineFile(files.decisions(of: strategy.text))
        let unit = workplace.config.unitOfAccount
        let witness = RunWitness(
            decisions: DecisionStore(nil, writeLine: lines.append), unit: unit.asset)
        let result = try backtest.run(
            [strategy], decisions: DecisionStore(nil), witness: witness)
        try lines.close()
        runs.append(
            RunMeasures(name: strategy.text, unit: unit, result: result, witness: witness))
        return result
    }

    func finish(assumptions: [String]) throws {
        let head = try ReportHead(
            recording: path, workplace: workplace, assumptions: assumptions,
            triedCount: runs.count)
        try files.write(ReportPage(head, runs))
    }
}
