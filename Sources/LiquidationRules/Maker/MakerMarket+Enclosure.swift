/// One product on each side: the collateral's rises with the spot, the debt's with the rate.
extension MakerMarket {
    package func dependencies(of position: Position) -> [Dependency] {
        guard position.art > 0 else { return [] }
        return [
            Dependency(Variable.spotRay, .falling), Dependency(Variable.rateRay, .rising),
        ]
    }
}
