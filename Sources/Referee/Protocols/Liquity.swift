// Liquity v1 and v2, written from `protocols.md` A4 and A5.

package struct Trove: Sendable {
    package let debt: Rational
    package let collateral: Rational

    package init(debt: Rational, collateral: Rational) {
        self.debt = debt
        self.collateral = collateral
    }

    /// In wad.
    package func ratio(at price: Rational) -> Rational { (collateral * price / debt).floor }

    package func isEligible(at price: Rational, minimumRatio: Rational) -> Bool {
        ratio(at: price) < minimumRatio
    }
}

/// Where a trove's debt and collateral go.
package struct TroveLiquidation: Sendable {
    package private(set) var gasCompensation: Rational = 0
    package private(set) var debtOffset: Rational = 0
    package private(set) var collateralToPool: Rational = 0
    package private(set) var debtRedistributed: Rational = 0
    package private(set) var collateralRedistributed: Rational = 0
    package private(set) var surplus: Rational = 0

    /// The first version, in its normal mode.
    package init(v1 trove: Trove, pool: Rational) {
        gasCompensation = (trove.collateral / 200).floor
        let shared = trove.collateral - gasCompensation
        debtOffset = min(trove.debt, pool)
        collateralToPool = (shared * debtOffset / trove.debt).floor
        debtRedistributed = trove.debt - debtOffset
        collateralRedistributed = shared - collateralToPool
    }

    /// The first version in recovery mode, between the minimum and the total ratio: the pool takes
    /// all of the debt and no more collateral than the minimum ratio.
    package init(v1Capped trove: Trove, price: Rational, minimumRatio: Rational) {
        let capped = (trove.debt * minimumRatio / price).floor
        gasCompensation = (capped / 200).floor
        debtOffset = trove.debt
        collateralToPool = capped - gasCompensation
        surplus = trove.collateral - capped
    }

    /// The second version. What stays in the pool for ever is already taken off.
    package init(
        v2 trove: Trove, poolForOffsets: Rational, price: Rational, poolPenalty: Rational,
        redistributionPenalty: Rational
    ) {
        debtOffset = min(trove.debt, poolForOffsets)
        let poolPart = (trove.collateral * debtOffset / trove.debt).floor
        gasCompensation = min((poolPart / 200).floor, 2 * wad)
        collateralToPool = min(
            poolPart - gasCompensation, (debtOffset * (wad + poolPenalty) / price).floor)
        surplus = poolPart - gasCompensation - collateralToPool
        debtRedistributed = trove.debt - debtOffset
        // What the pool was not entitled to stands in for the redistributed debt first.
        let available = trove.collateral - poolPart + (debtRedistributed.isZero ? 0 : surplus)
        collateralRedistributed = min(
            available, (debtRedistributed * (wad + redistributionPenalty) / price).floor)
        surplus = trove.collateral - gasCompensation - collateralToPool - collateralRedistributed
    }
}
