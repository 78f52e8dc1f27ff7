import KeeperBacktest
import KeeperCommands
import KeeperRuntime
import VenueSimulator

/// `study FILE`: imports every window, runs all strategies over it, prints one table.
struct StudyCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let file = parsed.arguments[0]
        let plan = try StudyFile.read(try InputFile.bytes(file), file: file)
        let windows = try windows(of: plan)
        let workplace = try Workplace(parsed, environment)
        try workplace.requireOneVenue(for: "'study'")
        let names = try StrategyChoosing(parsed, workplace).names
        let scratch = try TemporaryCopies(environment)
        let folder = try ResultFolder(parsed.value("rows") ?? file + ".rows")
        let study = StudyRun(
            plan, stage: try stage(of: plan, in: file), workplace: workplace,
            data: parsed.value("data") ?? ".", scratch: scratch.path,
            build: try ProgramFile.identity())
        let unit = workplace.config.unitOfAccount
        let rows: [StudyRow]
        do {
            rows = try study.run(
                try study.pieces(windows, names), jobCount: try jobCount(parsed), keptIn: folder
            ) { row, done, all in
                let net = StudyTable.headline(row, MoneyText(unit))
                StandardStream.error.line(
                    "\(done) of \(all): \(row.window), \(row.strategy): \(net)")
            }
        } catch let problem as ImportRefused {
            throw StartProblem(problem.cause.exitCode, problem.description)
        }
        let table = StudyTable(plan, rows, unit: unit)
        if parsed.has("json") {
            StandardStream.output.line(table.jsonText)
        } else {
            for line in table.lines { StandardStream.output.line(line) }
        }
        return table.isReconciled ? .done : .invariantBroken
    }

    private func windows(of plan: StudyPlan) throws(UsageError) -> [StudyPlan.Window] {
        let names = parsed.all("window")
        for name in names where !plan.windows.contains(where: { $0.name == name }) {
            let known = plan.windows.map(\.name).joined(separator: ", ")
            throw UsageError("no window '\(name)' in the study; there are \(known)")
        }
        return names.isEmpty ? plan.windows : plan.windows.filter { names.contains($0.name) }
    }

    private func stage(
        of plan: StudyPlan, in file: String
    ) throws -> (scenario: Scenario, sha256: String) {
        // Beside the study's file.
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        let path = folder + plan.stage
        return (try InputFile.scenario(path), try FileHash.sha256(of: path))
    }
}
