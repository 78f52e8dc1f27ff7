package import KeeperModel
package import WideMath

/// Accounts of one market, counted.
package struct StressTally: Hashable, Sendable {
    package let market: MarketID
    package internal(set) var count = 0
    package internal(set) var debtUnits = UInt256.zero
    package internal(set) var collateralUnits = UInt256.zero
    /// What is owed beyond all that could pay it.
    package internal(set) var shortfallUnits = UInt256.zero
}

/// A price at three times: now, as it is assumed, and when the cascade stood.
package struct StressPrice: Hashable, Sendable {
    package let asset: AssetID
    package let nowUnits: UInt64
    package let assumedUnits: UInt64
    package let endUnits: UInt64
}

/// What came of one move, or of one path of prices.
package struct StressOutcome: Hashable, Sendable {
    package internal(set) var prices: [StressPrice] = []
    /// Who may be closed at the first look, before anybody closes anything.
    package internal(set) var eligible: [StressTally] = []
    package internal(set) var eligibleTargets: [Target] = []
    /// Of all rounds: those whom only the cascade took over their line among them.
    package internal(set) var touchedCount = 0
    /// Who may still be closed when it is over.
    package internal(set) var left: [StressTally] = []
    package internal(set) var roundCount = 0
    /// False where the last round still closed somebody.
    package internal(set) var hasEnded = true
    package internal(set) var ownCloseCount: UInt64 = 0
    package internal(set) var otherCloseCount: UInt64 = 0
    /// Looks at which one of ours was left alone for want of funds.
    package internal(set) var noFundsCount = 0
    /// The most of each asset that all closes of one round paid, whoever made them: proceeds are
    /// back by the next round.
    package internal(set) var needed: [AssetAmount] = []
    /// What our closes earned, flash premiums and sales counted, and what our calls cost.
    package internal(set) var earnedUnits = Int256.zero
    package internal(set) var gasUnits = Int256.zero
    package internal(set) var measures = VenueMeasures([])
    /// At the beginning, and after every bar.
    package internal(set) var fundUnits: [Int256] = []
    package internal(set) var isReconciled = true

    package var revenueUnits: Int256 { earnedUnits - gasUnits }
    package var eligibleCount: Int { eligible.reduce(0) { $0 + $1.count } }
    package var leftCount: Int { left.reduce(0) { $0 + $1.count } }

    /// What closes did not fetch of what was owed, and what those that nobody can close owe beyond
    /// what they hold.
    package var deficitUnits: Int256 {
        left.reduce(measures.deficitUnits) { $0 + (Int256(exactly: $1.shortfallUnits) ?? .max) }
    }
}
