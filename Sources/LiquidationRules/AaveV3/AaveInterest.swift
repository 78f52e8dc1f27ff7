/// Growth of the indexes between two updates (`protocols.md` A1.2).
package import WideMath

private let secondsPerYear: UInt256 = 31_536_000

/// The two ways in which Aave v3 has approximated compounding.
package enum AaveCompounding: Hashable, Sendable {
    /// Three terms of the binomial series per second: v3.0 to v3.3.
    case binomial
    /// x + x²/2 + x³/6 of the exponential: v3.4 and later.
    case exponential

    /// What one ray of debt has grown to.
    package func factor(
        rateRay: UInt256, elapsedSeconds: UInt64
    ) throws(ArithmeticError) -> UInt256 {
        guard elapsedSeconds > 0 else { return ray }
        let elapsed = UInt256(elapsedSeconds)
        let growth = try narrowMulDiv(
            rateRay, elapsed, dividingBy: secondsPerYear, rounding: .down)
        switch self {
        case .binomial: return try binomial(rateRay, elapsed, growth)
        case .exponential: return try exponential(growth)
        }
    }

    private func exponential(_ growth: UInt256) throws(ArithmeticError) -> UInt256 {
        let cubic = try rayMul(growth, growth / 6, rounding: .halfUp)
        let quadratic = try rayMul(growth, (growth / 2).checkedAdd(cubic), rounding: .halfUp)
        return try ray.checkedAdd(growth).checkedAdd(quadratic)
    }

    private func binomial(
        _ rate: UInt256, _ elapsed: UInt256, _ growth: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        let minusOne = elapsed - 1
        let minusTwo = elapsed > 2 ? elapsed - 2 : 0
        let squared = try rayMul(rate, rate, rounding: .halfUp)
        let basePowerTwo = squared / (secondsPerYear * secondsPerYear)
        let basePowerThree = try rayMul(basePowerTwo, rate, rounding: .halfUp) / secondsPerYear
        let pairs = try elapsed.checkedMultiply(minusOne)
        let second = try pairs.checkedMultiply(basePowerTwo) / 2
        let third =
            try pairs.checkedMultiply(minusTwo).checkedMultiply(basePowerThree) / 6
        return try ray.checkedAdd(growth).checkedAdd(second).checkedAdd(third)
    }
}

/// Debt index grown to now.
package func aaveNormalizedDebt(
    indexRay: UInt256, rateRay: UInt256, elapsedSeconds: UInt64, compounding: AaveCompounding
) throws(ArithmeticError) -> UInt256 {
    guard elapsedSeconds > 0 else { return indexRay }
    let factor = try compounding.factor(rateRay: rateRay, elapsedSeconds: elapsedSeconds)
    return try rayMul(factor, indexRay, rounding: .halfUp)
}

/// Income index grown to now: linear, because suppliers' interest compounds by updates.
package func aaveNormalizedIncome(
    indexRay: UInt256, rateRay: UInt256, elapsedSeconds: UInt64
) throws(ArithmeticError) -> UInt256 {
    guard elapsedSeconds > 0 else { return indexRay }
    let growth = try narrowMulDiv(
        rateRay, UInt256(elapsedSeconds), dividingBy: secondsPerYear, rounding: .down)
    return try rayMul(ray.checkedAdd(growth), indexRay, rounding: .halfUp)
}
