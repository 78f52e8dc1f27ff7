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
        let config = workplace.config
        let latencies = config.venues.map { venue in
            let whose = config.hasSeveralVenues ? "\(venue.domain): " : ""
            return "\(whose)latency \(venue.dryLatency.milliseconds) ms: assumed"
        }
        return latencies + [
            "rivals: those of the recording, by the version of the account",
            "depth: as recorded, less our own sales until the next book: assumed",
        ]
    }

    /// With several venues a row for all of them, and one for each.
    private func lines(_ results: [(name: String, result: BacktestResult)]) -> [String] {
        let isSeveral = workplace.config.hasSeveralVenues
        var rows = [
            ["strategy"] + (isSeveral ? ["venue"] : [])
                + ["closes", "not won", "bonus", "exit", "flash", "net"]
        ]
        for (name, result) in results {
            rows.append(
                [name] + (isSeveral ? ["all"] : [])
                    + ["\(result.tally.wonCount)", "\(result.tally.notWonCount)"]
                    + Self.amounts(result.revenue, isSum: result.hasOneUnit))
            guard isSeveral else { continue }
            rows += result.venues.map { venue in
                [name, venue.domain.text, "\(venue.wonCount)", "\(venue.notWonCount)"]
                    + Self.amounts(venue.revenue, isSum: true)
            }
        }
        let books = results.map { name, result in
            "books of \(name): \(result.isReconciled ? "every unit explained" : "differ")"
        }
        return columns(rows) + assumptions.map { "assumes " + $0 } + books
    }

    /// Dashes where what would be added is not of one kind.
    private static func amounts(_ revenue: RevenueReport, isSum: Bool) -> [String] {
        let money = MoneyText(revenue.unit)
        return [
            revenue.bonusUnits + revenue.incentiveUnits, revenue.slippageUnits,
            revenue.flashPremiumUnits, revenue.netUnits,
        ].map { isSum ? money.number($0) : "-" }
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
            if result.hasOneUnit {
                json.member("net", result.revenue.netUnits.description)
            }
            json.member("isReconciled", result.isReconciled)
            if result.hasOneUnit {
                json.key("revenue")
                result.revenue.write(to: &json)
            }
            if result.venues.count > 1 { write(result.venues, &json) }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(_ venues: [VenueResult], _ json: inout JSONWriter) {
        json.key("venues")
        json.beginArray()
        for venue in venues {
            json.beginObject()
            json.member("venue", venue.domain.text)
            json.member("closesWon", venue.wonCount)
            json.member("closesNotWon", venue.notWonCount)
            json.member("net", venue.revenue.netUnits.description)
            json.member("isReconciled", venue.reconciliation.isClean)
            json.key("revenue")
            venue.revenue.write(to: &json)
            json.endObject()
        }
        json.endArray()
    }
}
