package import KeeperCodec

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
        lines.append(row(["health", "days"] + CustomerMove.allCases.map(\.rawValue)))
        for band in 0..<hazard.bins.bandCount { lines.append(fitted(band)) }
        lines.append("on the other users:")
        lines.append(row(["health", "days", "moved", "expected"]))
        for (band, found) in score.bands.enumerated() {
            lines.append(
                row([
                    hazard.bins.words(ofBand: band), "\(found.days)", "\(found.moves)",
                    "\(found.expectedMilli / 1_000).\(found.expectedMilli % 1_000 / 100)",
                ]))
        }
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
    private func fitted(_ band: Int) -> String {
        let cells = hazard.cells.enumerated().filter { hazard.bins.band(ofCell: $0.offset) == band }
            .map(\.element)
        let days = cells.reduce(0) { $0 + $1.days }
        let moves = CustomerMove.allCases.indices.map { index -> String in
            guard days > 0 else { return "-" }
            return "\(cells.reduce(0) { $0 + $1.movesPpm[index] * $1.days } / days)"
        }
        return row([hazard.bins.words(ofBand: band), "\(days)"] + moves)
    }

    private func row(_ cells: [String]) -> String {
        cells.enumerated().map { index, text in
            let room = String(repeating: " ", count: max(0, (index == 0 ? 14 : 9) - text.count))
            return index == 0 ? text + room : room + text
        }.joined(separator: " ")
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
