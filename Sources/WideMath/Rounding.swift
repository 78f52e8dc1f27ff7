/// Which way a division goes when it does not come out even.
///
/// There is no default anywhere in the house: a caller who divides money says in whose favour.
@frozen
package enum Rounding: Sendable, Hashable, CaseIterable {
    /// Toward negative infinity.
    case down
    /// Toward positive infinity.
    case up
    /// To the nearest; a tie goes up. The rounding of Aave's ray, wad and percentage arithmetic.
    case halfUp
}
