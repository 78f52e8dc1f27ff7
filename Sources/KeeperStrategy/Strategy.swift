package import KeeperModel

/// A strategy as its file says it: when to act, how much, paid how, and what becomes of the
/// proceeds.
package struct Strategy: Hashable, Sendable {
    package let name: StrategyName
    package let version: UInt64
    package let summary: String
    /// The kinds of close that it looks for, whatever market offers them.
    package let markets: Set<CloseKind>
    package let condition: Condition
    package let sizing: Sizing
    package let funding: FundingChoice
    package let exit: ExitChoice
    /// Nil for a strategy that only goes where calls cost nothing.
    package let bid: BidRule?
    /// How many heights after the decision the venue may still settle it.
    package let validHeights: UInt64
    /// How long a target rests after a close that did not end it.
    package let coolDown: TimeSpan

    package init(
        name: StrategyName, version: UInt64, summary: String, markets: Set<CloseKind>,
        condition: Condition, sizing: Sizing, funding: FundingChoice, exit: ExitChoice,
        bid: BidRule?, validHeights: UInt64, coolDown: TimeSpan
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.markets = markets
        self.condition = condition
        self.sizing = sizing
        self.funding = funding
        self.exit = exit
        self.bid = bid
        self.validHeights = validHeights
        self.coolDown = coolDown
    }

    /// What the strategy needs and the venue lacks, or nil where it lacks nothing.
    package func missingCapability(_ venue: VenueCapabilities) -> String? {
        if funding == .flash, !venue.hasFlash { return "a flash pool" }
        if case .sell = exit, !venue.isAtomic { return "atomic closes with exit legs" }
        if sizing != .full, !venue.allowsPartial { return "partial closes" }
        return nil
    }
}

package enum Sizing: Hashable, Sendable {
    /// As much as the market's rules let one call close.
    case full
    /// The least that brings the account back to this health, in ppm.
    case restoreHealth(targetPpm: Int64)
    /// Whatever earns most under close factor, dust rule, depth and funds.
    case optimal
}

package enum FundingChoice: String, Hashable, Sendable {
    case inventory
    case flash
}

package enum ExitChoice: Hashable, Sendable {
    case hold
    /// Sold in the same breath, for at least the planned proceeds less this tolerance, in ppm.
    case sell(tolerancePpm: UInt64)
}
