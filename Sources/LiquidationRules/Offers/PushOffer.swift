package import KeeperModel
package import WideMath

/// What whoever pushes an account over the edge is rewarded with, without paying anything.
package struct PushOffer: Hashable, Sendable {
    package struct InKind: Hashable, Sendable {
        package let reward: AssetAmount
        /// One whole token in its smallest units.
        package let unit: UInt256
        /// In units of the quote currency at the venue's own price.
        package let worthUnits: UInt256

        package init(reward: AssetAmount, unit: UInt256, worthUnits: UInt256) {
            self.reward = reward
            self.unit = unit
            self.worthUnits = worthUnits
        }
    }

    /// In the quote currency.
    package let inQuote: UInt256
    /// A part of the collateral; nil where none is given.
    package let inKind: InKind?
    /// Of the debt that is closed.
    package let notionalUnits: UInt256

    package init(inQuote: UInt256, inKind: InKind?, notionalUnits: UInt256) {
        self.inQuote = inQuote
        self.inKind = inKind
        self.notionalUnits = notionalUnits
    }
}

/// Rules of a market where somebody has to give accounts a push, and is rewarded for it.
package protocol PushRules: PublishedMarketRules {
    /// Nil for what needs no push, or while a price is missing.
    func push(of position: Position) -> PushOffer?
}
