/// Why something was done, or was not. Written for every candidate whenever the answer changes,
/// with every input that made it, so that `bailiff explain` never has to guess.
package struct Decision: Hashable, Sendable {
    /// The event that made it.
    package let sequence: UInt64
    package let decidedAt: Instant
    package let height: UInt64
    package let target: Target
    package let accountVersion: UInt64
    package let verdict: Verdict
    /// Inputs and intermediate figures, in the order in which they were worked out.
    package let facts: [DecisionFact]

    package init(
        sequence: UInt64, decidedAt: Instant, height: UInt64, target: Target,
        accountVersion: UInt64, verdict: Verdict, facts: [DecisionFact]
    ) {
        self.sequence = sequence
        self.decidedAt = decidedAt
        self.height = height
        self.target = target
        self.accountVersion = accountVersion
        self.verdict = verdict
        self.facts = facts
    }
}

package struct DecisionFact: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

package enum Verdict: Hashable, Sendable {
    /// The account crossed its line.
    case eligible
    /// The account is above its line again.
    case recovered
    /// The index had the account on the wrong side of its line: an alarm, and put right.
    case disagreed
    /// A price that is pending would take the account over its line.
    case foreseen
    case proposed(ClientID)
    case skipped(SkipReason)
    /// An intent ended; the label is `IntentEnding.label`.
    case ended(ClientID, String)
    /// Somebody else closed it.
    case missed(MissedCause)

    /// A closed set of names, fit for a metric's label.
    package var label: String {
        switch self {
        case .eligible: "eligible"
        case .recovered: "recovered"
        case .disagreed: "disagreed"
        case .foreseen: "foreseen"
        case .proposed: "proposed"
        case .skipped(let reason): "skipped-" + reason.rawValue
        case .ended(_, let ending): "ended-" + ending
        case .missed(let cause): "missed-" + cause.rawValue
        }
    }
}

/// Why a candidate was left alone.
package enum SkipReason: String, Hashable, Sendable, CaseIterable {
    case accountsUncertain = "accounts-uncertain"
    case priceUncertain = "price-uncertain"
    case belowFloor = "below-floor"
    case noDepth = "no-depth"
    case noFunds = "no-funds"
    case costUnknown = "cost-unknown"
    case gasTooDear = "gas-too-dear"
    /// It failed again and again, and is left alone for a while.
    case quarantined = "quarantined"
    /// The operator wants it left alone.
    case listed = "listed"
    /// Eligible and market price are too far apart.
    case pricesPart = "prices-part"
    /// What time it is is not sure: how old a price is cannot be said, and nobody takes what we
    /// sign.
    case clocksPart = "clocks-part"
    /// A person has to say yes first.
    case held = "held"
    case marketSwitched = "market-switched"
    /// Its market still takes closes, but no more when ours could be included or its bid opened.
    case marketClosing = "market-closing"
    case notCloseable = "not-closeable"
    case coolDown = "cool-down"
    case refusedByRisk = "refused-by-risk"
    case draining = "draining"
    /// The reserve does not hold what the purse lacks.
    case reserveShort = "reserve-short"
    /// What would be moved is reserved by open closes.
    case inventoryReserved = "inventory-reserved"
    /// So much of it was moved today that no more may be.
    case transfersPerDay = "transfers-per-day"
    /// A transfer would be in order, and a person has to ask for it.
    case transferDue = "transfer-due"
    /// The plan that a person asked for is not what would be done now.
    case planChanged = "plan-changed"
}
