import KeeperBacktest
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `backtest --report`: a page about one world. Of a recording of a run that is the recorded one,
/// with the closes of others that are in it; of imported history it is the one with most rivals.
final class BacktestReporting {
    private let files: ReportFiles
    private let workplace: Workplace
    private let paths: [String]
    private let isHistory: Bool
    private let assumptions: [String]
    private var watched: [StrategyName: (witness: RunWitness, lines: LineFile)] = [:]

    /// Nil where no report is asked for.
    init?(_ parsed: ParsedCommand, _ workplace: Workplace) throws {
        guard let page = parsed.value("report") else { return nil }
        isHistory = !parsed.all("on").isEmpty
        files = try ReportFiles(page: page)
        // Before the run: nobody waits for an hour to hear it.
        try files.requireNobodyElses()
        self.workplace = workplace
        paths = parsed.arguments
        assumptions = VirtualRunPrinting(parsed, workplace).assumptions
    }

    /// Whoever is to see the runs of a pass; nobody, where each strategy runs once more by itself.
    func watch(_ names: [StrategyName]) throws {
        guard isHistory else { return }
        for name in names { watched[name] = try witness(of: name) }
    }

    func witness(of names: [StrategyName], against count: Int, _ model: RivalModel) -> RunWitness? {
        guard count == model.counts.last, names.count == 1 else { return nil }
        return watched[names[0]]?.witness
    }

    func report(
        on names: [StrategyName], _ bands: [BacktestBand], _ model: RivalModel,
        _ opening: HistoryOpening
    ) throws {
        let runs =
            try isHistory
            ? zip(names, bands).compactMap { try watchedRun($0, $1, model) } : names.map(ownRun)
        let head = try ReportHead(
            recordings: paths, workplace: workplace,
            assumptions: isHistory ? opening.parts.map(\.line) : assumptions,
            triedCount: runs.count)
        let unit = workplace.config.unitOfAccount
        let section = isHistory ? BandSection(bands, rivals: model, unit: unit) : nil
        try files.write(ReportPage(head, runs, bands: section))
    }

    private func watchedRun(
        _ name: StrategyName, _ band: BacktestBand, _ model: RivalModel
    ) throws -> RunMeasures? {
        guard let (witness, lines) = watched[name], let level = band.levels.last else {
            return nil
        }
        try lines.close()
        return RunMeasures(
            name: name.text, unit: workplace.config.unitOfAccount, result: level.result,
            witness: witness,
            rivals: model.mode == .historical ? nil : .equals(count: level.rivalCount),
            races: level.venueCosts)
    }

    private func ownRun(_ name: StrategyName) throws -> RunMeasures {
        let (witness, lines) = try witness(of: name)
        let result = try Backtest(workplace, recordings: paths)
            .run([name], decisions: DecisionStore(nil), witness: witness)
        try lines.close()
        return RunMeasures(
            name: name.text, unit: workplace.config.unitOfAccount, result: result,
            witness: witness)
    }

    private func witness(
        of name: StrategyName
    ) throws -> (witness: RunWitness, lines: LineFile) {
        let lines = try LineFile(files.decisions(of: name.text))
        let witness = RunWitness(
            decisions: DecisionStore(nil, writeLine: lines.append),
            unit: workplace.config.unitOfAccount.asset)
        return (witness, lines)
    }
}
