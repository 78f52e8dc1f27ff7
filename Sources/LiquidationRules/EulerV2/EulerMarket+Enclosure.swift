import WideMath

/// The liability never falls as its price or the accumulator grows. What a collateral counts never
/// falls with its price or its vault's assets, never rises with the vault's shares, and never rises
/// with time, for a ramp only goes down. A liability of nothing is safe and only turns into one of
/// something, so "owes, and counts no more than that" is monotone with its line included.
///
/// Time is measured by years, not by its own number, so that it gets the room that a ramp needs.
/// Totals of nothing are fixed until there is something.
extension EulerMarket {
    package func dependencies(of position: Position) -> [Dependency] {
        guard !position.owedExact.isZero else { return [] }
        let secondsPerYear: UInt128 = 31_536_000
        return [
            Dependency(Variable.debtPrice, .rising),
            Dependency(Variable.accumulatorRay, .rising),
            Dependency(Variable.seconds, .rising, span: secondsPerYear),
        ]
            + position.holdings.flatMap { holding in
                [
                    Dependency(Variable.price(holding.number), .falling),
                    Dependency(Variable.totalAssets(holding.number), .falling),
                    Dependency(Variable.totalShares(holding.number), .rising),
                ]
            }
    }
}
