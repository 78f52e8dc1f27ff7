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
        write(bands, parts, rivals: rivals, to: &json)
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
