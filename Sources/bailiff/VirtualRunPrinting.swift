import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperRuntime
import WideMath

/// Results with the assumptions that they rest on: without those a figure is no result.
struct VirtualRunPrinting {
    private let parsed: ParsedCommand
    private let workplace: Workplace

    init(_ parsed: ParsedCommand, _ workplace: Workplace) {
        self.parsed = parsed
        self.workplace = workplace
    }

    func show(_ results: [(name: String, result: BacktestResult)]) -> ExitCode {
        if parsed.has("json") {
            StandardStream.output.line(jsonText(results))
        } else {
            for line in lines(results) { StandardStream.output.line(line) }
        }
        return results.allSatisfy(\.result.isReconciled) ? .done : .invariantBroken
    }

    var assumptions: [String] {
        [
            "latency \(workplace.config.dryRun.latency.milliseconds) ms: assumed",
            "rivals: those of the recording, by the version of the account",
            "depth: as recorded, less our own sales until the next book: assumed",
        ]
    }

    private func lines(_ results: [(name: String, result: BacktestResult)]) -> [String] {
        let money = MoneyText(workplace.config.unitOfAccount)
        var rows = [["strategy", "closes", "not won", "bonus", "exit", "flash", "net"]]
        for (name, result) in results {
            let revenue = result.revenue
            rows.append([
                name, "\(result.tally.wonCount)", "\(result.tally.notWonCount)",
                money.number(revenue.bonusUnits + revenue.incentiveUnits),
                money.number(revenue.slippageUnits), money.number(revenue.flashPremiumUnits),
                money.number(revenue.netUnits),
            ])
        }
        let books = results.map { name, result in
            "books of \(name): \(result.isReconciled ? "every unit explained" : "differ")"
        }
        return columns(rows) + assumptions.map { "assumes " + $0 } + books
    }

    private func jsonText(_ results: [(name: String, result: BacktestResult)]) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("assumptions")
        json.beginArray()
        for assumption in assumptions { json.string(assumption) }
        json.endArray()
        json.key("results")
        json.beginArray()
        for (name, result) in results {
            json.beginObject()
            json.member("strategy", name)
            json.member("closesWon", result.tally.wonCount)
            json.member("closesNotWon", result.tally.notWonCount)
            json.member("net", result.revenue.netUnits.description)
            json.member("isReconciled", result.isReconciled)
            json.key("revenue")
            result.revenue.write(to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
