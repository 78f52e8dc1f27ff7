package import WideMath

/// Liquity v2 (BOLD): a trove closed whole, where collateral above debt and penalty stays its
/// owner's (`protocols.md` A5).
package struct LiquityV2Split: Hashable, Sendable {
    package let debtOffset: UInt256
    package let collateralToPool: UInt256
    package let gasCompensation: UInt256
    package let debtRedistributed: UInt256
    package let collateralRedistributed: UInt256
    package let collateralSurplus: UInt256

    package struct Terms: Hashable, Sendable {
        package let price: UInt256
        package let poolPenaltyWad: UInt256
        package let redistributionPenaltyWad: UInt256

        package init(price: UInt256, poolPenaltyWad: UInt256, redistributionPenaltyWad: UInt256) {
            self.price = price
            self.poolPenaltyWad = poolPenaltyWad
            self.redistributionPenaltyWad = redistributionPenaltyWad
        }

        fileprivate func seizable(
            debt: UInt256, penaltyWad: UInt256
        ) throws(ArithmeticError) -> UInt256 {
            try narrowMulDiv(
                debt, wad.checkedAdd(penaltyWad), dividingBy: price, rounding: .down)
        }
    }

    /// `pool` is what may be offset: the pool's deposits less the one BOLD that always stays.
    package init(
        debt: UInt256, collateral: UInt256, pool: UInt256, terms: Terms
    ) throws(ArithmeticError) {
        debtOffset = min(debt, pool)
        let poolPortion = try narrowMulDiv(
            collateral, debtOffset, dividingBy: debt, rounding: .down)
        gasCompensation = min(poolPortion / 200, 2 * wad)
        let forPool = poolPortion - gasCompensation
        collateralToPool = min(
            forPool, try terms.seizable(debt: debtOffset, penaltyWad: terms.poolPenaltyWad))
        debtRedistributed = debt - debtOffset
        // What the pool may not keep is offered to the redistribution before it is the owner's.
        let beyondPool = forPool - collateralToPool
        guard !debtRedistributed.isZero else {
            (collateralRedistributed, collateralSurplus) = (.zero, beyondPool)
            return
        }
        let offered = try (collateral - poolPortion).checkedAdd(beyondPool)
        collateralRedistributed = min(
            offered,
            try terms.seizable(
                debt: debtRedistributed, penaltyWad: terms.redistributionPenaltyWad))
        collateralSurplus = offered - collateralRedistributed
    }
}
