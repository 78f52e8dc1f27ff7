import Foundation
import KeeperBacktest
import KeeperCodec
import KeeperModel
import KeeperRuntime
import Testing

/// Account-days into a hazard, and the hazard into a file.
@Suite struct CustomerFitTests {
    static let provenance = CustomerHazard.Provenance(
        files: [], firstDay: Instant(milliseconds: 1_577_836_800_000),
        lastDay: Instant(milliseconds: 1_580_000_000_000), seed: 1, leastMovePpm: 10_000)

    /// More moves near the line, and after other moves.
    private static func truth(_ cell: Int) -> [UInt64] {
        let (band, quiet) = (UInt64(cell / 3), UInt64(cell % 3))
        let near = 60_000 / (1 + band) / (1 + quiet)
        return [near, near / 2, 3_000 * band, 2_000 * band, 1_000]
    }

    private static func users(
        _ count: Int, days: Int, hazard: (Int) -> [UInt64]
    ) -> [(account: AccountID, days: [CustomerDay])] {
        let bins = CustomerBins.standard
        var generator = SeededGenerator(seed: 9)
        return (0..<count).map { number in
            let days = (0..<days).map { _ -> CustomerDay in
                let health = generator.number(in: 1_000_000...4_000_000)
                let quiet = generator.number(in: 0...30)
                let moves = hazard(bins.cell(healthPpm: health, quietDays: quiet))
                var drawn = generator.next() % 1_000_000
                for (move, ppm) in zip(CustomerMove.allCases, moves) {
                    if drawn < ppm {
                        return CustomerDay(
                            healthPpm: health, quietDays: quiet, move: move,
                            sizePpm: generator.number(in: 100_000...200_000))
                    }
                    drawn -= ppm
                }
                return CustomerDay(healthPpm: health, quietDays: quiet, move: nil, sizePpm: 0)
            }
            return (AccountID("user-\(number)"), days)
        }
    }

    @Test func `a fit finds the hazard that its days were drawn with`() throws {
        let halves = CustomerHalves(
            Self.users(40, days: 2_000, hazard: Self.truth), seed: 1)
        let hazard = try CustomerFit.hazard(halves, provenance: Self.provenance)
        for (number, cell) in hazard.cells.enumerated() {
            #expect(cell.days > 50, "cell \(number)")
            for (found, drawn) in zip(cell.movesPpm, Self.truth(number)) {
                let share = Double(drawn) / 1_000_000
                let days = Double(cell.days)
                // Four standard deviations, and what is drawn towards all cells at the most.
                let deviation = (share * (1 - share) / days).squareRoot()
                let room = 4 * deviation + 30 / (days + 30) * 0.06
                let miss = abs(Double(found) / 1_000_000 - share)
                #expect(miss <= room, "cell \(number): \(found), \(drawn)")
            }
        }
        #expect(hazard.score.isBetterThanConstant)
        let (first, last) = (hazard.sizesPpm[0].first ?? 0, hazard.sizesPpm[0].last ?? 0)
        #expect((100_000...110_000).contains(first) && (190_000...200_000).contains(last))
    }

    @Test func `where all days are alike nothing is better than a constant`() throws {
        let users = Self.users(40, days: 500) { _ in [20_000, 10_000, 10_000, 10_000, 1_000] }
        let halves = CustomerHalves(users, seed: 1)
        let score = try CustomerFit.hazard(halves, provenance: Self.provenance).score
        #expect(!score.isBetterThanConstant)
        // As many as were said moved, to four standard deviations of a count.
        let moves = score.bands.reduce(0) { $0 + $1.moves }
        let expected = score.bands.reduce(0) { $0 + $1.expectedMilli } / 1_000
        let room = 4 * Double(expected).squareRoot()
        #expect(abs(Double(moves) - Double(expected)) < room, "\(moves), \(expected)")
        #expect(moves == score.scoredMoves)
    }

    @Test func `too little to fit on is refused with what there is`() {
        let halves = CustomerHalves(
            Self.users(8, days: 100, hazard: Self.truth), seed: 1)
        let refused = #expect(throws: CustomerRefused.self) {
            try CustomerFit.hazard(halves, provenance: Self.provenance)
        }
        #expect(
            refused?.description.hasPrefix("too little to fit on: 4 users, 400 account-days")
                == true)
    }

    @Test func `a user is in one half, and the seed says in which`() {
        let users = Self.users(20, days: 10, hazard: Self.truth)
        let halves = CustomerHalves(users, seed: 1)
        #expect(halves.fitted.userCount == 10 && halves.scored.userCount == 10)
        #expect(CustomerHalves(users.reversed(), seed: 1) == halves)
        #expect(CustomerHalves(users, seed: 2) != halves)
        #expect(Set(halves.fitted.days).isDisjoint(with: halves.scored.days))
    }

    @Test func `a hazard reads back as it was written`() throws {
        let hazard = try CustomerFit.hazard(
            CustomerHalves(Self.users(40, days: 200, hazard: Self.truth), seed: 1),
            provenance: Self.provenance)
        var json = JSONWriter()
        hazard.write(to: &json)
        let bytes = json.finish()
        #expect(try CustomerHazard.read(bytes, file: "h.json") == hazard)
        let text = String(decoding: bytes, as: UTF8.self)
        for (old, new) in [
            ("\"schemaVersion\":1", "\"schemaVersion\":2"), ("\"topUp\":", "\"topUpp\":"),
            ("\"healthEdgesPpm\":[1050000,", "\"healthEdgesPpm\":["),
        ] {
            #expect(text.contains(old))
            let broken = text.replacingOccurrences(of: old, with: new)
            let problem = #expect(throws: StartProblem.self) {
                try CustomerHazard.read(Array(broken.utf8), file: "h.json")
            }
            #expect(problem?.description.hasPrefix("h.json") == true)
        }
    }
}
