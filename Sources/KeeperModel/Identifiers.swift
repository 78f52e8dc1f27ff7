/// Names of things, each its own type so that an account can never be passed where a market is
/// meant.

/// A short text from outside that was checked once, at the door.
///
/// Well formed is what `settlement.md` section 0 says: 1 to 64 of `A-Z a-z 0-9 . _ -`. Order is by
/// UTF-8 bytes, which is what every list "by id" means.
package protocol TextIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    var text: String { get }
    /// For text that is known to be well formed; anything else is a bug and stops the program.
    init(_ text: String)
    /// For text from outside.
    init?(checking text: String)
    init(alreadyChecked text: String)
}

extension TextIdentifier {
    package init(_ text: String) {
        precondition(isWellFormedIdentifier(text), "An identifier is 1 to 64 of A-Za-z0-9._-")
        self.init(alreadyChecked: text)
    }

    package init?(checking text: String) {
        guard isWellFormedIdentifier(text) else { return nil }
        self.init(alreadyChecked: text)
    }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

package func isWellFormedIdentifier(_ text: String) -> Bool {
    let bytes = text.utf8
    guard (1...64).contains(bytes.count) else { return false }
    return bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// One chain or one venue: it owns height, prices, markets and lanes.
package struct DomainID: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

/// A market inside a domain.
package struct MarketID: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

/// What can be owned, owed, priced or sold.
package struct AssetID: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

/// An account inside a market.
package struct AccountID: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

/// The idempotency key of one intent: every attempt of the intent carries the same one.
package struct ClientID: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

/// A way of sending.
package struct LaneName: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

/// The name of a strategy file.
package struct StrategyName: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

/// What a close is aimed at. At most one open intent per target.
package struct Target: Hashable, Comparable, Sendable {
    package let domain: DomainID
    package let market: MarketID
    package let account: AccountID

    package init(domain: DomainID, market: MarketID, account: AccountID) {
        self.domain = domain
        self.market = market
        self.account = account
    }

    package static func < (left: Target, right: Target) -> Bool {
        if left.domain != right.domain { return left.domain < right.domain }
        if left.market != right.market { return left.market < right.market }
        return left.account < right.account
    }
}
