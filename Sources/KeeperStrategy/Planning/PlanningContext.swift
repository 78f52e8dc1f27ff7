package import KeeperModel
import LiquidationRules
package import WideMath

/// What a plan may rest on: the state of one venue at one moment, gathered once per candidate.
package struct PlanningContext: Sendable {
    package let now: Instant
    package let height: UInt64
    package let quote: AssetDescription
    package let depth: [AssetID: DepthBook]
    package let flashPools: [AssetID: FlashPool]
    /// What of each asset is owned and not promised to another intent.
    package let available: [AssetID: UInt256]
    package let priceAges: PriceAges
    /// The most that sending a close costs at the usual bid; nothing where calls are free.
    package let sendingCostUnits: UInt256
    /// The most that a plan may close, in units of account; nil where there is no such limit.
    package let notionalMaxUnits: UInt256?
    /// Nil while the venue has not said what it can do: then nothing special is asked of it.
    package let capabilities: VenueCapabilities?

    package init(
        now: Instant, height: UInt64, quote: AssetDescription, depth: [AssetID: DepthBook],
        flashPools: [AssetID: FlashPool], available: [AssetID: UInt256], priceAges: PriceAges,
        sendingCostUnits: UInt256 = .zero, notionalMaxUnits: UInt256? = nil,
        capabilities: VenueCapabilities? = nil
    ) {
        self.now = now
        self.height = height
        self.quote = quote
        self.depth = depth
        self.flashPools = flashPools
        self.available = available
        self.priceAges = priceAges
        self.sendingCostUnits = sendingCostUnits
        self.notionalMaxUnits = notionalMaxUnits
        self.capabilities = capabilities
    }

    /// The same with at most so much to close.
    package func capped(at units: UInt256) -> PlanningContext {
        PlanningContext(
            now: now, height: height, quote: quote, depth: depth, flashPools: flashPools,
            available: available, priceAges: priceAges, sendingCostUnits: sendingCostUnits,
            notionalMaxUnits: min(units, notionalMaxUnits ?? .max), capabilities: capabilities)
    }
}

/// Ages of the oldest price that a plan rests on.
package struct PriceAges: Hashable, Sendable {
    package let sinceReceived: TimeSpan
    package let sinceMade: TimeSpan

    package init(sinceReceived: TimeSpan, sinceMade: TimeSpan) {
        self.sinceReceived = sinceReceived
        self.sinceMade = sinceMade
    }
}

/// What a strategy makes of a candidate.
package enum PlanOutcome: Hashable, Sendable {
    case planned(PlannedClose)
    case skipped(SkipReason, facts: [DecisionFact])
}

package struct PlannedClose: Hashable, Sendable {
    package let action: CloseAction
    package let expectation: Expectation
    package let facts: [DecisionFact]

    package init(action: CloseAction, expectation: Expectation, facts: [DecisionFact]) {
        self.action = action
        self.expectation = expectation
        self.facts = facts
    }
}
