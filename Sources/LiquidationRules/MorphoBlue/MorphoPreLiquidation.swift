package import WideMath

/// The opt-in contract that closes a part before the line: between two loan-to-values, factors grow
/// from their first value to their second (`protocols.md` A3).
package struct MorphoPreLiquidation: Hashable, Sendable {
    package struct Parameters: Hashable, Sendable {
        package let preLltvWad: UInt256
        package let lltvWad: UInt256
        package let closeFactorWad: ClosedRange<UInt256>
        package let incentiveFactorWad: ClosedRange<UInt256>

        package init(
            preLltvWad: UInt256, lltvWad: UInt256, closeFactorWad: ClosedRange<UInt256>,
            incentiveFactorWad: ClosedRange<UInt256>
        ) {
            self.preLltvWad = preLltvWad
            self.lltvWad = lltvWad
            self.closeFactorWad = closeFactorWad
            self.incentiveFactorWad = incentiveFactorWad
        }
    }

    package let loanToValueWad: UInt256
    package let closeFactorWad: UInt256
    package let incentiveFactorWad: UInt256
    package let repayableSharesMax: UInt256

    /// Nil outside the window: not yet at the first loan-to-value, or already past the second.
    package init?(
        borrowed: UInt256, collateralQuoted: UInt256, borrowShares: UInt256,
        parameters: Parameters
    ) throws(ArithmeticError) {
        let first = try wadMul(collateralQuoted, parameters.preLltvWad, rounding: .down)
        let last = try wadMul(collateralQuoted, parameters.lltvWad, rounding: .down)
        guard borrowed > first, borrowed <= last else { return nil }
        loanToValueWad = try wadDiv(borrowed, collateralQuoted, rounding: .up)
        let quotient = try wadDiv(
            loanToValueWad.checkedSubtract(parameters.preLltvWad),
            parameters.lltvWad.checkedSubtract(parameters.preLltvWad), rounding: .down)
        func interpolated(_ range: ClosedRange<UInt256>) throws(ArithmeticError) -> UInt256 {
            let width = range.upperBound - range.lowerBound
            return try range.lowerBound.checkedAdd(wadMul(quotient, width, rounding: .down))
        }
        closeFactorWad = try interpolated(parameters.closeFactorWad)
        incentiveFactorWad = try interpolated(parameters.incentiveFactorWad)
        repayableSharesMax = try wadMul(borrowShares, closeFactorWad, rounding: .down)
    }
}
