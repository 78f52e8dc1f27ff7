import Glibc
import KeeperCodec

/// How well a hazard says what other users did than those that it was fitted on, beside a hazard
/// that is the same for everybody on every day. Statistics of what people did: no amount of money
/// is worked out here.
package struct CustomerScore: Hashable, Sendable {
    package let fittedUsers: UInt64
    package let fittedDays: UInt64
    package let fittedMoves: UInt64
    package let scoredUsers: UInt64
    package let scoredDays: UInt64
    package let scoredMoves: UInt64
    /// The mean logarithm of what was said of each day, in millionths; nearer to nothing is better.
    package let logLikelihoodPpm: Int64
    package let constantLogLikelihoodPpm: Int64
    /// The mean square of what was wrong about whether somebody moves at all, in millionths; less
    /// is better.
    package let brierPpm: UInt64
    package let constantBrierPpm: UInt64
    package let bands: [Band]

    /// How many moved in a band of health, and how many the hazard said would.
    package struct Band: Hashable, Sendable {
        package let days: UInt64
        package let moves: UInt64
        /// In thousandths of a move.
        package let expectedMilli: UInt64
    }

    package var isBetterThanConstant: Bool {
        logLikelihoodPpm > constantLogLikelihoodPpm && brierPpm <= constantBrierPpm
    }

    var sentence: String {
        let verdict =
            isBetterThanConstant ? "better than a constant" : "no better than a constant"
        return
            "fitted on \(fittedMoves) moves of \(fittedUsers) users, scored on \(scoredMoves) of "
            + "\(scoredUsers) others, \(verdict): log-likelihood of a day \(logLikelihoodPpm) ppm "
            + "against \(constantLogLikelihoodPpm), Brier \(brierPpm) ppm against "
            + "\(constantBrierPpm)"
    }
}

extension CustomerScore {
    /// Scores on users that were not fitted on.
    package init(
        _ cells: [CustomerHazard.Cell], constant: [UInt64], bins: CustomerBins,
        fitted: CustomerSample, scored: CustomerSample
    ) {
        var own = Tally()
        var flat = Tally()
        var bands = Array(
            repeating: (days: UInt64(0), moves: UInt64(0), expectedPpm: UInt64(0)),
            count: bins.bandCount)
        for day in scored.days {
            let cell = bins.cell(healthPpm: day.healthPpm, quietDays: day.quietDays)
            own.take(day.move, saidPpm: cells[cell].movesPpm)
            flat.take(day.move, saidPpm: constant)
            let band = bins.band(ofCell: cell)
            bands[band].days += 1
            bands[band].moves += day.move == nil ? 0 : 1
            bands[band].expectedPpm += cells[cell].allPpm
        }
        fittedUsers = UInt64(fitted.userCount)
        fittedDays = UInt64(fitted.days.count)
        fittedMoves = UInt64(fitted.moveCount)
        scoredUsers = UInt64(scored.userCount)
        scoredDays = UInt64(scored.days.count)
        scoredMoves = UInt64(scored.moveCount)
        logLikelihoodPpm = own.logLikelihoodPpm
        constantLogLikelihoodPpm = flat.logLikelihoodPpm
        brierPpm = own.brierPpm
        constantBrierPpm = flat.brierPpm
        self.bands = bands.map {
            Band(days: $0.days, moves: $0.moves, expectedMilli: $0.expectedPpm / 1_000)
        }
    }

    private struct Tally {
        private var logarithms = 0.0
        private var squares = 0.0
        private var count = 0.0

        /// A move that was said to be impossible counts as one in a million: nothing is known so
        /// surely from so few days.
        mutating func take(_ move: CustomerMove?, saidPpm: [UInt64]) {
            let all = saidPpm.reduce(0, +)
            var said = 1_000_000 - min(all, 1_000_000)
            if let index = move.flatMap({ CustomerMove.allCases.firstIndex(of: $0) }) {
                said = saidPpm[index]
            }
            logarithms += log(Double(max(said, 1)) / 1_000_000)
            let miss = Double(all) / 1_000_000 - (move == nil ? 0 : 1)
            squares += miss * miss
            count += 1
        }

        var logLikelihoodPpm: Int64 { Int64((logarithms / max(count, 1) * 1_000_000).rounded()) }
        var brierPpm: UInt64 { UInt64((squares / max(count, 1) * 1_000_000).rounded()) }
    }
}
