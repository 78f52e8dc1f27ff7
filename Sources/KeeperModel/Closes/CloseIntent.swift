package import WideMath

/// What a plan expects to earn and what it needs, in units of account.
package struct Expectation: Hashable, Sendable {
    package let grossUnits: Int256
    package let costUnits: Int256
    package var netUnits: Int256 { grossUnits - costUnits }
    /// What leaves the inventory before anything comes back; nothing when flash-funded.
    package let inventoryNeeded: [AssetAmount]
    package let notionalUnits: UInt256

    package init(
        grossUnits: Int256, costUnits: Int256, inventoryNeeded: [AssetAmount],
        notionalUnits: UInt256
    ) {
        self.grossUnits = grossUnits
        self.costUnits = costUnits
        self.inventoryNeeded = inventoryNeeded
        self.notionalUnits = notionalUnits
    }
}

/// A plan with its reason: what is approved, journaled, sent and, in the end, booked.
package struct CloseIntent: Hashable, Sendable {
    package let plan: ClosePlan
    package let strategy: StrategyName
    package let expectation: Expectation
    package let proposedAt: Instant
    /// The sequence of the event that made it, which names its decision record.
    package let decidedBy: UInt64

    package init(
        plan: ClosePlan, strategy: StrategyName, expectation: Expectation, proposedAt: Instant,
        decidedBy: UInt64
    ) {
        self.plan = plan
        self.strategy = strategy
        self.expectation = expectation
        self.proposedAt = proposedAt
        self.decidedBy = decidedBy
    }
}

/// How an intent ended. Only an ending frees the target and what was reserved for it.
package enum IntentEnding: Hashable, Sendable {
    case won(CloseReceipt)
    case refused(Refusal)
    /// A tombstone at the venue: it can never settle.
    case voided
    /// Withdrawn here before any bytes left.
    case cancelled(reason: String)

    /// A closed set of names, fit for a metric's label.
    package var label: String {
        switch self {
        case .won: "won"
        case .refused(let refusal): "refused-" + refusal.refusalClass.rawValue
        case .voided: "voided"
        case .cancelled: "cancelled"
        }
    }
}

/// An open intent read back from the journal at start.
package struct RecoveredIntent: Hashable, Sendable {
    package let intent: CloseIntent
    /// Whether bytes may have left before the program stopped.
    package let mayHaveBeenSent: Bool

    package init(intent: CloseIntent, mayHaveBeenSent: Bool) {
        self.intent = intent
        self.mayHaveBeenSent = mayHaveBeenSent
    }
}
