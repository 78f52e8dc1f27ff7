package import WideMath

package struct MorphoPosition: Hashable, Sendable {
    package var collateral: UInt256
    package var borrowShares: UInt256

    package init(collateral: UInt256, borrowShares: UInt256) {
        self.collateral = collateral
        self.borrowShares = borrowShares
    }
}

/// Exactly one side of a liquidation is given; the other follows from it.
package enum MorphoRequest: Hashable, Sendable {
    case seize(assets: UInt256)
    case repay(shares: UInt256)
}

/// A liquidation and what it left. A request beyond the position, or the collateral, throws, as the
/// contract underflows.
package struct MorphoClose: Hashable, Sendable {
    package let borrowed: UInt256
    package let maxBorrow: UInt256
    package let incentiveFactorWad: UInt256
    package let seizedAssets: UInt256
    package let repaidShares: UInt256
    package let repaidAssets: UInt256
    package let badDebtShares: UInt256
    package let badDebtAssets: UInt256
    package let position: MorphoPosition
    package let totals: MorphoTotals

    /// Equal is healthy.
    package var isHealthy: Bool { borrowed <= maxBorrow }

    package init(
        _ request: MorphoRequest, of position: MorphoPosition, terms: MorphoTerms,
        totals: MorphoTotals
    ) throws(ArithmeticError) {
        borrowed = try totals.assets(ofShares: position.borrowShares, rounding: .up)
        maxBorrow = try terms.maxBorrow(collateral: position.collateral)
        let factor = try morphoIncentiveFactor(lltvWad: terms.lltvWad)
        incentiveFactorWad = factor
        switch request {
        case .seize(let assets):
            seizedAssets = assets
            let quoted = try terms.collateralInLoanAsset(assets, rounding: .up)
            repaidShares = try totals.shares(
                ofAssets: wadDiv(quoted, factor, rounding: .up), rounding: .up)
        case .repay(let shares):
            repaidShares = shares
            let paid = try totals.assets(ofShares: shares, rounding: .down)
            seizedAssets = try narrowMulDiv(
                wadMul(paid, factor, rounding: .down), morphoPriceScale,
                dividingBy: terms.price, rounding: .down)
        }
        repaidAssets = try totals.assets(ofShares: repaidShares, rounding: .up)
        var after = totals
        after.borrowShares = try after.borrowShares.checkedSubtract(repaidShares)
        // Rounding up may pay one asset more than the market has lent.
        after.borrowAssets = after.borrowAssets.saturatingSubtract(repaidAssets)
        var rest = position
        rest.borrowShares = try rest.borrowShares.checkedSubtract(repaidShares)
        rest.collateral = try rest.collateral.checkedSubtract(seizedAssets)
        let loss = try rest.writeOff(in: &after)
        badDebtShares = loss.shares
        badDebtAssets = loss.assets
        self.position = rest
        self.totals = after
    }
}

extension MorphoPosition {
    /// Debt without collateral is taken from the suppliers at once.
    fileprivate mutating func writeOff(
        in totals: inout MorphoTotals
    ) throws(ArithmeticError) -> (shares: UInt256, assets: UInt256) {
        guard collateral.isZero, !borrowShares.isZero else { return (.zero, .zero) }
        let shares = borrowShares
        let assets = min(
            totals.borrowAssets, try totals.assets(ofShares: shares, rounding: .up))
        totals.borrowAssets -= assets
        totals.supplyAssets = try totals.supplyAssets.checkedSubtract(assets)
        totals.borrowShares = try totals.borrowShares.checkedSubtract(shares)
        borrowShares = .zero
        return (shares, assets)
    }
}
