package import WideMath

/// What the protocol asks for collateral that it has absorbed.
package struct CometStorefront: Hashable, Sendable {
    package let discountFactor: UInt256
    package let discountedPrice: UInt256
    private let assetScale: UInt256

    package init(
        assetPrice: UInt256, assetScale: UInt256, liquidationFactor: UInt256,
        priceFactor: UInt256
    ) throws(ArithmeticError) {
        discountFactor = try narrowMulDiv(
            priceFactor, wad.checkedSubtract(liquidationFactor), dividingBy: wad, rounding: .down)
        discountedPrice = try narrowMulDiv(
            assetPrice, wad.checkedSubtract(discountFactor), dividingBy: wad, rounding: .down)
        self.assetScale = assetScale
    }

    /// The chain of products comes before both divisions, as in the contract.
    package func collateral(
        forBase amount: UInt256, basePrice: UInt256, baseScale: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        try basePrice.checkedMultiply(amount).checkedMultiply(assetScale)
            .divided(by: discountedPrice, rounding: .down)
            .divided(by: baseScale, rounding: .down)
    }
}
