import KeeperCodec
package import KeeperModel
import KeeperRuntime
import WideMath

/// The net of every strategy against every number of rivals: what a page about one of those numbers
/// must not leave out.
package struct BandSection: Sendable {
    private struct Level {
        let rivalCount: Int
        let wonCount: UInt64
        let lostCount: UInt64
        let netUnits: Int256
    }

    private struct Row {
        let name: String
        /// Of which of several venues; nil for all of them.
        var venue: DomainID?
        let unit: AssetDescription
        /// False where the venues' amounts are of different kinds.
        let hasSum: Bool
        let headline: ClosedRange<Int256>?
        let levels: [Level]
    }

    private let rows: [Row]
    private let rivals: RivalModel
    private let unit: AssetDescription

    package init(_ bands: [BacktestBand], rivals: RivalModel, unit: AssetDescription) {
        self.rivals = rivals
        self.unit = unit
        rows = bands.flatMap { band in
            [Self.row(of: band, rivals, unit)] + Self.rows(ofVenues: band, rivals)
        }
    }

    private static func row(
        of band: BacktestBand, _ rivals: RivalModel, _ unit: AssetDescription
    ) -> Row {
        Row(
            name: band.name, unit: unit, hasSum: band.hasOneUnit,
            headline: band.headline(of: rivals),
            levels: band.levels.map {
                Level(
                    rivalCount: $0.rivalCount, wonCount: $0.result.tally.wonCount,
                    lostCount: $0.costs.missedCount, netUnits: $0.netUnits)
            })
    }

    private static func rows(ofVenues band: BacktestBand, _ rivals: RivalModel) -> [Row] {
        guard let venues = band.levels.first?.venues, venues.count > 1 else { return [] }
        return venues.enumerated().map { index, venue in
            Row(
                name: band.name, venue: venue.result.domain, unit: venue.result.unit, hasSum: true,
                headline: band.headline(of: rivals, atVenue: index),
                levels: band.levels.map { level in
                    let own = level.venues[index]
                    return Level(
                        rivalCount: level.rivalCount, wonCount: own.result.wonCount,
                        lostCount: own.costs.missedCount, netUnits: own.netUnits)
                })
        }
    }

    package var html: String {
        let table = HTMLTable(
            caption: "Net after gas and bids, in \(unit.asset); closes won, and lost to others",
            head: ["strategy", "from", "to"] + rivals.countNames, rows: rows.map(cells))
        let words =
            rivals.mode == .historical
            ? "A result is beside the real closes of its time, and so is what follows."
            : "A result is the range over those with rivals. What follows is about the most: "
                + (rivals.counts.last.map { "\($0)." } ?? "none.")
        return "<section><h2>Against how many</h2><div class=\"scroll\">\(table.html)</div>"
            + HTMLText.paragraph(words, class: "soft") + "</section>"
    }

    private func cells(_ row: Row) -> [String] {
        let figures = PageFigures(unit: row.unit)
        let name = row.name + (row.venue.map { " at \($0)" } ?? "")
        let unit = row.unit == unit ? "" : ", in \(row.unit.asset)"
        return [
            name + unit, row.headline.map { figures.money($0.lowerBound) } ?? "–",
            row.headline.map { figures.money($0.upperBound) } ?? "–",
        ]
            + row.levels.map {
                "\(row.hasSum ? figures.money($0.netUnits) : "–") "
                    + "(\($0.wonCount), \($0.lostCount))"
            }
    }

    func write(to json: inout JSONWriter) {
        json.key("bands")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.member("strategy", row.name)
            if let venue = row.venue { json.member("venue", venue.text) }
            json.key("levels")
            json.beginArray()
            for level in row.levels {
                json.beginObject()
                json.member("rivals", UInt64(level.rivalCount))
                json.member("won", level.wonCount)
                json.member("lostTo", level.lostCount)
                if row.hasSum { json.member("net", level.netUnits) }
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }
}
