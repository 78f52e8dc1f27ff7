import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperRuntime
import WideMath

/// Bands of results with all that they rest on. The headline is a range over rivals: a figure for
/// somebody who is alone in the world is shown, and is no headline.
struct BandPrinting {
    let unit: AssetDescription
    let parts: [ModelPart]
    let rivals: RivalModel

    func show(_ bands: [BacktestBand], asJSON: Bool) -> ExitCode {
        if asJSON {
            StandardStream.output.line(jsonText(bands))
        } else {
            for line in lines(bands) { StandardStream.output.line(line) }
        }
        let levels = bands.flatMap(\.levels)
        return levels.allSatisfy(\.result.reconciliation.isClean) ? .done : .invariantBroken
    }

    // MARK: Text

    private func lines(_ bands: [BacktestBand]) -> [String] {
        let money = MoneyText(unit)
        var rows = [
            ["strategy", "rivals", "won", "not won", "lost to", "before gas", "gas", "bids", "net"]
        ]
        for band in bands {
            for level in band.levels {
                let tally = level.result.tally
                rows.append([
                    band.name, rivals.mode == .historical ? "real" : "\(level.rivalCount)",
                    "\(tally.wonCount)", "\(tally.notWonCount)", "\(level.costs.missedCount)",
                    money.number(level.result.revenue.netUnits),
                    money.number(level.costs.gasUnits), money.number(level.costs.bidUnits),
                    money.number(level.netUnits),
                ])
            }
        }
        let headlines = bands.compactMap { band in
            band.headline(of: rivals).map {
                "\(band.name): net \(money.number($0.lowerBound)) to "
                    + money.text($0.upperBound)
            }
        }
        return headlines + [""] + columns(rows) + [""]
            + parts.map { "rests on " + $0.line } + [books(bands)]
    }

    private func books(_ bands: [BacktestBand]) -> String {
        let broken = bands.filter { band in
            !band.levels.allSatisfy(\.result.reconciliation.isClean)
        }
        return broken.isEmpty
            ? "books of all runs: every unit explained"
            : "books differ: " + broken.map(\.name).joined(separator: ", ")
    }

    // MARK: JSON

    private func jsonText(_ bands: [BacktestBand]) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(2))
        json.member("rivals", rivals.mode.rawValue)
        json.key("parts")
        json.beginArray()
        for part in parts { write(part, &json) }
        json.endArray()
        json.key("results")
        json.beginArray()
        for band in bands { write(band, &json) }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(_ part: ModelPart, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("name", part.name)
        json.member("origin", part.origin.description)
        json.member("law", part.law)
        json.endObject()
    }

    private func write(_ band: BacktestBand, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("strategy", band.name)
        if let headline = band.headline(of: rivals) {
            json.member("netLowest", headline.lowerBound)
            json.member("netHighest", headline.upperBound)
        }
        json.key("levels")
        json.beginArray()
        for level in band.levels { write(level, &json) }
        json.endArray()
        json.endObject()
    }

    private func write(_ level: BacktestLevel, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("rivals", UInt64(level.rivalCount))
        json.member("closesWon", level.result.tally.wonCount)
        json.member("closesNotWon", level.result.tally.notWonCount)
        json.member("closesOfOthers", level.costs.missedCount)
        json.member("beforeGas", level.result.revenue.netUnits)
        json.member("gas", level.costs.gasUnits)
        json.member("gasLost", level.costs.gasLostUnits)
        json.member("bids", level.costs.bidUnits)
        json.member("net", level.netUnits)
        json.member("isReconciled", level.result.reconciliation.isClean)
        json.key("revenue")
        level.result.revenue.write(to: &json)
        json.endObject()
    }
}
