import KeeperCodec
import KeeperModel
import VenueSimulator
import WideMath

/// The same for programs: every amount in smallest units, in quotes.
extension StressReport {
    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        if let at = book.at { json.member("at", at) }
        json.member("accounts", UInt64(book.accountCount))
        json.member("unit", unit.asset.text)
        json.member("isReconciled", isReconciled)
        json.key("parts")
        json.beginArray()
        for part in parts { part.write(to: &json) }
        json.endArray()
        json.key("shocks")
        json.beginArray()
        for (shock, outcome) in shocks { write(shock, outcome, &json) }
        json.endArray()
        if let paths {
            json.key("paths")
            paths.write(to: &json)
        }
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(
        _ shock: StressShock, _ outcome: StressOutcome, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.member("shock", shock.name)
        json.member("source", shock.source)
        writePrices(outcome, &json)
        json.key("eligible")
        json.beginArray()
        for tally in outcome.eligible { tally.write(to: &json) }
        json.endArray()
        json.key("accountsOverLine")
        json.beginArray()
        for target in outcome.eligibleTargets {
            json.string("\(target.market)/\(target.account)")
        }
        json.endArray()
        json.member("touched", UInt64(outcome.touchedCount))
        json.member("closesWon", outcome.ownCloseCount)
        json.member("closesOfOthers", outcome.otherCloseCount)
        json.member("looksWithoutFunds", UInt64(outcome.noFundsCount))
        json.key("needed")
        json.beginArray()
        for need in outcome.needed { need.write(to: &json) }
        json.endArray()
        json.member("earned", outcome.earnedUnits)
        json.member("gas", outcome.gasUnits)
        json.member("revenue", outcome.revenueUnits)
        json.member("deficit", outcome.deficitUnits)
        json.member("deleveraged", outcome.measures.deleveragedUnits)
        json.member("socialised", outcome.measures.socialisedUnits)
        json.member("badDebt", outcome.measures.badDebtUnits)
        json.key("fund")
        json.beginArray()
        for units in outcome.fundUnits { json.amount(units) }
        json.endArray()
        json.key("left")
        json.beginArray()
        for tally in outcome.left { tally.write(to: &json) }
        json.endArray()
        json.member("rounds", UInt64(outcome.roundCount))
        json.member("hasEnded", outcome.hasEnded)
        json.endObject()
    }

    private func writePrices(_ outcome: StressOutcome, _ json: inout JSONWriter) {
        json.key("prices")
        json.beginArray()
        for price in outcome.prices {
            json.beginObject()
            json.member("asset", price.asset.text)
            json.member("now", UInt256(price.nowUnits))
            json.member("shocked", UInt256(price.assumedUnits))
            json.member("end", UInt256(price.endUnits))
            json.endObject()
        }
        json.endArray()
    }
}

extension StressTally {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market.text)
        json.member("accounts", UInt64(count))
        json.member("debt", debtUnits)
        json.member("collateral", collateralUnits)
        json.member("shortfall", shortfallUnits)
        json.endObject()
    }
}

extension AssetAmount {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset.text)
        json.member("amount", amount)
        json.endObject()
    }
}

extension StressPaths {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("paths", UInt64(outcomes.count))
        json.member("bars", UInt64(barCount))
        json.member("barMilliseconds", estimate.span.milliseconds)
        json.member("law", law.rawValue)
        json.member("moves", UInt64(estimate.moves.count))
        writeEstimate(&json)
        json.key("revenue")
        revenues.write(to: &json)
        json.key("deficit")
        deficits.write(to: &json)
        json.member("pathsWithDeficit", UInt64(deficitCount))
        json.member("pathsWithoutEnd", UInt64(endlessCount))
        json.key("needed")
        json.beginArray()
        for asset in neededAssets {
            json.beginObject()
            json.member("asset", asset.text)
            json.key("amount")
            needed(of: asset).write(to: &json)
            json.endObject()
        }
        json.endArray()
        json.key("fund")
        json.beginArray()
        for fund in funds { fund.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    /// Statistics are text with six places, because JSON's numbers are what each reader makes of
    /// them.
    private func writeEstimate(_ json: inout JSONWriter) {
        json.key("assets")
        json.beginArray()
        for (number, asset) in estimate.assets.enumerated() {
            json.beginObject()
            json.member("asset", asset.text)
            json.member("volatility", decimal(estimate.volatilities[number], places: 6))
            json.key("correlations")
            json.beginArray()
            for correlation in estimate.correlations[number] {
                json.string(decimal(correlation, places: 6))
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }
}

extension TailMeasures {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        for perMille in [10, 50, 500, 950, 990] {
            guard let units = quantile(perMille: perMille) else { continue }
            json.member("q\(perMille)", units)
        }
        for perMille in [950, 990] {
            guard let units = expectedShortfall(perMille: perMille) else { continue }
            json.member("shortfall\(perMille)", units)
            guard let band = band(perMille: perMille) else { continue }
            json.member("low\(perMille)", band.lowerBound)
            json.member("high\(perMille)", band.upperBound)
        }
        if let mean { json.member("mean", mean) }
        json.endObject()
    }
}
