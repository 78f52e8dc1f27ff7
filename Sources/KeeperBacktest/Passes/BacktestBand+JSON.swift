package import KeeperCodec
import KeeperJournal
import KeeperModel
import KeeperRuntime
import WideMath

extension BacktestBand {
    package func write(to json: inout JSONWriter, rivals: RivalModel) {
        json.beginObject()
        json.member("strategy", name)
        if let headline = headline(of: rivals) {
            json.member("netLowest", headline.lowerBound)
            json.member("netHighest", headline.upperBound)
        }
        json.key("levels")
        json.beginArray()
        for level in levels { level.write(to: &json) }
        json.endArray()
        json.endObject()
    }
}

extension BacktestLevel {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("rivals", UInt64(rivalCount))
        json.member("closesWon", result.tally.wonCount)
        json.member("closesNotWon", result.tally.notWonCount)
        json.member("closesOfOthers", costs.missedCount)
        // A sum of different things would be none.
        if result.hasOneUnit {
            Self.write(result.revenue, costs, netUnits: netUnits, to: &json)
        }
        json.member("isReconciled", result.isReconciled)
        if result.hasOneUnit {
            json.key("revenue")
            result.revenue.write(to: &json)
        }
        if venues.count > 1 {
            json.key("venues")
            json.beginArray()
            for venue in venues { venue.write(to: &json) }
            json.endArray()
        }
        json.endObject()
    }

    fileprivate static func write(
        _ revenue: RevenueReport, _ costs: RaceCosts, netUnits: Int256, to json: inout JSONWriter
    ) {
        json.member("beforeGas", revenue.netUnits)
        json.member("gas", costs.gasUnits)
        json.member("gasLost", costs.gasLostUnits)
        json.member("bids", costs.bidUnits)
        json.member("net", netUnits)
    }
}

extension BacktestLevel.AtVenue {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("venue", result.domain.text)
        json.member("closesWon", result.wonCount)
        json.member("closesNotWon", result.notWonCount)
        json.member("closesOfOthers", costs.missedCount)
        BacktestLevel.write(result.revenue, costs, netUnits: netUnits, to: &json)
        json.member("isReconciled", result.reconciliation.isClean)
        json.key("revenue")
        result.revenue.write(to: &json)
        json.endObject()
    }
}

/// What each result rests on, and the results.
package func write(
    _ bands: [BacktestBand], _ parts: [ModelPart], rivals: RivalModel, to json: inout JSONWriter
) {
    json.key("parts")
    json.beginArray()
    for part in parts { part.write(to: &json) }
    json.endArray()
    json.key("results")
    json.beginArray()
    for band in bands { band.write(to: &json, rivals: rivals) }
    json.endArray()
}
