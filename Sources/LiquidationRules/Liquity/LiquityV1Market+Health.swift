package import WideMath

extension LiquityV1Market {
    package static let criticalRatioWad: UInt256 = 1_500_000_000_000_000_000

    package func isLiquidatable(_ position: LiquityTrove) -> Bool {
        standing(position)?.isLiquidatable ?? false
    }

    package func healthWad(_ position: LiquityTrove) -> UInt256 {
        standing(position)?.healthWad ?? .max
    }

    /// The system's ratio is below the critical one.
    package var isInRecovery: Bool { isInRecovery(at: values) }

    /// Below the least ratio a trove is closed in any mode. In recovery it is also where its ratio
    /// is below the system's and the pool can pay its whole debt.
    func standing(_ trove: LiquityTrove) -> Standing? {
        guard values.allSatisfy({ $0 > 0 }) else { return nil }
        let ratio = ratioWad(trove, at: values)
        let systemRatio = systemRatioWad(at: values)
        let debt = trove.debt(at: values[Variable.debtShares] - 1)
        let isPaid = debt <= UInt256(values[Variable.poolDeposits] - 1)
        guard ratio >= LiquityV1.minimumRatioWad, isInRecovery, ratio < systemRatio, isPaid else {
            return Standing(backing: ratio, owed: LiquityV1.minimumRatioWad)
        }
        return Standing(backing: ratio, owed: systemRatio)
    }

    func isInRecovery(at values: [UInt128]) -> Bool {
        systemRatioWad(at: values) < Self.criticalRatioWad
    }

    func isBelowMinimum(_ trove: LiquityTrove, at values: [UInt128]) -> Bool {
        ratioWad(trove, at: values) < LiquityV1.minimumRatioWad
    }

    private func systemRatioWad(at values: [UInt128]) -> UInt256 {
        ratioWad(
            UInt256(values[Variable.systemCollateral]), UInt256(values[Variable.systemDebt]),
            at: values)
    }

    private func ratioWad(_ trove: LiquityTrove, at values: [UInt128]) -> UInt256 {
        ratioWad(
            trove.collateral(at: values[Variable.collateralShares] - 1),
            trove.debt(at: values[Variable.debtShares] - 1), at: values)
    }

    private func ratioWad(
        _ collateral: UInt256, _ debt: UInt256, at values: [UInt128]
    ) -> UInt256 {
        // What does not fit reverts, and nobody is closed by that.
        let ratio = try? LiquityV1.collateralRatioWad(
            collateral: collateral, debt: debt, price: UInt256(values[Variable.price]))
        return ratio ?? .max
    }
}
