/// Collateral never falls as its redistributions grow, debt never falls with its own or with time,
/// and ⌊collateral · price / debt⌋ never rises with debt and never falls with the others.
///
/// Time is measured by years, not by its own number, so that it gets the room that interest needs.
extension LiquityV2Market {
    package func dependencies(of position: Position) -> [Dependency] {
        [
            Dependency(Variable.price, .falling),
            Dependency(Variable.seconds, .rising, span: UInt128(liquitySecondsPerYear)),
            Dependency(Variable.collateralShares, .falling),
            Dependency(Variable.debtShares, .rising),
        ]
    }
}
