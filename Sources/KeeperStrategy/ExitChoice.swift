package import KeeperModel
package import WideMath

/// What becomes of the collateral, as a strategy's file says it.
package enum ExitChoice: Hashable, Sendable {
    case hold
    /// Sold in the same breath, for at least the planned proceeds less this tolerance, in ppm.
    case sell(tolerancePpm: UInt64)
    /// Kept up to a limit, at less than the oracle says; sold where that is allowed and pays more.
    case holdUpTo(HoldRule)

    /// By how much less than planned is still taken, in ppm.
    var tolerancePpm: UInt64 {
        switch self {
        case .hold: 0
        case .sell(let tolerancePpm): tolerancePpm
        case .holdUpTo(let rule): rule.sellTolerancePpm ?? rule.haircutPpm
        }
    }

    var maySell: Bool {
        switch self {
        case .hold: false
        case .sell: true
        case .holdUpTo(let rule): rule.sellTolerancePpm != nil
        }
    }
}

/// Collateral that nobody buys now is worth less than its oracle says, and only so much of it is
/// wanted.
package struct HoldRule: Hashable, Sendable {
    /// Off the oracle's worth, in ppm.
    package let haircutPpm: UInt64
    /// The most of each asset that may lie here, in units of account at the oracle's price; what is
    /// not named is not held.
    package let limitUnits: [AssetID: UInt256]
    /// Nil where it is never sold in the same breath.
    package let sellTolerancePpm: UInt64?

    package init(
        haircutPpm: UInt64, limitUnits: [AssetID: UInt256], sellTolerancePpm: UInt64? = nil
    ) {
        self.haircutPpm = haircutPpm
        self.limitUnits = limitUnits
        self.sellTolerancePpm = sellTolerancePpm
    }
}

/// Where a sale promises more than the oracle says the collateral is worth, either the book or the
/// oracle is wrong. Such a plan never gets a blind yes.
package struct AboveBonusRule: Hashable, Sendable {
    package enum Policy: Hashable, Sendable {
        case hold
        /// Only a close of at most this much is tried.
        case canary(notionalMaxUnits: UInt256)
    }

    /// How far above the oracle's worth a sale may be, in ppm.
    package let overPpm: UInt64
    package let policy: Policy

    package init(overPpm: UInt64, policy: Policy) {
        self.overPpm = overPpm
        self.policy = policy
    }

    /// Where a file says nothing.
    package static let usual = AboveBonusRule(overPpm: 50_000, policy: .hold)

    func doubts(proceedsUnits: UInt256, worthUnits: UInt256) -> Bool {
        proceedsUnits > worthUnits.saturatingAdd(worthUnits / 1_000_000 * UInt256(overPpm))
    }
}
