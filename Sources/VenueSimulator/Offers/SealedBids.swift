import KeeperModel
import WideMath

/// What somebody would pay for an offer, unseen until the window closes.
struct SealedBid: Hashable, Sendable {
    let offer: AccountID
    let plan: ClosePlan
    let close: LendingClose
    let keeper: String
    let bodyHash: String
    let placedAtHeight: UInt64
    let placedAt: Instant

    /// All that the close may pay is what is bid.
    var amount: UInt256 { close.repayAmountMax }

    /// The highest first; among equals the earlier height, then the keeper's name, then the key.
    /// Within a height nobody gains by being quick.
    func precedes(_ other: SealedBid) -> Bool {
        if amount != other.amount { return amount > other.amount }
        if placedAtHeight != other.placedAtHeight { return placedAtHeight < other.placedAtHeight }
        if keeper != other.keeper {
            return keeper.utf8.lexicographicallyPrecedes(other.keeper.utf8)
        }
        return plan.clientID < other.plan.clientID
    }
}

/// Bids that wait to be opened, by their keys. Bounded by the calls that a height lets through and
/// the heights for which an offer stands.
struct SealedBids: Sendable {
    private var waiting: [ClientID: SealedBid] = [:]

    subscript(clientID: ClientID) -> SealedBid? { waiting[clientID] }

    mutating func place(_ bid: SealedBid) {
        precondition(waiting[bid.plan.clientID] == nil, "A key bids once")
        waiting[bid.plan.clientID] = bid
    }

    mutating func take(_ clientID: ClientID) -> SealedBid? {
        waiting.removeValue(forKey: clientID)
    }

    /// All of an offer's, the best first.
    mutating func takeAll(for offer: AccountID) -> [SealedBid] {
        let bids = waiting.values.filter { $0.offer == offer }.sorted { $0.precedes($1) }
        for bid in bids { waiting[bid.plan.clientID] = nil }
        return bids
    }
}
