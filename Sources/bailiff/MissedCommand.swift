import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import KeeperStrategy

/// `missed FILE...`: what others closed, and why we did not.
struct MissedCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let workplace = try Workplace(parsed, environment)
        let rivals = RivalModel(mode: .historical, seed: 1)
        let opening = try HistoryOptions(parsed).opening(rivals, workplace)
        let report = MissedReport()
        let bar = ProgressBar(opening)
        let bands = try BacktestPass(workplace, rivals: rivals).run(
            [workplace.strategies.map(\.name)], from: opening.source,
            decisions: { _, _ in report }, progress: bar.show)
        bar.end()
        show(report, opening.parts, bands[0].levels[0].result)
        return .done
    }

    private func show(
        _ report: MissedReport, _ parts: [ModelPart], _ result: BacktestResult
    ) {
        let wonCount = result.tally.wonCount
        guard parsed.has("json") else {
            let lines =
                report.text(result.units)
                + ["others closed \(report.items.count), we would have closed \(wonCount)"]
                + parts.map { "rests on " + $0.line }
            for line in lines { StandardStream.output.line(line) }
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("closesWon", wonCount)
        report.write(result.units, to: &json)
        json.endObject()
        StandardStream.output.line(String(decoding: json.finish(), as: UTF8.self))
    }
}
