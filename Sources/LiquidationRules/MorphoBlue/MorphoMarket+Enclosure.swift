/// What may be borrowed, ⌊⌊collateral · price⌋ · lltv⌋, never falls as either half of the price
/// rises. What is owed, ⌈shares · (assets + 1) / (total shares + 1e6)⌉, never falls as the assets
/// rise and never rises as the shares do.
///
/// The low half of the price runs through all its values while the high one moves by one, so it is
/// left free wherever the account bears that.
extension MorphoMarket {
    package func dependencies(of position: Position) -> [Dependency] {
        guard position.borrowShares > 0 else { return [] }
        return [
            Dependency(Variable.priceHigh, .falling),
            Dependency(Variable.priceLow, .falling, isLowDigits: true),
            Dependency(Variable.borrowAssets, .rising),
            Dependency(Variable.borrowShares, .falling),
        ]
    }
}
