package import KeeperModel
package import WideMath

/// Tiers of maintenance rates, lifted to the present volatility rate (`settlement.md` section 7).
///
/// The cumulative amounts make the requirement continuous: it equals charging each bracket of the
/// notional at its own rate.
package struct MaintenanceSchedule: Hashable, Sendable {
    package struct Tier: Hashable, Sendable {
        package let upTo: Int64
        package let ratePpm: Int64
        /// In 1e-6 units.
        package let cumulativeE6: Int256
    }

    package let tiers: [Tier]

    package init(
        _ tiers: [MarginTier], volatilityRatePpm: Int64
    ) throws(SettlementError) {
        try require(volatilityRatePpm, atLeast: 0, "volatilityRatePpm")
        guard !tiers.isEmpty else { throw .invalidRule(.tiers) }
        var lifted: [Tier] = []
        for tier in tiers {
            let rate = max(tier.ratePpm, volatilityRatePpm)
            var cumulative = Int256.zero
            if let last = lifted.last {
                guard tier.upTo > last.upTo, rate >= last.ratePpm else {
                    throw .invalidRule(.tiers)
                }
                cumulative =
                    last.cumulativeE6
                    + Int256(last.upTo) * (Int256(rate) - Int256(last.ratePpm))
            }
            guard tier.upTo > 0, tier.ratePpm >= 0 else { throw .invalidRule(.tiers) }
            lifted.append(Tier(upTo: tier.upTo, ratePpm: rate, cumulativeE6: cumulative))
        }
        self.tiers = lifted
    }

    /// The first whose bound the notional does not pass, else the last.
    package func tierIndex(of notional: Int256) -> Int {
        tiers.firstIndex { notional <= Int256($0.upTo) } ?? tiers.count - 1
    }

    package func maintenance(of notional: Int256) -> Int256 {
        precondition(notional >= 0, "A notional is not negative")
        let tier = tiers[tierIndex(of: notional)]
        return (notional * Int256(tier.ratePpm) - tier.cumulativeE6).quotient(
            dividingBy: million, rounding: .up)
    }
}
