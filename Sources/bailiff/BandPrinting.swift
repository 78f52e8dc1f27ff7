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
        return levels.allSatisfy(\.result.isReconciled) ? .done : .invariantBroken
    }

    // MARK: Text

    private func lines(_ bands: [BacktestBand]) -> [String] {
        headlines(bands) + [""] + columns(table(bands)) + [""]
            + parts.map { "rests on " + $0.line } + [books(bands)]
    }

    private func headlines(_ bands: [BacktestBand]) -> [String] {
        bands.flatMap { band -> [String] in
            let whole = band.headline(of: rivals).map { "\(band.name): net " + range($0, unit) }
            guard let venues = band.levels.first?.venues, venues.count > 1 else {
                return [whole].compactMap { $0 }
            }
            let own = venues.enumerated().compactMap { index, venue in
                band.headline(of: rivals, atVenue: index).map {
                    "  at \(venue.result.domain): net " + range($0, venue.result.unit)
                }
            }
            return [whole ?? noTotal(band.name, venues)] + own
        }
    }

    private func noTotal(_ name: String, _ venues: [BacktestLevel.AtVenue]) -> String {
        let units = Set(venues.map(\.result.unit.asset)).sorted().map(\.text)
        return "\(name): no total, because its venues count in "
            + units.joined(separator: " and in ")
    }

    private func range(_ net: ClosedRange<Int256>, _ unit: AssetDescription) -> String {
        let money = MoneyText(unit)
        return "\(money.number(net.lowerBound)) to \(money.text(net.upperBound))"
    }

    /// With several venues a row for all of them, and one for each.
    private func table(_ bands: [BacktestBand]) -> [[String]] {
        let isSeveral = bands.contains { ($0.levels.first?.venues.count ?? 0) > 1 }
        var rows = [
            ["strategy", "rivals"] + (isSeveral ? ["venue"] : [])
                + ["won", "not won", "lost to", "before gas", "gas", "bids", "net"]
        ]
        for band in bands {
            for level in band.levels {
                let (result, costs) = (level.result, level.costs)
                let rivals = rivals.mode == .historical ? "real" : "\(level.rivalCount)"
                let money = result.hasOneUnit ? MoneyText(unit) : nil
                rows.append(
                    [band.name, rivals] + (isSeveral ? ["all"] : [])
                        + ["\(result.tally.wonCount)", "\(result.tally.notWonCount)"]
                        + Self.amounts(result.revenue.netUnits, costs, level.netUnits, money))
                guard isSeveral else { continue }
                rows += level.venues.map { row(of: $0, band.name, rivals) }
            }
        }
        return rows
    }

    private func row(
        of venue: BacktestLevel.AtVenue, _ name: String, _ rivals: String
    ) -> [String] {
        let (result, costs) = (venue.result, venue.costs)
        return [name, rivals, result.domain.text, "\(result.wonCount)", "\(result.notWonCount)"]
            + Self.amounts(
                result.revenue.netUnits, costs, venue.netUnits, MoneyText(result.unit))
    }

    /// Dashes where what would be added is not of one kind.
    private static func amounts(
        _ earned: Int256, _ costs: RaceCosts, _ net: Int256, _ money: MoneyText?
    ) -> [String] {
        ["\(costs.missedCount)"]
            + [earned, costs.gasUnits, costs.bidUnits, net].map { money?.number($0) ?? "-" }
    }

    private func books(_ bands: [BacktestBand]) -> String {
        let broken = bands.filter { band in
            !band.levels.allSatisfy(\.result.isReconciled)
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
