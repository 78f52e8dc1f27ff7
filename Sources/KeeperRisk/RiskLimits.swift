import KeeperModel
package import WideMath

/// What may be at stake. Every limit is mandatory: there is no unlimited keeper.
package struct RiskLimits: Hashable, Sendable {
    /// Of one close, in units of account.
    package let notionalPerCloseMaxUnits: UInt256
    /// Of all open intents together.
    package let notionalOpenMaxUnits: UInt256
    package let openIntentsMax: Int
    package let closesPerHourMax: Int
    /// Loss booked within the last hour, and day, above which nothing new is approved.
    package let lossPerHourMaxUnits: UInt256
    package let lossPerDayMaxUnits: UInt256
    /// Gas booked within the last day and offered by open attempts, above which nothing is bid.
    package let gasPerDayMaxUnits: UInt256
    /// Closes that failed at one venue within the last hour, at which nothing new is approved there
    /// until some are older.
    package let failuresPerHourMax: Int
    /// Open intents of unknown outcome at one venue, at which nothing new is approved there.
    package let unknownOpenMax: Int
    /// A profit above this share of the notional is not believed, in parts per million.
    package let profitPlausibleMaxPpm: UInt64
    /// Nil where a new version of a strategy may begin at full size.
    package let canary: CanaryRule?
    /// Nil where nothing is ever moved between the keeper's purses.
    package let treasury: TreasuryRules?

    package init(
        notionalPerCloseMaxUnits: UInt256, notionalOpenMaxUnits: UInt256, openIntentsMax: Int,
        closesPerHourMax: Int, lossPerHourMaxUnits: UInt256, lossPerDayMaxUnits: UInt256,
        gasPerDayMaxUnits: UInt256, failuresPerHourMax: Int, unknownOpenMax: Int,
        profitPlausibleMaxPpm: UInt64, canary: CanaryRule? = nil, treasury: TreasuryRules? = nil
    ) {
        precondition(openIntentsMax > 0 && closesPerHourMax > 0, "A limit of nothing is a stop")
        precondition(failuresPerHourMax > 0 && unknownOpenMax > 0, "A limit of nothing is a stop")
        self.notionalPerCloseMaxUnits = notionalPerCloseMaxUnits
        self.notionalOpenMaxUnits = notionalOpenMaxUnits
        self.openIntentsMax = openIntentsMax
        self.closesPerHourMax = closesPerHourMax
        self.lossPerHourMaxUnits = lossPerHourMaxUnits
        self.lossPerDayMaxUnits = lossPerDayMaxUnits
        self.gasPerDayMaxUnits = gasPerDayMaxUnits
        self.failuresPerHourMax = failuresPerHourMax
        self.unknownOpenMax = unknownOpenMax
        self.profitPlausibleMaxPpm = profitPlausibleMaxPpm
        self.canary = canary
        self.treasury = treasury
    }
}

/// A new version of a strategy closes little until it has shown that what it plans is what is
/// booked.
package struct CanaryRule: Hashable, Sendable {
    /// Of one close, in units of account.
    package let notionalMaxUnits: UInt256
    /// Closes that have to settle and be booked first.
    package let wonCountMin: UInt64

    package init(notionalMaxUnits: UInt256, wonCountMin: UInt64) {
        precondition(
            !notionalMaxUnits.isZero && wonCountMin > 0, "A canary of nothing shows nothing")
        self.notionalMaxUnits = notionalMaxUnits
        self.wonCountMin = wonCountMin
    }
}

/// What the limits leave for new business at one moment.
package struct RiskRoom: Hashable, Sendable {
    package let closeCount: UInt64
    package let notionalUnits: UInt256
    package let gasUnits: UInt256
}

/// Why a proposal was not approved. A closed set, fit for a metric's label.
package enum RiskRefusal: String, Hashable, Sendable, CaseIterable {
    case killSwitch = "kill-switch"
    case venuePaused = "venue-paused"
    case targetBusy = "target-busy"
    case notionalPerClose = "notional-per-close"
    case canarySize = "canary-size"
    case notionalOpen = "notional-open"
    case openIntents = "open-intents"
    case closesPerHour = "closes-per-hour"
    case lossPerHour = "loss-per-hour"
    case lossPerDay = "loss-per-day"
    case implausibleProfit = "implausible-profit"
    case noProfit = "no-profit"
    case inventory = "inventory"
    case gasPerDay = "gas-per-day"
    case failuresPerHour = "failures-per-hour"
    case unknownOutcomes = "unknown-outcomes"
    case expired = "expired"
    /// The operator has no rule for the asset.
    case transferRule = "transfer-rule"
    case transferSize = "transfer-size"
    case transfersPerDay = "transfers-per-day"
    case reserve = "reserve"
}

package enum RiskVerdict<Subject: Hashable & Sendable>: Hashable, Sendable {
    case approved(Approved<Subject>)
    case refused(RiskRefusal)
}
