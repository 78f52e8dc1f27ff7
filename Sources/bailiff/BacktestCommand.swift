import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperRuntime
import WideMath

/// `backtest FILE...`: each strategy by itself, against nobody and against rivals, in one reading.
struct BacktestCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let options = HistoryOptions(parsed)
        let rivals = try options.rivals()
        let workplace = try Workplace(parsed, environment)
        let names = try StrategyChoosing(parsed, workplace).names
        let reporting = try BacktestReporting(parsed, workplace)
        let opening = try options.opening(rivals, workplace)
        let bar = ProgressBar(opening)
        try reporting?.watch(names)
        let bands = try BacktestPass(workplace, rivals: rivals).run(
            names.map { [$0] }, from: opening.source,
            witness: { reporting?.witness(of: $0, against: $1, rivals) }, progress: bar.show)
        bar.end()
        try reporting?.report(on: names, bands, rivals, opening)
        return BandPrinting(
            unit: workplace.config.unitOfAccount, parts: opening.parts, rivals: rivals
        ).show(bands, asJSON: parsed.has("json"))
    }
}
