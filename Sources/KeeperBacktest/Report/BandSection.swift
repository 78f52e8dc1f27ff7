import KeeperCodec
package import KeeperModel
import KeeperRuntime
import WideMath

/// The net of every strategy against every number of rivals: what a page about one of those numbers
/// must not leave out.
package struct BandSection: Sendable {
    private struct Row {
        let name: String
        let headline: ClosedRange<Int256>?
        let levels: [(rivalCount: Int, wonCount: UInt64, lostCount: UInt64, netUnits: Int256)]
    }

    private let rows: [Row]
    private let rivals: RivalModel
    private let unit: AssetDescription

    package init(_ bands: [BacktestBand], rivals: RivalModel, unit: AssetDescription) {
        self.rivals = rivals
        self.unit = unit
        rows = bands.map { band in
            Row(
                name: band.name, headline: band.headline(of: rivals),
                levels: band.levels.map {
                    ($0.rivalCount, $0.result.tally.wonCount, $0.costs.missedCount, $0.netUnits)
                })
        }
    }

    package var html: String {
        let figures = PageFigures(unit: unit)
        let table = HTMLTable(
            caption: "Net after gas and bids, in \(unit.asset); closes won, and lost to others",
            head: ["strategy", "from", "to"] + rivals.countNames,
            rows: rows.map { row in
                [
                    row.name, row.headline.map { figures.money($0.lowerBound) } ?? "–",
                    row.headline.map { figures.money($0.upperBound) } ?? "–",
                ]
                    + row.levels.map {
                        "\(figures.money($0.netUnits)) (\($0.wonCount), \($0.lostCount))"
                    }
            })
        let words =
            rivals.mode == .historical
            ? "A result is beside the real closes of its time, and so is what follows."
            : "A result is the range over those with rivals. What follows is about the most: "
                + (rivals.counts.last.map { "\($0)." } ?? "none.")
        return "<section><h2>Against how many</h2><div class=\"scroll\">\(table.html)</div>"
            + HTMLText.paragraph(words, class: "soft") + "</section>"
    }

    func write(to json: inout JSONWriter) {
        json.key("bands")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.member("strategy", row.name)
            json.key("levels")
            json.beginArray()
            for level in row.levels {
                json.beginObject()
                json.member("rivals", UInt64(level.rivalCount))
                json.member("won", level.wonCount)
                json.member("lostTo", level.lostCount)
                json.member("net", level.netUnits)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }
}
