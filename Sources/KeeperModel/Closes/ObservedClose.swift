package import WideMath

/// A close that somebody else made, as the venue shows it to all.
package struct ObservedClose: Hashable, Sendable {
    package let target: Target
    package let keeper: String
    package let height: UInt64
    /// Nil where the close cost its caller nothing.
    package let paid: AssetAmount?
    /// Collateral, or a reward; nil where there was neither.
    package let taken: AssetAmount?
    /// What it brought, in units of account at the venue's own prices; sales included, gas not.
    package let valueUnits: Int256

    package init(
        target: Target, keeper: String, height: UInt64, paid: AssetAmount?, taken: AssetAmount?,
        valueUnits: Int256
    ) {
        self.target = target
        self.keeper = keeper
        self.height = height
        self.paid = paid
        self.taken = taken
        self.valueUnits = valueUnits
    }
}

/// Why somebody else made a close and we did not: one cause each.
package enum MissedCause: String, Hashable, Sendable, CaseIterable {
    /// It was never on our side of the line.
    case notSeen = "not-seen"
    /// Known, and decided or sent too late.
    case seenLate = "seen-late"
    case belowFloor = "below-floor"
    case noFunds = "no-funds"
    case coolDown = "cool-down"
    /// Our call waited in the pool while another was included.
    case outbid
    /// Ours was carried out, or looked at, and failed.
    case reverted
    case refusedByRisk = "refused-by-risk"
    /// A guard, a list or a person held it back.
    case heldBack = "held-back"
    /// No strategy had a plan for it: no depth, no pair, no right shape.
    case noPlan = "no-plan"
}
