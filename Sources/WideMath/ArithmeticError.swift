/// Why a checked operation has no answer.
///
/// Checked forms are for amounts that come from outside, where the protocol itself would revert;
/// the plain operators trap, because there a wrong size is a bug of ours.
package enum ArithmeticError: Error, Sendable, Hashable {
    /// The exact result does not fit the type.
    case overflow
    case divisionByZero
    /// A shift by less than 0 or by the whole width and more.
    case shiftOutOfRange
}
