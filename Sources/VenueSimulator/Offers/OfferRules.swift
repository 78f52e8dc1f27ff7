package import KeeperModel

/// What a venue lets others see of the accounts that may be closed.
package enum Disclosure: Hashable, Sendable {
    /// Every account, always.
    case full
    /// No account: what may be closed is offered, namelessly.
    case offers(OfferRules)
}

/// How offers are made and given away.
package struct OfferRules: Hashable, Sendable {
    package let allocation: OfferAllocation
    /// For so many heights an offer stands; what may still be closed then is offered anew.
    package let expiryHeights: UInt64
    /// For so many heights sealed bids are gathered; no more than the offer stands.
    package let windowHeights: UInt64

    package init(allocation: OfferAllocation, expiryHeights: UInt64, windowHeights: UInt64) {
        precondition(
            expiryHeights > 0 && windowHeights <= expiryHeights,
            "Bids are opened while the offer stands")
        self.allocation = allocation
        self.expiryHeights = expiryHeights
        self.windowHeights = windowHeights
    }
}

extension MarketTerms {
    /// Whether its closes are paid for with the quote currency and take collateral. What is pushed,
    /// or reduced on the book, has no price that could be offered.
    package var canBeOffered: Bool {
        switch self {
        case .lending, .morphoBlue, .euler, .compound: true
        case .margin, .liquity, .maker, .offers: false
        }
    }
}
