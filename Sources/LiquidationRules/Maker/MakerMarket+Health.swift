import WideMath

extension MakerMarket {
    /// Collateral and normalised debt of a vault, in wad.
    package struct Position: Hashable, Sendable {
        package let ink: UInt128
        package let art: UInt128

        package init(ink: UInt128, art: UInt128) {
            self.ink = ink
            self.art = art
        }
    }

    /// Unsafe where ink · spot is below art · rate, both in rad and without a rounding.
    package func standing(_ position: Position, at values: [UInt128]) -> Standing? {
        guard values.allSatisfy({ $0 > 0 }) else { return nil }
        return Standing(
            backing: UInt256(position.ink) * UInt256(values[Variable.spotRay]),
            owed: UInt256(position.art) * UInt256(values[Variable.rateRay]))
    }
}
