/// A trove's ratio and the system's are monotone as those of version 2, but who is closed in
/// recovery is not: a fall of the price brings recovery, and in it both ratios fall together.
///
/// So there are three cases. Below the least ratio a trove is closed in any mode, and only that
/// ratio is watched. Above it and out of recovery it is safe while it stays above and the system
/// does not enter recovery, and "below or in recovery" is monotone. Above it and in recovery, the
/// answer depends on the distance of two floored ratios and on the pool: nothing may move.
extension LiquityV1Market {
    package func watch(_ position: LiquityTrove, into watches: inout [Watch]) -> Bool {
        guard let standing = standing(position) else {
            fix(in: &watches)
            return false
        }
        if isBelowMinimum(position, at: values) {
            return MonotoneEnclosure(values: values, dependencies: Self.ofTrove)
                .watch(into: &watches) { isBelowMinimum(position, at: $0) }
        }
        guard !isInRecovery else {
            fix(in: &watches)
            return standing.isLiquidatable
        }
        return MonotoneEnclosure(values: values, dependencies: Self.ofTrove + Self.ofSystem)
            .watch(into: &watches) { isBelowMinimum(position, at: $0) || isInRecovery(at: $0) }
    }

    private func fix(in watches: inout [Watch]) {
        for (variable, value) in values.enumerated() {
            watches.append(Watch(variable: variable, low: value, high: value))
        }
    }

    private static var ofTrove: [Dependency] {
        [
            Dependency(Variable.price, .falling),
            Dependency(Variable.collateralShares, .falling),
            Dependency(Variable.debtShares, .rising),
        ]
    }

    private static var ofSystem: [Dependency] {
        [
            Dependency(Variable.systemCollateral, .falling),
            Dependency(Variable.systemDebt, .rising),
        ]
    }
}
