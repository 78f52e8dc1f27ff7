package import WideMath

/// What a chain says of sending. A venue without it keeps an idempotency key for every close, and
/// asks nothing for a call.
package struct ChainTerms: Hashable, Sendable {
    /// What calls are paid in.
    package let gasAsset: AssetID
    /// A close that is so many heights deep is final; before that a reorganisation may undo it.
    package let finalityHeights: UInt64
    /// A call replaces one with the same nonce only where it bids so much more.
    package let bumpMinPpm: UInt64
    /// The most gas that a close, and a call that does nothing, can use.
    package let gasPerClose: UInt64
    package let gasPerCancel: UInt64
    package let lanes: [Lane]

    package init(
        gasAsset: AssetID, finalityHeights: UInt64, bumpMinPpm: UInt64, gasPerClose: UInt64,
        gasPerCancel: UInt64, lanes: [Lane]
    ) {
        self.gasAsset = gasAsset
        self.finalityHeights = finalityHeights
        self.bumpMinPpm = bumpMinPpm
        self.gasPerClose = gasPerClose
        self.gasPerCancel = gasPerCancel
        self.lanes = lanes
    }
}

/// One way of sending.
package struct Lane: Hashable, Sendable {
    package let name: LaneName
    package let laneClass: LaneClass

    package init(name: LaneName, laneClass: LaneClass) {
        self.name = name
        self.laneClass = laneClass
    }

    /// The API of a venue that keeps keys: the only way there.
    package static let venueAPI = Lane(name: LaneName("api"), laneClass: .confidential)
}

/// Bytes that were meant for few are never shown to all: an attempt stays in its lane's class.
package enum LaneClass: String, Hashable, Sendable, CaseIterable {
    case open = "public"
    case confidential = "private"
}

/// What a call costs now, in the smallest units of the gas asset per gas.
package struct GasPrice: Hashable, Sendable {
    package let baseFee: UInt256
    /// What was enough on top of it lately.
    package let usualTip: UInt256

    package init(baseFee: UInt256, usualTip: UInt256) {
        self.baseFee = baseFee
        self.usualTip = usualTip
    }
}

/// What an attempt offers for its inclusion.
package struct GasBid: Hashable, Sendable {
    package let nonce: UInt64
    package let gasLimit: UInt64
    /// Per gas, tip included.
    package let feeMax: UInt256
    package let tip: UInt256
    /// The most that it can cost, in units of account when it was made, rounded up.
    package let costMaxUnits: UInt256

    package init(
        nonce: UInt64, gasLimit: UInt64, feeMax: UInt256, tip: UInt256, costMaxUnits: UInt256
    ) {
        self.nonce = nonce
        self.gasLimit = gasLimit
        self.feeMax = feeMax
        self.tip = tip
        self.costMaxUnits = costMaxUnits
    }

    /// The most that it can cost, in the gas asset.
    package var costMax: UInt256 { feeMax * UInt256(gasLimit) }
}

/// What distinguishes one attempt of an intent from another.
package struct AttemptTerms: Hashable, Sendable {
    package enum Purpose: String, Hashable, Sendable, CaseIterable {
        case close
        /// Does nothing, and takes the nonce away from the close.
        case cancel
    }

    /// Counts from 1 within the intent.
    package let number: UInt64
    package let purpose: Purpose
    package let lane: Lane
    /// Nil where a key guards the close and calls are free.
    package let bid: GasBid?

    package init(number: UInt64, purpose: Purpose, lane: Lane, bid: GasBid?) {
        self.number = number
        self.purpose = purpose
        self.lane = lane
        self.bid = bid
    }
}

/// Bytes that may be sent for an intent. Whatever number of attempts an intent has, at most one of
/// them can succeed: they share a key, or a nonce.
package struct CloseAttempt: Hashable, Sendable {
    package let intent: CloseIntent
    package let terms: AttemptTerms

    package init(intent: CloseIntent, terms: AttemptTerms) {
        self.intent = intent
        self.terms = terms
    }

    package var clientID: ClientID { intent.plan.clientID }
}

/// What a chain did with an attempt that it included.
package struct Inclusion: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case settled
        /// It was carried out, failed, and cost its gas.
        case reverted(Refusal)
        case cancelled
    }

    package let result: Result
    /// Everything that moved, the gas among it.
    package let receipt: CloseReceipt

    package init(result: Result, receipt: CloseReceipt) {
        self.result = result
        self.receipt = receipt
    }
}
