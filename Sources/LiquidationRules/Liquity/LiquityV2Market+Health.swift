import WideMath

extension LiquityV2Market {
    /// A trove that sets its own rate. One in a batch owes by its share of the batch and has no
    /// place here.
    package struct Position: Hashable, Sendable {
        package let trove: LiquityTrove
        package let annualRateWad: UInt64
        package let debtUpdatedAtSeconds: UInt64

        package init(trove: LiquityTrove, annualRateWad: UInt64, debtUpdatedAtSeconds: UInt64) {
            self.trove = trove
            self.annualRateWad = annualRateWad
            self.debtUpdatedAtSeconds = debtUpdatedAtSeconds
        }
    }

    /// The trove's ratio ⌊collateral · price / debt⌋ against the least one; there is no recovery
    /// mode.
    package func standing(_ position: Position, at values: [UInt128]) -> Standing? {
        guard values.allSatisfy({ $0 > 0 }) else { return nil }
        let trove = position.trove
        let debt =
            trove.debt(at: values[Variable.debtShares] - 1)
            + interest(position, untilSeconds: values[Variable.seconds])
        let collateral = trove.collateral(at: values[Variable.collateralShares] - 1)
        // What does not fit reverts, and nobody is closed by that.
        let ratio = try? LiquityV1.collateralRatioWad(
            collateral: collateral, debt: debt, price: UInt256(values[Variable.price]))
        return Standing(backing: ratio, owed: terms.minimumRatioWad)
    }

    /// Simple interest on the recorded debt. Of 96, 64 and 64 bits, it fits.
    func interest(_ position: Position, untilSeconds seconds: UInt128) -> UInt256 {
        let elapsed =
            max(
                UInt64(clamping: seconds), position.debtUpdatedAtSeconds)
            - position.debtUpdatedAtSeconds
        return UInt256(position.trove.debt) * UInt256(position.annualRateWad) * UInt256(elapsed)
            / UInt256(liquitySecondsPerYear) / wad
    }
}

let liquitySecondsPerYear: UInt64 = 31_536_000
