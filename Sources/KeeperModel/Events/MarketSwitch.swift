/// What a venue lets happen in one of its markets.
package enum MarketState: String, Hashable, Sendable, CaseIterable {
    case open
    /// Nobody may take on more; closes reduce, so they are taken.
    case reduceOnly = "reduce-only"
    /// Nothing is taken, and nothing that waits is settled.
    case halted
    /// The venue brings the market to its end: nothing is taken any more, and what was taken before
    /// is still settled.
    case settling

    package var takesCloses: Bool {
        switch self {
        case .open, .reduceOnly: true
        case .halted, .settling: false
        }
    }

    /// Whether bids that were placed earlier are opened and settled.
    package var settlesWhatWaits: Bool { self != .halted }
}

/// A change of a market's state that the venue told ahead.
package struct AnnouncedState: Hashable, Sendable {
    /// Nil for a word that we do not know: as good as halted.
    package let state: MarketState?
    /// The first height at which it is in force.
    package let effectiveHeight: UInt64
    package let reason: String

    package init(state: MarketState?, effectiveHeight: UInt64, reason: String) {
        self.state = state
        self.effectiveHeight = effectiveHeight
        self.reason = reason
    }
}

/// A venue's switches for one market.
package struct MarketSwitch: Hashable, Sendable {
    package let market: MarketID
    package let isClosable: Bool
    /// Closable, but not before: a grace period after a pause.
    package let closableFrom: Instant?
    /// The name of the code that runs it. A change means rules that were not read by us.
    package let implementation: String
    package let reason: String
    /// Nil where a venue only says whether it takes closes, or says a word that we do not know.
    package let state: MarketState?
    /// The first height at which it was in force, where the venue says so.
    package let sinceHeight: UInt64?
    /// The next change that was told ahead.
    package let next: AnnouncedState?

    package init(
        market: MarketID, isClosable: Bool, closableFrom: Instant?, implementation: String,
        reason: String, state: MarketState? = nil, sinceHeight: UInt64? = nil,
        next: AnnouncedState? = nil
    ) {
        precondition(
            state.map { $0.takesCloses == isClosable } ?? true,
            "A state says whether closes are taken")
        self.market = market
        self.isClosable = isClosable
        self.closableFrom = closableFrom
        self.implementation = implementation
        self.reason = reason
        self.state = state
        self.sinceHeight = sinceHeight
        self.next = next
    }
}

extension MarketSwitch {
    /// Whether closes are taken at a height, by what was told until now.
    package func takesCloses(atHeight height: UInt64) -> Bool {
        guard let next, next.effectiveHeight <= height else { return isClosable }
        return next.state?.takesCloses ?? false
    }

    /// Whether what waits is settled at a height, by what was told until now.
    package func settlesWhatWaits(atHeight height: UInt64) -> Bool {
        guard let next, next.effectiveHeight <= height else {
            return state?.settlesWhatWaits ?? isClosable
        }
        return next.state?.settlesWhatWaits ?? false
    }
}
