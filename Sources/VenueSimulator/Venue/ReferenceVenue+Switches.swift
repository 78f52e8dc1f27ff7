package import KeeperModel
import LiquidationRules

/// A change of a market's state that a scenario brings, told so many heights ahead.
package struct ScheduledSwitch: Hashable, Sendable {
    package let market: MarketID
    package let state: MarketState
    /// The first height at which it is in force.
    package let atHeight: UInt64
    /// The height at which everybody hears of it.
    package let announcedAtHeight: UInt64
    package let reason: String

    package init(
        market: MarketID, state: MarketState, atHeight: UInt64, announcedAtHeight: UInt64,
        reason: String
    ) {
        precondition(announcedAtHeight <= atHeight, "What was done is not told ahead")
        self.market = market
        self.state = state
        self.atHeight = atHeight
        self.announcedAtHeight = announcedAtHeight
        self.reason = reason
    }
}

/// What a venue lets happen in its markets: switched at once, or told ahead and switched when its
/// height has come. Every change is an entry of the channel, and an entry speaks of all markets.
extension ReferenceVenue {
    private static var implementation: String { "reference" }

    /// As everybody is told.
    package func marketSwitch(of market: MarketID) -> MarketSwitch {
        switches[market] ?? .open(market, implementation: Self.implementation)
    }

    /// Closes of a paused market are refused; everything else of it goes on.
    package mutating func pause(_ market: MarketID, reason: String) {
        switchNow(market, to: .halted, reason: reason)
    }

    /// Closes are let in again after a time of grace.
    package mutating func resume(_ market: MarketID, graceOf grace: TimeSpan) {
        switches[market] = MarketSwitch(
            market: market, isClosable: true, closableFrom: world.now + grace,
            implementation: Self.implementation, reason: "grace", state: .open,
            sinceHeight: height)
        publishSwitches()
    }

    package func isPaused(_ market: MarketID) -> Bool { !marketSwitch(of: market).isClosable }

    /// At once where that height is here; otherwise everybody is told now. A later word about the
    /// same market takes the place of an earlier one.
    package mutating func announce(
        _ state: MarketState, of market: MarketID, fromHeight effective: UInt64, reason: String
    ) {
        guard effective > height else { return switchNow(market, to: state, reason: reason) }
        switches[market] = marketSwitch(of: market).followed(
            by: AnnouncedState(state: state, effectiveHeight: effective, reason: reason))
        publishSwitches()
    }

    private mutating func switchNow(_ market: MarketID, to state: MarketState, reason: String) {
        switches[market] = MarketSwitch(
            market: market, isClosable: state.takesCloses, closableFrom: nil,
            implementation: Self.implementation, reason: reason, state: state,
            sinceHeight: height)
        publishSwitches()
    }

    /// What was told of this height, and what is to be told at it.
    mutating func passSwitches() {
        for told in scenario.switches where told.announcedAtHeight == height {
            announce(
                told.state, of: told.market, fromHeight: told.atHeight, reason: told.reason)
        }
        for market in scenario.markets {
            guard let next = switches[market]?.next, next.effectiveHeight <= height,
                let state = next.state
            else { continue }
            switchNow(market, to: state, reason: next.reason)
        }
        if channels.switches.newest == nil { publishSwitches() }
    }

    private mutating func publishSwitches() {
        let standing = scenario.markets.map { marketSwitch(of: $0) }
        guard standing != channels.switches.newest?.payload else { return }
        channels.switches.publish(standing, height: height, at: world.now)
    }

    /// Bids that were placed before a market began to settle are still opened.
    func requireOpen(
        _ market: MarketID, isPlacedBefore: Bool = false
    ) throws(CloseRefused) {
        let standing = marketSwitch(of: market)
        let isLetIn =
            isPlacedBefore
            ? standing.settlesWhatWaits(atHeight: height) : standing.isClosable
        guard isLetIn else {
            let word = standing.state == .settling ? "is settling" : "is paused"
            throw CloseRefused(.marketClosed, "\(market) \(word): \(standing.reason)")
        }
        if let from = standing.closableFrom, world.now < from {
            throw CloseRefused(.marketClosed, "\(market) is in grace until \(from.nanoseconds)")
        }
    }
}

extension MarketSwitch {
    fileprivate static func open(_ market: MarketID, implementation: String) -> MarketSwitch {
        MarketSwitch(
            market: market, isClosable: true, closableFrom: nil, implementation: implementation,
            reason: "", state: .open, sinceHeight: 0)
    }

    fileprivate func followed(by next: AnnouncedState) -> MarketSwitch {
        MarketSwitch(
            market: market, isClosable: isClosable, closableFrom: closableFrom,
            implementation: implementation, reason: reason, state: state,
            sinceHeight: sinceHeight, next: next)
    }
}
