import KeeperModel

/// Some lots of a position sold or bought back: what `settlement.md` section 1 makes of it.
package struct MarginClosing: Sendable {
    package let released: Rational
    package let notional: Rational
    package let proceeds: Rational
    package let obligations: Rational
    package let closedEquity: Rational
    package let bankruptcyPrice: Rational

    /// The lots closed are more than none and not more than there are.
    package init(
        _ position: MarginAccount, lots: Rational, fillValue: Rational, exitCost: Rational,
        mark: Rational
    ) {
        let (side, entry) = (position.sign, position.entry)
        released = (position.margin * lots / position.lots).floor
        notional = fillValue
        let have: Rational
        let owe: Rational
        if position.side == .long {
            (have, owe) = (fillValue - exitCost, lots * entry - released)
        } else {
            (have, owe) = (lots * entry + released, fillValue + exitCost)
        }
        proceeds = max(0, have) + max(0, -owe)
        obligations = max(0, owe) + max(0, -have)
        closedEquity = released + side * lots * (mark - entry)
        bankruptcyPrice = max(0, entry - side * (released / lots).ceiling)
    }
}
