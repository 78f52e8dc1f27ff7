package import WideMath

/// The totals of a Morpho Blue market. Shares are virtual: 1e6 of them and one asset stand in every
/// market from the start, so that nobody can inflate a share (`protocols.md` A3).
package struct MorphoTotals: Hashable, Sendable {
    package var supplyAssets: UInt256
    package var borrowAssets: UInt256
    package var borrowShares: UInt256

    package init(supplyAssets: UInt256, borrowAssets: UInt256, borrowShares: UInt256) {
        self.supplyAssets = supplyAssets
        self.borrowAssets = borrowAssets
        self.borrowShares = borrowShares
    }

    private static let virtualShares: UInt256 = 1_000_000
    private static let virtualAssets: UInt256 = 1

    package func shares(
        ofAssets assets: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try narrowMulDiv(
            assets, borrowShares.checkedAdd(Self.virtualShares),
            dividingBy: borrowAssets.checkedAdd(Self.virtualAssets), rounding: rounding)
    }

    package func assets(
        ofShares shares: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try narrowMulDiv(
            shares, borrowAssets.checkedAdd(Self.virtualAssets),
            dividingBy: borrowShares.checkedAdd(Self.virtualShares), rounding: rounding)
    }
}

/// What a market fixed for ever, and the oracle's present price of 1e36.
package struct MorphoTerms: Hashable, Sendable {
    package let lltvWad: UInt256
    package let price: UInt256

    package init(lltvWad: UInt256, price: UInt256) {
        self.lltvWad = lltvWad
        self.price = price
    }

    package func collateralInLoanAsset(
        _ collateral: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try narrowMulDiv(collateral, price, dividingBy: morphoPriceScale, rounding: rounding)
    }

    package func maxBorrow(collateral: UInt256) throws(ArithmeticError) -> UInt256 {
        try wadMul(
            collateralInLoanAsset(collateral, rounding: .down), lltvWad, rounding: .down)
    }
}

let morphoPriceScale: UInt256 = 1_000_000_000_000_000_000_000_000_000_000_000_000

/// What a liquidator gets for one repaid: at most fifteen percent more.
package func morphoIncentiveFactor(lltvWad: UInt256) throws(ArithmeticError) -> UInt256 {
    let cursor: UInt256 = 300_000_000_000_000_000
    let most: UInt256 = 1_150_000_000_000_000_000
    let haircut = try wadMul(cursor, wad.checkedSubtract(lltvWad), rounding: .down)
    return min(most, try wadDiv(wad, wad.checkedSubtract(haircut), rounding: .down))
}

/// e^(rate · seconds) − 1 by its first three terms, each floored.
package func morphoCompounded(
    ratePerSecondWad: UInt256, elapsedSeconds: UInt64
) throws(ArithmeticError) -> UInt256 {
    let first = try ratePerSecondWad.checkedMultiply(UInt256(elapsedSeconds))
    let second = try narrowMulDiv(first, first, dividingBy: 2 * wad, rounding: .down)
    let third = try narrowMulDiv(second, first, dividingBy: 3 * wad, rounding: .down)
    return try first.checkedAdd(second).checkedAdd(third)
}
