package import KeeperCodec
import KeeperRuntime

/// What a fit found, for people: how much there was, the hazard by health, and how it did on the
/// users that it had not seen.
package struct CustomerReport {
    private let hazard: CustomerHazard
    private let rows: ImportReport

    package init(_ hazard: CustomerHazard, _ rows: ImportReport) {
        self.hazard = hazard
        self.rows = rows
    }

    package var lines: [String] {
        let score = hazard.score
        var lines = rows.lines
        lines.append("days: \(hazard.provenance.days)")
        lines.append(
            "fitted on \(score.fittedUsers) users, \(score.fittedDays) account-days, "
                + "\(score.fittedMoves) moves; scored on \(score.scoredUsers) others, "
                + "\(score.scoredDays) and \(score.scoredMoves)")
        lines.append("of a million account-days, as fitted:")
        let moves = CustomerMove.allCases.map(\.rawValue)
        lines += columns([["health", "days"] + moves] + (0..<hazard.bins.bandCount).map(fitted))
        lines.append("on the other users:")
        lines += columns(
            [["health", "days", "moved", "expected"]]
                + score.bands.enumerated().map { band, found in
                    [
                        hazard.bins.words(ofBand: band), "\(found.days)", "\(found.moves)",
                        "\(found.expectedMilli / 1_000).\(found.expectedMilli % 1_000 / 100)",
                    ]
                })
        lines.append(
            "log-likelihood of a day, ppm: \(score.logLikelihoodPpm), a constant hazard "
                + "\(score.constantLogLikelihoodPpm)")
        lines.append(
            "Brier score, ppm: \(score.brierPpm), a constant hazard \(score.constantBrierPpm)")
        if !score.isBetterThanConstant {
            lines.append("the fitted hazard is no better than a constant one on these users")
        }
        return lines
    }

    /// A band over all lengths of quiet, weighed by the days of each.
    private func fitted(_ band: Int) -> [String] {
        let cells = hazard.cells.enumerated().filter { hazard.bins.band(ofCell: $0.offset) == band }
            .map(\.element)
        let days = cells.reduce(0) { $0 + $1.days }
        let moves = CustomerMove.allCases.indices.map { index -> String in
            guard days > 0 else { return "-" }
            return "\(cells.reduce(0) { $0 + $1.movesPpm[index] * $1.days } / days)"
        }
        return [hazard.bins.words(ofBand: band), "\(days)"] + moves
    }

    package func write(to json: inout JSONWriter, path: String) {
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("hazard", path)
        rows.write(to: &json)
        json.key("fit")
        hazard.write(to: &json)
        json.endObject()
    }
}
