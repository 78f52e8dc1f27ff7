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

    package init(
        now: Instant, height: UInt64, quote: AssetDescription, depth: [AssetID: DepthBook],
        flashPools: [AssetID: FlashPool], available: [AssetID: UInt256], priceAges: PriceAges,
        sendingCostUnits: UInt256 = .zero
    ) {
        self.now = now
        self.height = height
        self.quote = quote
        self.depth = depth
        self.flashPools = flashPools
        self.available = available
        self.priceAges = priceAges
        self.sendingCostUnits = sendingCostUnits
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
