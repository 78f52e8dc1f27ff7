package import KeeperModel
package import KeeperRisk
package import KeeperStrategy
package import LiquidationRules

/// What an engine is made with. The same settings and the same events give the same decisions.
package struct EngineSettings: Sendable {
    package let limits: RiskLimits
    /// In order of preference: for each candidate the plan with the highest net profit wins, and
    /// among equals the earlier strategy.
    package let strategies: [Strategy]
    package let guards: PriceGuards
    package let avoided: AvoidList
    /// Lines beside that of eligibility that every book watches.
    package let lines: [AccountLine]
    /// Assets that nothing is planned on without a fresh price of the market beside the venue's.
    package let marketPriceNeeded: Set<AssetID>
    /// The same of one domain, where each has sources of its own.
    package let marketPriceNeededIn: [DomainID: Set<AssetID>]
    /// A prefix of client ids, one per keeper and start, so that keys never repeat.
    package let keyPrefix: String

    package init(
        limits: RiskLimits, strategies: [Strategy], guards: PriceGuards,
        avoided: AvoidList = AvoidList(), lines: [AccountLine] = [],
        marketPriceNeeded: Set<AssetID> = [],
        marketPriceNeededIn: [DomainID: Set<AssetID>] = [:], keyPrefix: String
    ) {
        precondition(!strategies.isEmpty, "A keeper without a strategy has nothing to decide")
        self.limits = limits
        self.strategies = strategies
        self.guards = guards
        self.avoided = avoided
        self.lines = lines
        self.marketPriceNeeded = marketPriceNeeded
        self.marketPriceNeededIn = marketPriceNeededIn
        self.keyPrefix = keyPrefix
    }

    func marketPriceNeeded(in domain: DomainID) -> Set<AssetID> {
        marketPriceNeededIn[domain].map { marketPriceNeeded.union($0) } ?? marketPriceNeeded
    }
}

/// When a price is not believed. A bad price stops what rests on it and nothing else.
package struct PriceGuards: Hashable, Sendable {
    package let ageMax: TimeSpan
    /// A move of more than this between two rounds is held back until a second round confirms it.
    package let jumpMaxPpm: UInt64
    /// Nil where no market prices are followed.
    package let parting: PartingRule?

    package init(ageMax: TimeSpan, jumpMaxPpm: UInt64, parting: PartingRule? = nil) {
        self.ageMax = ageMax
        self.jumpMaxPpm = jumpMaxPpm
        self.parting = parting
    }
}
