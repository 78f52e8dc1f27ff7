import WideMath

extension MorphoMarket {
    /// Liquidatable where the most that may be borrowed is below what is owed; equal is healthy.
    package func standing(_ position: Position, at values: [UInt128]) -> Standing? {
        let low = UInt64(clamping: values[Variable.priceLow])
        let price = UInt256(values[Variable.priceHigh]) << 64 | UInt256(low)
        guard !price.isZero, values[Variable.borrowShares] > 0 else { return nil }
        let totals = MorphoTotals(
            supplyAssets: .zero, borrowAssets: UInt256(values[Variable.borrowAssets]),
            borrowShares: UInt256(values[Variable.borrowShares]))
        // Shares have 128 bits and the assets with the virtual one as many, so debt always fits.
        guard
            let owed = try? totals.assets(
                ofShares: UInt256(position.borrowShares), rounding: .up)
        else { return nil }
        // More than the word holds is more than anybody owes.
        let backing = try? MorphoTerms(lltvWad: terms.lltvWad, price: price)
            .maxBorrow(collateral: UInt256(position.collateral))
        return Standing(backing: backing, owed: owed)
    }
}
