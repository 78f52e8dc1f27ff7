package import WideMath

/// What the venue, or its silence, says about a close. Unknown is an answer too.
package enum CloseAnswer: Hashable, Sendable {
    /// Settled, and final.
    case settled(CloseReceipt)
    /// Definitely not applied, and never will be under this key.
    case refused(Refusal)
    /// Applied or not, nobody here can tell: timeout, reset, 5xx, unreadable reply.
    case unknown(evidence: String)
    /// The venue has no close under this key; one may still be on its way.
    case notFound
    /// A tombstone stands at this key: no late arrival can settle any more.
    case voided
    /// A chain's pool has the bytes, or a venue a sealed bid; nothing has become of them yet.
    case accepted
    /// A chain carried an attempt out. Until it is final a reorganisation may undo it.
    case included(Inclusion, isFinal: Bool)
}

/// What a settled close did, in kind and in the venue's books.
package struct CloseReceipt: Hashable, Sendable {
    package let clientID: ClientID
    /// The venue's name for this fill; it is booked once.
    package let fillID: String
    package let height: UInt64
    package let settledAt: Instant
    /// What went into and out of the keeper's own balances.
    package let movements: [Movement]
    /// The close itself and, where collateral ran out, the write-off of what was left.
    package let settlements: [SettlementRecord]

    package init(
        clientID: ClientID, fillID: String, height: UInt64, settledAt: Instant,
        movements: [Movement], settlements: [SettlementRecord]
    ) {
        self.clientID = clientID
        self.fillID = fillID
        self.height = height
        self.settledAt = settledAt
        self.movements = movements
        self.settlements = settlements
    }
}

/// Why a unit of the keeper's moved.
package enum MovementCause: String, Hashable, Sendable, CaseIterable {
    case openingBalance
    case deposit
    case withdrawal
    case repaid
    case seized
    case exitSold
    case exitProceeds
    case flashBorrowed
    case flashRepaid
    case flashPremium
    case incentive
    case venueFee
    /// What a chain took for carrying an attempt out, successful or not.
    case gas
    /// Moves between what is traded with and the reserve.
    case toppedUp
    case swept

    /// Between the operator's own purses: never revenue, never a cost.
    package var isTransfer: Bool { self == .toppedUp || self == .swept }
}

/// A change of one of the keeper's balances.
package struct Movement: Hashable, Sendable {
    package let asset: AssetID
    /// Smallest units; positive came in.
    package let amount: Int256
    package let cause: MovementCause
    /// What it was worth in units of account at the event's own price, same sign, toward zero.
    package let valueUnits: Int256

    package init(asset: AssetID, amount: Int256, cause: MovementCause, valueUnits: Int256) {
        self.asset = asset
        self.amount = amount
        self.cause = cause
        self.valueUnits = valueUnits
    }
}

/// Why a close was not applied. Every class has one consequence, so nothing loops for ever.
package enum RefusalClass: String, Hashable, Sendable, CaseIterable {
    case healthy
    case staleVersion
    case unknownAccount
    case slippage
    case insufficientFunds
    case flashUnavailable
    case limitViolated
    case marketClosed
    case expired
    case keyReused
    case malformed
    case unauthorised
    case rateLimited
    case voided

    /// Whether the same key gets the same refusal for ever. What was turned away at the door was
    /// never looked at, so the same bytes may yet be let in.
    package var isKeptByVenue: Bool {
        switch self {
        case .unauthorised, .rateLimited: false
        default: true
        }
    }
}

package struct Refusal: Hashable, Sendable {
    package let refusalClass: RefusalClass
    package let detail: String

    package init(_ refusalClass: RefusalClass, detail: String) {
        self.refusalClass = refusalClass
        self.detail = detail
    }
}
