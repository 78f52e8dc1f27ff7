package import KeeperModel
package import WideMath

/// Why an account is closed now, or is not: for every account, whether it was ever a candidate or
/// not. Worked out when it is asked for, from the state that decides.
package struct Explanation: Hashable, Sendable {
    package enum Standing: Hashable, Sendable {
        /// The keeper follows the market and has no such account there.
        case unknownAccount
        /// The account's form does not fit the market's rules: watched by nobody.
        case unreadable
        case healthy
        /// An intent is open.
        case busy(ClientID)
        /// A close of ours has settled that the feed has yet to show.
        case justClosed
        case skipped(SkipReason)
        /// Nothing stands in the way but the next event.
        case closeable
    }

    package let target: Target
    package let height: UInt64
    package let at: Instant
    package let standing: Standing
    package let healthWad: UInt256?
    package let accountVersion: UInt64?
    package let prices: [LinePrice]
    /// What led to the standing, in the order in which it was worked out.
    package let facts: [DecisionFact]
}

/// A price that an account's health rests on, and where it would take the account over its line
/// while all others stay.
package struct LinePrice: Hashable, Sendable {
    package let asset: AssetID
    package let price: UInt256
    package let age: TimeSpan
    /// Nil where no price of this asset alone would.
    package let line: UInt256?
}

extension Explanation.Standing {
    /// A closed set of names.
    package var label: String {
        switch self {
        case .unknownAccount: "unknown-account"
        case .unreadable: "unreadable"
        case .healthy: "healthy"
        case .busy: "busy"
        case .justClosed: "just-closed"
        case .skipped(let reason): "skipped-" + reason.rawValue
        case .closeable: "closeable"
        }
    }
}
