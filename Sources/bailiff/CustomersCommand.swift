import FoundationEssentials
import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `customers fit FILE... --out FILE`: a hazard of what borrowers do, and how good it is.
struct CustomersCommand {
    private let parsed: ParsedCommand

    init(_ parsed: ParsedCommand) {
        self.parsed = parsed
    }

    func run() throws -> ExitCode {
        guard let out = parsed.value("out") else {
            throw UsageError("'customers fit' needs --out: the hazard to write")
        }
        guard let mapping = parsed.value("mapping") else {
            throw UsageError(
                "'customers fit' needs --mapping: a file that says what the columns are")
        }
        let seed = UInt64(try parsed.number("seed", 0...Int.max) ?? 1)
        let prices = try prices()
        do {
            let layout = try MappingFile.read(
                try InputFile.bytes(mapping), file: mapping, wish: ImportWish())
            var series = try CustomerSeries(
                layout, mapping: mapping, prices: prices,
                skipsImpossible: parsed.has("skip-impossible"))
            for file in parsed.arguments { try series.read(file) }
            let days = try series.days(seed: seed)
            let hazard = try CustomerFit.hazard(days, seed: seed)
            try write(hazard, to: out)
            show(CustomerReport(hazard, days.report), out)
        } catch let problem as ImportRefused {
            throw StartProblem(problem.cause.exitCode, problem.description)
        } catch let problem as CustomerRefused {
            throw StartProblem(.badInput, problem.description)
        }
        return .done
    }

    private func prices() throws -> PriceTable {
        let text = parsed.value("quote") ?? "USD"
        guard let quote = AssetID(checking: text) else {
            throw UsageError("--quote is 1 to 64 of A-Z a-z 0-9 . _ -; found '\(text)'")
        }
        var table = PriceTable(quote: quote)
        for path in parsed.all("prices") {
            try RecordingFileOpening.requireOneVenue(path)
            try table.take(try RecordingFileOpening.open(path), path: path)
        }
        return table
    }

    private func write(_ hazard: CustomerHazard, to path: String) throws(StartProblem) {
        var json = JSONWriter()
        hazard.write(to: &json)
        do {
            try Data(json.finish() + [UInt8(ascii: "\n")]).write(
                to: URL(filePath: path), options: .withoutOverwriting)
        } catch {
            throw StartProblem(
                .cannotCreate,
                "\(path): cannot be written; is there one already, or is its folder missing?")
        }
    }

    private func show(_ report: CustomerReport, _ path: String) {
        guard parsed.has("json") else {
            for line in report.lines { StandardStream.output.line(line) }
            StandardStream.output.line("written to \(path)")
            return
        }
        var json = JSONWriter()
        report.write(to: &json, path: path)
        StandardStream.output.line(String(decoding: json.finish(), as: UTF8.self))
    }
}
