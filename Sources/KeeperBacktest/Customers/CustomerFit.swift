import KeeperModel

/// A discrete-time hazard by counting: in each cell the share of days on which each move was made,
/// drawn towards the share over all cells as if thirty more days had been seen that were like all.
/// So a cell with few days says little more than all cells together, and one with many its own.
package enum CustomerFit {
    package static let likeAllDays: UInt64 = 30
    /// Under these nothing is fitted.
    package static let usersLeast = 8
    package static let daysLeast = 500
    package static let movesLeast = 20

    package static func hazard(
        _ halves: CustomerHalves, bins: CustomerBins = .standard,
        provenance: CustomerHazard.Provenance
    ) throws(CustomerRefused) -> CustomerHazard {
        try require(halves.fitted, "fit on")
        try require(halves.scored, "score on")
        let constant = shares(halves.fitted.days)
        var byCell = Array(repeating: [CustomerDay](), count: bins.cellCount)
        for day in halves.fitted.days {
            byCell[bins.cell(healthPpm: day.healthPpm, quietDays: day.quietDays)].append(day)
        }
        let cells = byCell.map { days in
            CustomerHazard.Cell(
                days: UInt64(days.count), movesPpm: shares(days, drawnTowards: constant))
        }
        return CustomerHazard(
            bins: bins, cells: cells, sizesPpm: sizes(halves.fitted.days), provenance: provenance,
            score: CustomerScore(
                cells, constant: constant, bins: bins, fitted: halves.fitted,
                scored: halves.scored))
    }

    package static func hazard(
        _ days: CustomerSeries.Days, seed: UInt64
    ) throws(CustomerRefused) -> CustomerHazard {
        try hazard(
            days.halves,
            provenance: CustomerHazard.Provenance(
                files: days.report.files, firstDay: days.firstDay, lastDay: days.lastDay,
                seed: seed, leastMovePpm: CustomerSeries.leastMovePpm))
    }

    private static func require(
        _ sample: CustomerSample, _ purpose: String
    ) throws(CustomerRefused) {
        guard sample.userCount >= usersLeast, sample.days.count >= daysLeast,
            sample.moveCount >= movesLeast
        else {
            throw CustomerRefused(
                "too little to \(purpose): \(sample.userCount) users, \(sample.days.count) "
                    + "account-days and \(sample.moveCount) moves; \(usersLeast), \(daysLeast) and "
                    + "\(movesLeast) are needed in each half")
        }
    }

    /// In ppm, rounded down: together they never pass a million.
    private static func shares(
        _ days: [CustomerDay], drawnTowards all: [UInt64]? = nil
    ) -> [UInt64] {
        CustomerMove.allCases.enumerated().map { index, move in
            let count = UInt64(days.count { $0.move == move })
            let (more, like) = all.map { ($0[index], likeAllDays) } ?? (0, 0)
            let total = UInt64(days.count) + like
            return total == 0 ? 0 : (count * 1_000_000 + more * like) / total
        }
    }

    private static func sizes(_ days: [CustomerDay]) -> [[UInt64]] {
        CustomerMove.allCases.map { move in
            let seen = days.filter { $0.move == move }.map(\.sizePpm).sorted()
            guard !seen.isEmpty else { return [] }
            // The middle of each tenth.
            return (0..<10).map { seen[(2 * $0 + 1) * seen.count / 20] }
        }
    }
}

/// Why no hazard is made, or none is read.
package struct CustomerRefused: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
