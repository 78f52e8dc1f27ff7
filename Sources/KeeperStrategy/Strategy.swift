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
    /// What to do with a sale that promises more than the oracle does.
    package let aboveBonus: AboveBonusRule
    /// Within what time the other side has to say that a close would settle, before it is sent; nil
    /// where it is not asked.
    package let trialWithin: TimeSpan?

    package init(
        name: StrategyName, version: UInt64, summary: String, markets: Set<CloseKind>,
        condition: Condition, sizing: Sizing, funding: FundingChoice, exit: ExitChoice,
        bid: BidRule?, validHeights: UInt64, coolDown: TimeSpan,
        aboveBonus: AboveBonusRule = .usual, trialWithin: TimeSpan? = nil
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
        self.aboveBonus = aboveBonus
        self.trialWithin = trialWithin
    }

    /// The same, asking the other side first.
    package func trying(within span: TimeSpan) -> Strategy {
        with(aboveBonus, trialWithin: span)
    }

    func with(_ aboveBonus: AboveBonusRule, trialWithin: TimeSpan?) -> Strategy {
        Strategy(
            name: name, version: version, summary: summary, markets: markets,
            condition: condition, sizing: sizing, funding: funding, exit: exit, bid: bid,
            validHeights: validHeights, coolDown: coolDown, aboveBonus: aboveBonus,
            trialWithin: trialWithin)
    }

    package var run: StrategyRun { StrategyRun(name, version: version) }

    /// What the strategy needs and the venue lacks, or nil where it lacks nothing.
    package func missingCapability(_ venue: VenueCapabilities) -> String? {
        if funding == .flash, !venue.hasFlash { return "a flash pool" }
        if exit.maySell, !venue.isAtomic { return "atomic closes with exit legs" }
        if sizing != .full, !venue.allowsPartial { return "partial closes" }
        if sizing.needsTwoCalls, !venue.allowsSequences {
            return "two calls at once, settled together or not at all"
        }
        if trialWithin != nil, !venue.triesCloses { return "closes that are tried first" }
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
    /// The same in two closes at once, the first just so large that it leaves the account this far
    /// under its line, in ppm of health.
    case twoStep(marginPpm: UInt64)

    /// Where an account is closed in one piece anyhow, two steps are as good as one.
    var isOptimal: Bool { self == .optimal || needsTwoCalls }

    var needsTwoCalls: Bool {
        if case .twoStep = self { true } else { false }
    }
}

extension VenueCapabilities {
    /// Several closes of one account that are settled together or not at all.
    package var allowsSequences: Bool { isAtomic && callsPerHeight >= 2 }
}

package enum FundingChoice: String, Hashable, Sendable {
    case inventory
    case flash
    /// Whichever of the two leaves more, with the loan's premium counted.
    case cheapest
}
