/// The worth of the debt, ⌊⌊principal · index⌋ · price⌋, never falls as the index or the base price
/// rises; what a collateral counts, ⌊⌊balance · price⌋ · factor⌋, never falls with its price.
///
/// The early exit changes no answer: what it leaves out only adds to a backing that is enough. So
/// every asset held is watched, also beyond the one that covers the debt at present; and a corner
/// that would need a price not yet known counts as different.
extension CometMarket {
    package func dependencies(of position: Position) -> [Dependency] {
        guard position.debtPrincipal > 0 else { return [] }
        return [
            Dependency(Variable.borrowIndex, .rising), Dependency(Variable.basePrice, .rising),
        ]
            + position.holdings.map {
                Dependency(Variable.firstCollateral + $0.number, .falling)
            }
    }
}
