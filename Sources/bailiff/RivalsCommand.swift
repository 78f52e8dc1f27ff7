import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import KeeperStrategy

/// `rivals FILE...`: who closes what, as recorded, or against rivals of a simulation.
struct RivalsCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let workplace = try Workplace(parsed, environment)
        let isSimulated = parsed.value("rivals") != nil || parsed.value("against") != nil
        let options = HistoryOptions(parsed)
        let model = isSimulated ? try options.rivals() : RivalModel(mode: .historical, seed: 1)
        let opening = try options.opening(model, workplace)
        guard isSimulated, model.mode != .historical else {
            show(
                [("as recorded", try RivalsReport.watched(opening.source, workplace))],
                opening.parts.filter { $0.name == "oracle" }, workplace)
            return .done
        }
        var reports: [(name: String, report: RivalsReport)] = []
        let bar = ProgressBar(opening)
        var open: [String: RivalsReport] = [:]
        _ = try BacktestPass(workplace, rivals: model).run(
            [workplace.strategies.map(\.name)], from: opening.source,
            decisions: { _, count in
                let report = RivalsReport()
                reports.append(("against \(count)", report))
                open["\(count)"] = report
                return report
            }, events: { _, count in open["\(count)"] }, progress: bar.show)
        bar.end()
        show(reports, opening.parts, workplace)
        return .done
    }

    private func show(
        _ reports: [(name: String, report: RivalsReport)], _ parts: [ModelPart],
        _ workplace: Workplace
    ) {
        guard parsed.has("json") else {
            for (name, report) in reports {
                for line in [name] + report.text(report.units(workplace.config)) + [""] {
                    StandardStream.output.line(line)
                }
            }
            for part in parts { StandardStream.output.line("rests on " + part.line) }
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("runs")
        json.beginArray()
        for (name, report) in reports {
            json.beginObject()
            json.member("run", name)
            report.write(report.units(workplace.config), to: &json)
            json.endObject()
        }
        json.endArray()
        json.key("parts")
        json.beginArray()
        for part in parts { part.write(to: &json) }
        json.endArray()
        json.endObject()
        StandardStream.output.line(String(decoding: json.finish(), as: UTF8.self))
    }
}
