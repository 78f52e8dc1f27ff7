package import KeeperJournal
import KeeperModel
package import WideMath

/// What plans promised beside what the ledger has, cause by cause. The difference of all lines is
/// that of the net. Books of before plans told the cost of an exit apart have it among the fees.
package struct RevenueExpectation: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let cause: String
        package let expectedUnits: Int256
        package let realisedUnits: Int256

        package init(cause: String, expectedUnits: Int256, realisedUnits: Int256) {
            self.cause = cause
            self.expectedUnits = expectedUnits
            self.realisedUnits = realisedUnits
        }

        package var differenceUnits: Int256 { realisedUnits - expectedUnits }
    }

    package let lines: [Line]

    /// Of closes that were won by what they were expected to bring; all others were expected to be
    /// won too, and cost what they cost.
    package init(_ sums: [OutcomeSum]) {
        let won = sums.filter { $0.state == "won" }
        let others = sums.filter { $0.state != "won" }
        func expected(_ part: (OutcomeSum) -> Int256) -> Int256 {
            won.reduce(.zero) { $0 + part($1) }
        }
        func realised(_ sums: [OutcomeSum], _ causes: [MovementCause]) -> Int256 {
            sums.reduce(.zero) { sum, one in
                causes.reduce(sum) { $0 + (one.realised[$1] ?? .zero) }
            }
        }
        let costs: [MovementCause] = [.flashPremium, .venueFee]
        let gross = MovementCause.allCases.filter { !costs.contains($0) && $0 != .gas }
        lines = [
            Line(
                cause: "bonus, incentive and exit",
                expectedUnits: expected { $0.grossUnits - $0.exitCostUnits },
                realisedUnits: realised(won, gross)),
            Line(
                cause: "premiums and fees",
                expectedUnits: expected { $0.sendingUnits + $0.exitCostUnits - $0.costUnits },
                realisedUnits: realised(won, costs)),
            Line(
                cause: "gas", expectedUnits: expected { .zero - $0.sendingUnits },
                realisedUnits: realised(won, [.gas])),
            Line(
                cause: "closes that were not won", expectedUnits: .zero,
                realisedUnits: realised(others, MovementCause.allCases)),
        ]
    }
}
