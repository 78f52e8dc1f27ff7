package import WideMath

/// The contract's own test, on the index that it has stored: it may say no where `absorb`, which
/// accrues first, would succeed.
package struct CometHealth: Hashable, Sendable {
    /// Nil for an account without debt. The walk ends at the first asset that covers the debt, so
    /// later assets are not priced, and a positive figure is no total.
    package let liquidity: Int256?

    package var isLiquidatable: Bool { liquidity.map(\.isNegative) ?? false }

    /// The factor of each collateral is its liquidate-collateral factor.
    package init(
        principal: Int256, base: CometLoanAsset, collaterals: [CometCollateral]
    ) throws(ArithmeticError) {
        guard principal.isNegative else {
            liquidity = nil
            return
        }
        let debtValue = try base.value(ofBase: base.presentDebt(principal))
        guard var left = Int256(magnitude: debtValue, isNegative: true) else { throw .overflow }
        for collateral in collaterals where left.isNegative {
            guard let counted = Int256(exactly: try collateral.countedValue) else {
                throw .overflow
            }
            left = try left.checkedAdd(counted)
        }
        liquidity = left
    }
}
