package import KeeperModel

/// What stands at an idempotency key, for good.
package struct StoredClose: Hashable, Sendable {
    package let keeper: String
    /// SHA-256 of the body that came first; nil at a tombstone.
    package let bodyHash: String?
    package let answer: StoredAnswer
    package let storedAt: Instant
}

package enum StoredAnswer: Hashable, Sendable {
    case settled(CloseReceipt)
    case refused(Refusal)
    /// Put there by a void before any close arrived: none can settle here any more.
    case tombstone
    /// A sealed bid that waits to be opened. Never stored: what stands for good comes after it.
    case pending
}

/// Every close ever answered, by its key. The same body gets the first reply, another body none,
/// and a key that was voided never settles: this is what lets a keeper resolve an unknown outcome.
package struct CloseLedger: Sendable {
    private var stored: [ClientID: StoredClose] = [:]
    /// How often a close was settled for a target, for checkers.
    package private(set) var settledCount: UInt64 = 0

    package init() {}

    func isFree(_ clientID: ClientID) -> Bool { stored[clientID] == nil }

    package enum Claim: Hashable, Sendable {
        case free
        case replay(StoredClose)
        /// The key belongs to another body or another keeper.
        case reused
    }

    package func claim(_ clientID: ClientID, bodyHash: String, keeper: String) -> Claim {
        guard let existing = stored[clientID] else { return .free }
        guard existing.keeper == keeper else { return .reused }
        if let known = existing.bodyHash, known != bodyHash { return .reused }
        return .replay(existing)
    }

    package mutating func store(_ close: StoredClose, at clientID: ClientID) {
        precondition(
            stored[clientID] == nil && close.answer != .pending, "A key is answered once")
        stored[clientID] = close
        if case .settled = close.answer { settledCount += 1 }
    }

    /// What stands at a key, or a tombstone that stands there from now on; nil where the key is
    /// another keeper's.
    package mutating func void(
        _ clientID: ClientID, keeper: String, at now: Instant
    ) -> StoredAnswer? {
        switch claim(clientID, bodyHash: "", keeper: keeper) {
        case .reused: return find(clientID, keeper: keeper)?.answer
        case .replay(let stored): return stored.answer
        case .free:
            store(
                StoredClose(keeper: keeper, bodyHash: nil, answer: .tombstone, storedAt: now),
                at: clientID)
            return .tombstone
        }
    }

    /// The close at a key, as its own keeper may see it.
    package func find(_ clientID: ClientID, keeper: String) -> StoredClose? {
        stored[clientID].flatMap { $0.keeper == keeper ? $0 : nil }
    }

    package func settledCount(of keeper: String) -> UInt64 {
        let count = stored.values.count { close in
            guard case .settled = close.answer else { return false }
            return close.keeper == keeper
        }
        return UInt64(count)
    }

    package var all: [(key: ClientID, close: StoredClose)] {
        stored.keys.sorted().compactMap { key in stored[key].map { (key, $0) } }
    }
}
