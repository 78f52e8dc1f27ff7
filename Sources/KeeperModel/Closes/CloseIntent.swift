package import WideMath

/// What a plan expects to earn and what it needs, in units of account.
package struct Expectation: Hashable, Sendable {
    package let grossUnits: Int256
    package let costUnits: Int256
    package var netUnits: Int256 { grossUnits - costUnits }
    /// What leaves the inventory before anything comes back; nothing when flash-funded.
    package let inventoryNeeded: [AssetAmount]
    package let notionalUnits: UInt256
    /// What of the cost is for being carried out at all; nothing where calls are free.
    package let sendingUnits: UInt256
    /// What of the cost is for letting go of what is taken: how far a sale stays below the oracle,
    /// or what keeping it is thought to cost. Negative where it sells for more.
    package let exitCostUnits: Int256

    package init(
        grossUnits: Int256, costUnits: Int256, inventoryNeeded: [AssetAmount],
        notionalUnits: UInt256, sendingUnits: UInt256 = .zero, exitCostUnits: Int256 = .zero
    ) {
        self.grossUnits = grossUnits
        self.costUnits = costUnits
        self.inventoryNeeded = inventoryNeeded
        self.notionalUnits = notionalUnits
        self.sendingUnits = sendingUnits
        self.exitCostUnits = exitCostUnits
    }

    /// Paid for by somebody's account elsewhere: nothing is reserved.
    package func sending(for units: UInt256) -> Expectation {
        Expectation(
            grossUnits: grossUnits, costUnits: costUnits, inventoryNeeded: inventoryNeeded,
            notionalUnits: notionalUnits, sendingUnits: units, exitCostUnits: exitCostUnits)
    }

    package func reservingGas(
        _ amountMax: UInt256, of gasAsset: AssetID, sendingUnits: UInt256
    ) -> Expectation {
        var needed = inventoryNeeded
        if let index = needed.firstIndex(where: { $0.asset == gasAsset }) {
            needed[index] = AssetAmount(
                asset: gasAsset, amount: needed[index].amount + amountMax)
        } else {
            needed.append(AssetAmount(asset: gasAsset, amount: amountMax))
        }
        return Expectation(
            grossUnits: grossUnits, costUnits: costUnits, inventoryNeeded: needed,
            notionalUnits: notionalUnits, sendingUnits: sendingUnits,
            exitCostUnits: exitCostUnits)
    }
}

/// A plan with its reason: what is approved, journaled, sent and, in the end, booked.
package struct CloseIntent: Hashable, Sendable {
    package let plan: ClosePlan
    package let run: StrategyRun
    package var strategy: StrategyName { run.name }
    package let expectation: Expectation
    package let proposedAt: Instant
    /// The sequence of the event that made it, which names its decision record.
    package let decidedBy: UInt64

    package init(
        plan: ClosePlan, by run: StrategyRun, expectation: Expectation, proposedAt: Instant,
        decidedBy: UInt64
    ) {
        self.plan = plan
        self.run = run
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
    /// Carried out by a chain, and failed at its own cost.
    case reverted(Refusal, CloseReceipt)
    /// A call that does nothing took its nonce, at a cost.
    case withdrawn(CloseReceipt)

    /// A closed set of names, fit for a metric's label.
    package var label: String {
        switch self {
        case .won: "won"
        case .refused(let refusal): "refused-" + refusal.refusalClass.rawValue
        case .voided: "voided"
        case .cancelled: "cancelled"
        case .reverted(let refusal, _): "reverted-" + refusal.refusalClass.rawValue
        case .withdrawn: "withdrawn"
        }
    }

    /// What moved because of it; nil where nothing was carried out.
    package var receipt: CloseReceipt? {
        switch self {
        case .won(let receipt), .reverted(_, let receipt), .withdrawn(let receipt): receipt
        case .refused, .voided, .cancelled: nil
        }
    }
}

/// An open intent read back from the journal at start.
package struct RecoveredIntent: Hashable, Sendable {
    package let intent: CloseIntent
    /// Every attempt whose bytes may have left before the program stopped, in their order.
    package let attempts: [AttemptTerms]
    /// What is on the books for it, and was not final when the program stopped.
    package let booked: CloseReceipt?

    package init(intent: CloseIntent, attempts: [AttemptTerms], booked: CloseReceipt? = nil) {
        self.intent = intent
        self.attempts = attempts
        self.booked = booked
    }
}
