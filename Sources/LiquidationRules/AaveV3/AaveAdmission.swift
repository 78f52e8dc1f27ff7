package import KeeperModel
package import WideMath

/// Why the pool reverts before it looks at the account, by the name of its error.
package enum AaveAdmissionRefusal: String, Hashable, Sendable {
    case selfLiquidation = "SelfLiquidation"
    case reserveInactive = "ReserveInactive"
    case reservePaused = "ReservePaused"
    case gracePeriod = "LiquidationGraceSentinelCheckFailed"
    /// A name of the time when errors were numbers: it ended without another.
    case sentinel = "PriceOracleSentinelCheckFailed"
}

/// What a pool says of one reserve beside its numbers.
package struct AaveReserveStatus: Hashable, Sendable {
    package let isActive: Bool
    package let isPaused: Bool
    /// A pause that ends leaves borrowers some time: until this second, included. Zero where there
    /// is none, as before v3.1.
    package let gracePeriodUntilSeconds: UInt64

    package init(isActive: Bool, isPaused: Bool, gracePeriodUntilSeconds: UInt64) {
        self.isActive = isActive
        self.isPaused = isPaused
        self.gracePeriodUntilSeconds = gracePeriodUntilSeconds
    }
}

/// What refuses a liquidation call before the account is looked at (`protocols.md` A1.4). That a
/// reserve is frozen does not.
package struct AaveAdmission: Hashable, Sendable {
    package let generation: AaveGeneration
    package let collateral: AaveReserveStatus
    package let debt: AaveReserveStatus
    /// Whether whoever calls is the borrower.
    package let isOwnAccount: Bool
    /// What the price oracle's sentinel says; nil where the market has none.
    package let sentinelAllows: Bool?

    package init(
        generation: AaveGeneration, collateral: AaveReserveStatus, debt: AaveReserveStatus,
        isOwnAccount: Bool, sentinelAllows: Bool?
    ) {
        self.generation = generation
        self.collateral = collateral
        self.debt = debt
        self.isOwnAccount = isOwnAccount
        self.sentinelAllows = sentinelAllows
    }

    /// The first check that fails, in the contract's order; those of `AaveClose` follow.
    package func refusal(nowSeconds: UInt64, healthFactorWad: UInt256) -> AaveAdmissionRefusal? {
        if isOwnAccount && generation.refusesSelfLiquidation { return .selfLiquidation }
        guard collateral.isActive, debt.isActive else { return .reserveInactive }
        guard !collateral.isPaused, !debt.isPaused else { return .reservePaused }
        let graceUntil = max(collateral.gracePeriodUntilSeconds, debt.gracePeriodUntilSeconds)
        if graceUntil >= nowSeconds { return .gracePeriod }
        // An account so far below the line may be closed whatever the sentinel says.
        let isUrgent = healthFactorWad < sentinelExemptionWad
        if generation.hasSentinel && sentinelAllows == false && !isUrgent { return .sentinel }
        return nil
    }
}

private let sentinelExemptionWad: UInt256 = 950_000_000_000_000_000
