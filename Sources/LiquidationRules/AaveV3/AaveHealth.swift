package import KeeperModel
package import WideMath

/// An account in the base currency, as the pool reports it (`protocols.md` A1.3).
package struct AaveAccountData: Hashable, Sendable {
    package let totalCollateralBase: UInt256
    package let totalDebtBase: UInt256
    package let averageThresholdBps: UInt256
    /// The largest value where nothing is owed.
    package let healthFactorWad: UInt256

    package init(
        totalCollateralBase: UInt256, totalDebtBase: UInt256, averageThresholdBps: UInt256,
        healthFactorWad: UInt256
    ) {
        self.totalCollateralBase = totalCollateralBase
        self.totalDebtBase = totalDebtBase
        self.averageThresholdBps = averageThresholdBps
        self.healthFactorWad = healthFactorWad
    }

    /// Strictly: a health factor of exactly one is safe.
    package var isLiquidatable: Bool { healthFactorWad < wad }
}

extension AavePosition {
    package func accountData(
        _ generation: AaveGeneration
    ) throws(ArithmeticError) -> AaveAccountData {
        var collateralBase = UInt256.zero
        var weighted = UInt256.zero
        for holding in collateral {
            let threshold = UInt256(holding.reserve.terms.liquidationThresholdBps)
            if threshold.isZero && generation.skipsZeroThreshold { continue }
            let value = try holding.reserve.value(
                of: holding.collateralBalance(generation), rounding: .down)
            collateralBase = try collateralBase.checkedAdd(value)
            weighted = try weighted.checkedAdd(value.checkedMultiply(threshold))
        }
        let debtBase = try self.debtBase(generation)
        let average =
            collateralBase.isZero
            ? UInt256.zero : try weighted.divided(by: collateralBase, rounding: .down)
        return AaveAccountData(
            totalCollateralBase: collateralBase, totalDebtBase: debtBase,
            averageThresholdBps: average,
            healthFactorWad: try generation.healthFactor(
                weighted: weighted, collateralBase: collateralBase, average: average,
                debtBase: debtBase))
    }

    private func debtBase(_ generation: AaveGeneration) throws(ArithmeticError) -> UInt256 {
        var sum = UInt256.zero
        for holding in debts {
            let value = try holding.reserve.value(
                of: holding.debtBalance(generation), rounding: generation.debtValueRounding)
            sum = try sum.checkedAdd(value)
        }
        return sum
    }
}

extension AaveGeneration {
    fileprivate func healthFactor(
        weighted: UInt256, collateralBase: UInt256, average: UInt256, debtBase: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        guard !debtBase.isZero else { return .max }
        if weighsEachThreshold {
            return try wadDiv(weighted, debtBase, rounding: .halfUp) / percentageFactor
        }
        let adjusted = try percentMul(collateralBase, average, rounding: .halfUp)
        return try wadDiv(adjusted, debtBase, rounding: .halfUp)
    }
}
