/// A settlement policy as plain data (`settlement.md` section 11). What each part does is law in
/// `LiquidationRules/Settlement`; a value of this type is in force only after validation there.
package struct SettlementPolicy: Hashable, Sendable {
    package var name: String
    package var version: Int64
    package var fromHeight: Int64
    package var penalty: PenaltyRule
    package var surplus: SurplusShares
    package var fund: FundRule
    package var backstops: [Backstop]
    /// 0 turns auto-deleveraging off.
    package var adlMaxPositionPpm: Int64
    /// 0 turns socialising off.
    package var socialiseMaxClaimPpm: Int64
    package var tiers: [MarginTier]?
    package var volatility: VolatilityRule?
    package var predictive: PredictiveRule?
    package var partial: PartialRule?
    package var stress: StressRule?

    package init(
        name: String, version: Int64, fromHeight: Int64, penalty: PenaltyRule,
        surplus: SurplusShares, fund: FundRule, backstops: [Backstop], adlMaxPositionPpm: Int64,
        socialiseMaxClaimPpm: Int64, tiers: [MarginTier]? = nil, volatility: VolatilityRule? = nil,
        predictive: PredictiveRule? = nil, partial: PartialRule? = nil, stress: StressRule? = nil
    ) {
        self.name = name
        self.version = version
        self.fromHeight = fromHeight
        self.penalty = penalty
        self.surplus = surplus
        self.fund = fund
        self.backstops = backstops
        self.adlMaxPositionPpm = adlMaxPositionPpm
        self.socialiseMaxClaimPpm = socialiseMaxClaimPpm
        self.tiers = tiers
        self.volatility = volatility
        self.predictive = predictive
        self.partial = partial
        self.stress = stress
    }
}

package struct PenaltyRule: Hashable, Sendable {
    package var basePpm: Int64
    package var slopePpm: Int64
    package var capPpm: Int64
    package var keeperPpm: Int64
    package var keeperMinimum: Int64
    package var keeperMinimumNotional: Int64
    package var windowHeights: Int64
    package var fundPpm: Int64
    package var harmedPpm: Int64
    package var treasuryPpm: Int64

    package init(
        basePpm: Int64, slopePpm: Int64, capPpm: Int64, keeperPpm: Int64, keeperMinimum: Int64,
        keeperMinimumNotional: Int64, windowHeights: Int64, fundPpm: Int64, harmedPpm: Int64,
        treasuryPpm: Int64
    ) {
        self.basePpm = basePpm
        self.slopePpm = slopePpm
        self.capPpm = capPpm
        self.keeperPpm = keeperPpm
        self.keeperMinimum = keeperMinimum
        self.keeperMinimumNotional = keeperMinimumNotional
        self.windowHeights = windowHeights
        self.fundPpm = fundPpm
        self.harmedPpm = harmedPpm
        self.treasuryPpm = treasuryPpm
    }
}

package struct SurplusShares: Hashable, Sendable {
    package var accountPpm: Int64
    package var fundPpm: Int64
    package var lpsPpm: Int64
    package var stakersPpm: Int64

    package init(accountPpm: Int64, fundPpm: Int64, lpsPpm: Int64, stakersPpm: Int64) {
        self.accountPpm = accountPpm
        self.fundPpm = fundPpm
        self.lpsPpm = lpsPpm
        self.stakersPpm = stakersPpm
    }
}

package struct FundRule: Hashable, Sendable {
    package var floor: Int64
    /// `Int64.max` means none.
    package var target: Int64
    package var feeSharePpm: Int64
    package var overflowLpsPpm: Int64
    package var overflowStakersPpm: Int64
    package var overflowTreasuryPpm: Int64

    package init(
        floor: Int64, target: Int64, feeSharePpm: Int64, overflowLpsPpm: Int64,
        overflowStakersPpm: Int64, overflowTreasuryPpm: Int64
    ) {
        self.floor = floor
        self.target = target
        self.feeSharePpm = feeSharePpm
        self.overflowLpsPpm = overflowLpsPpm
        self.overflowStakersPpm = overflowStakersPpm
        self.overflowTreasuryPpm = overflowTreasuryPpm
    }
}

package struct Backstop: Hashable, Sendable {
    package var id: String
    package var capacity: Int64

    package init(id: String, capacity: Int64) {
        self.id = id
        self.capacity = capacity
    }
}

package struct MarginTier: Hashable, Sendable {
    package var upTo: Int64
    package var ratePpm: Int64

    package init(upTo: Int64, ratePpm: Int64) {
        self.upTo = upTo
        self.ratePpm = ratePpm
    }
}

package struct VolatilityRule: Hashable, Sendable {
    package var lambdaPpm: Int64
    package var initialVariance: Int64
    package var initialRatePpm: Int64
    package var multiplierPpm: Int64
    package var capPpm: Int64
    package var maxRisePpm: Int64

    package init(
        lambdaPpm: Int64, initialVariance: Int64, initialRatePpm: Int64, multiplierPpm: Int64,
        capPpm: Int64, maxRisePpm: Int64
    ) {
        self.lambdaPpm = lambdaPpm
        self.initialVariance = initialVariance
        self.initialRatePpm = initialRatePpm
        self.multiplierPpm = multiplierPpm
        self.capPpm = capPpm
        self.maxRisePpm = maxRisePpm
    }
}

package struct PredictiveRule: Hashable, Sendable {
    package var horizonSteps: Int64
    package var triggerPpm: Int64
    package var targetPpm: Int64
    package var maxStepPpm: Int64
    package var maxWindowPpm: Int64
    package var windowHeights: Int64

    package init(
        horizonSteps: Int64, triggerPpm: Int64, targetPpm: Int64, maxStepPpm: Int64,
        maxWindowPpm: Int64, windowHeights: Int64
    ) {
        self.horizonSteps = horizonSteps
        self.triggerPpm = triggerPpm
        self.targetPpm = targetPpm
        self.maxStepPpm = maxStepPpm
        self.maxWindowPpm = maxWindowPpm
        self.windowHeights = windowHeights
    }
}

package struct PartialRule: Hashable, Sendable {
    package var targetPpm: Int64
    package var maxStepPpm: Int64
    package var dust: Int64

    package init(targetPpm: Int64, maxStepPpm: Int64, dust: Int64) {
        self.targetPpm = targetPpm
        self.maxStepPpm = maxStepPpm
        self.dust = dust
    }
}

package struct StressRule: Hashable, Sendable {
    package var exitCostPpm: Int64
    package var shocks: [Shock]

    package init(exitCostPpm: Int64, shocks: [Shock]) {
        self.exitCostPpm = exitCostPpm
        self.shocks = shocks
    }
}

/// One price shock: the move of every asset named, and of all others.
package struct Shock: Hashable, Sendable {
    package var name: String
    package var defaultPpm: Int64
    /// In the file's order.
    package var assetMovesPpm: [AssetMove]

    package init(name: String, defaultPpm: Int64, assetMovesPpm: [AssetMove]) {
        self.name = name
        self.defaultPpm = defaultPpm
        self.assetMovesPpm = assetMovesPpm
    }
}

package struct AssetMove: Hashable, Sendable {
    package var asset: String
    package var movePpm: Int64

    package init(asset: String, movePpm: Int64) {
        self.asset = asset
        self.movePpm = movePpm
    }
}
