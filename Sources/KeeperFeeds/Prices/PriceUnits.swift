package import WideMath

/// From 10^-30 of the quote for a token to what a venue counts in: the quote's smallest units for a
/// token, or in a margin market for a lot.
package struct PriceUnits: Hashable, Sendable {
    package let quoteDecimals: UInt8
    /// How much of the asset a lot is, times 10^18; one token unless told.
    package let lotE18: UInt256

    package static let tokenE18 = UInt256(1_000_000_000_000_000_000)

    package init(quoteDecimals: UInt8, lotE18: UInt256 = tokenE18) {
        precondition(quoteDecimals <= 19, "A unit of account has at most 19 decimals")
        self.quoteDecimals = quoteDecimals
        self.lotE18 = lotE18
    }

    /// Rounded down; nil where nothing would be left, or more than a price can be.
    package func units(_ priceE30: UInt256) -> UInt256? {
        // Neither can fail: the decimals are bounded, and the lot by whoever read it.
        guard let scale = try? UInt256.powerOfTen(Int(quoteDecimals)),
            let factor = try? lotE18.checkedMultiply(scale),
            let divisor = try? UInt256.powerOfTen(ObservedPrice.places + 18),
            let units = try? mulDiv(priceE30, factor, dividingBy: divisor, rounding: .down)
        else { return nil }
        return units.isZero || units >= UInt256(1) << 128 ? nil : units
    }
}
