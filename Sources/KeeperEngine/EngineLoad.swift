package import KeeperModel

/// How much an engine remembers, so that whoever runs it can see that it is bounded.
package struct EngineLoad: Hashable, Sendable {
    package let openIntentCount: Int
    package let verdictCount: Int
    package let settledVersionCount: Int
    package let restCount: Int
    package let keptWordCount: Int
    package let heldCount: Int
    package let accountCount: Int
}

extension Engine {
    package var load: EngineLoad {
        EngineLoad(
            openIntentCount: intents.count, verdictCount: verdicts.count,
            settledVersionCount: settledVersions.count, restCount: coolDowns.count,
            keptWordCount: missed.wordCount, heldCount: held.count,
            accountCount: domains.values.reduce(0) { total, domain in
                domain.books.values.reduce(total) { $0 + $1.accountCount }
            })
    }

    /// The prices on which a target's health rests; empty where it is not known.
    package func pricedAssets(of target: Target) -> [AssetID] {
        domains[target.domain]?.books[target.market]?.pricedAssets(of: target.account) ?? []
    }

    /// Where each open intent of a domain stands, by its key.
    package func intentStates(in domain: DomainID) -> [(ClientID, String)] {
        intents.clientIDs(in: domain).compactMap { clientID in
            intents[clientID].map { (clientID, $0.stateName) }
        }
    }
}

extension OpenIntent {
    /// The names of the states, and two of what a chain adds to them.
    fileprivate var stateName: String {
        if isBeingCancelled { return "being-cancelled" }
        if booked != nil { return "booked" }
        return switch state {
        case .persisting: "persisting"
        case .asking: "asking"
        case .sent: "sent"
        case .unknown: "unknown"
        case .lookingUp: "looking-up"
        case .voiding: "voiding"
        case .pending: "pending"
        }
    }
}
