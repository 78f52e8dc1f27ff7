import KeeperCodec
package import KeeperModel
import VenueSimulator

/// What the owner of an account does of a day.
package enum CustomerMove: String, Hashable, Sendable, CaseIterable {
    case topUp
    case repay
    case borrow
    case withdraw
    /// Owes nothing any more.
    case leave

    /// As the venue's customers do it.
    var act: CustomerAct {
        switch self {
        case .topUp: .topUp
        case .repay: .repay
        case .borrow: .borrowMore
        case .withdraw: .withdraw
        case .leave: .panicRepay
        }
    }
}

/// How likely each move is of a day, by how healthy the account is and how long its owner has done
/// nothing: the state that a discrete-time hazard hangs on.
package struct CustomerBins: Hashable, Sendable {
    /// Health from one of these to the next is one band; below the first is one too.
    package let healthEdgesPpm: [UInt64]
    /// Up to so many days since the last move; longer is one more.
    package let quietEdgesDays: [UInt64]

    package static let standard = CustomerBins(
        healthEdgesPpm: [1_050_000, 1_200_000, 1_500_000, 2_000_000, 3_000_000],
        quietEdgesDays: [3, 14])

    package init(healthEdgesPpm: [UInt64], quietEdgesDays: [UInt64]) {
        self.healthEdgesPpm = healthEdgesPpm
        self.quietEdgesDays = quietEdgesDays
    }

    package var bandCount: Int { healthEdgesPpm.count + 1 }
    package var quietCount: Int { quietEdgesDays.count + 1 }
    package var cellCount: Int { bandCount * quietCount }

    package func band(healthPpm: UInt64) -> Int {
        healthEdgesPpm.count { $0 <= healthPpm }
    }

    package func cell(healthPpm: UInt64, quietDays: UInt64) -> Int {
        band(healthPpm: healthPpm) * quietCount + quietEdgesDays.count { $0 < quietDays }
    }

    func band(ofCell cell: Int) -> Int { cell / quietCount }

    /// As people read it: `1.05 to 1.2`.
    func words(ofBand band: Int) -> String {
        func ratio(_ ppm: UInt64) -> String {
            let digits = String(ppm % 1_000_000 + 1_000_000).dropFirst()
            let tail = String(digits.reversed().drop { $0 == "0" }.reversed())
            return "\(ppm / 1_000_000)" + (tail.isEmpty ? "" : "." + tail)
        }
        if band == 0 { return "below \(ratio(healthEdgesPpm[0]))" }
        let low = ratio(healthEdgesPpm[band - 1])
        guard band < healthEdgesPpm.count else { return "\(low) and above" }
        return "\(low) to \(ratio(healthEdgesPpm[band]))"
    }
}

/// A fitted hazard: in every cell of the bins so many moves of each kind in a million account-days,
/// and of what size moves are.
package struct CustomerHazard: Hashable, Sendable {
    package struct Cell: Hashable, Sendable {
        /// Account-days that it was fitted on.
        package let days: UInt64
        /// Of a day, in the order of `CustomerMove.allCases`.
        package let movesPpm: [UInt64]

        package init(days: UInt64, movesPpm: [UInt64]) {
            self.days = days
            self.movesPpm = movesPpm
        }

        var allPpm: UInt64 { movesPpm.reduce(0, +) }
    }

    package let bins: CustomerBins
    package let cells: [Cell]
    /// The deciles of the share of collateral or debt that was moved, by move, in ppm; the whole
    /// of it where nobody was seen to make that move.
    package let sizesPpm: [[UInt64]]
    package let provenance: Provenance
    package let score: CustomerScore

    package struct Provenance: Hashable, Sendable {
        package let files: [ImportReport.File]
        package let firstDay: Instant
        package let lastDay: Instant
        package let seed: UInt64
        /// Less than this share of a balance is interest or dust, and no move.
        package let leastMovePpm: UInt64

        package init(
            files: [ImportReport.File], firstDay: Instant, lastDay: Instant, seed: UInt64,
            leastMovePpm: UInt64
        ) {
            self.files = files
            self.firstDay = firstDay
            self.lastDay = lastDay
            self.seed = seed
            self.leastMovePpm = leastMovePpm
        }

        /// The first and the last day of the data.
        package var days: String {
            UTCText.text(firstDay).prefix(10) + " to " + UTCText.text(lastDay).prefix(10)
        }
    }

    package init(
        bins: CustomerBins, cells: [Cell], sizesPpm: [[UInt64]], provenance: Provenance,
        score: CustomerScore
    ) {
        precondition(cells.count == bins.cellCount, "Every cell of the bins has its figures")
        precondition(
            cells.allSatisfy { $0.movesPpm.count == CustomerMove.allCases.count },
            "Every move has a figure in every cell")
        self.bins = bins
        self.cells = cells
        self.sizesPpm = sizesPpm
        self.provenance = provenance
        self.score = score
    }

    /// In no cell do more than this move of a day.
    var highestPpm: UInt64 { cells.map(\.allPpm).max() ?? 0 }

    /// What somebody does whose draw, in ppm, was this; nil for nothing.
    func move(inCell cell: Int, drawnPpm: UInt64) -> CustomerMove? {
        var below: UInt64 = 0
        for (move, ppm) in zip(CustomerMove.allCases, cells[cell].movesPpm) {
            below += ppm
            if drawnPpm < below { return move }
        }
        return nil
    }

    func sizePpm(of move: CustomerMove, using generator: inout SeededGenerator) -> UInt64 {
        guard let index = CustomerMove.allCases.firstIndex(of: move), !sizesPpm[index].isEmpty
        else {
            return 1_000_000
        }
        return sizesPpm[index][Int(generator.next() % UInt64(sizesPpm[index].count))]
    }

    /// What a result says of it.
    package var part: ModelPart {
        ModelPart(
            "customers", .borrowed(from: provenance.days),
            "top up, repay, borrow, withdraw or leave by a daily hazard of health and quiet days; "
                + score.sentence + "; drawn by account and day, troves are only topped up")
    }
}
