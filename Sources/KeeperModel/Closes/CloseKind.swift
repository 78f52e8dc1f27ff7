/// The economic shape of a close, which is all that a strategy has to know of a protocol.
package enum CloseKind: String, Hashable, Sendable, CaseIterable {
    /// A borrower's debt is repaid and collateral taken for it, with a bonus.
    case lending
    /// Lots of a position in breach are sold or bought back, for an incentive.
    case margin
    /// The caller pays nothing and is rewarded.
    case push
    /// Collateral that the protocol has taken over is bought from it, below its price.
    case purchase
    /// No close: a move between the keeper's own purses. No strategy has it.
    case transfer
}
