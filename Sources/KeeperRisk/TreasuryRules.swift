package import KeeperModel
package import WideMath

/// How full the keeper's purses are meant to be, and how much may be moved to keep them so.
package struct TreasuryRules: Hashable, Sendable {
    /// Whether transfers are made as soon as they are due, or only when a person asks for them.
    package let isAutomatic: Bool
    /// How long an asset rests after a transfer of it.
    package let coolDown: TimeSpan
    /// The most that one transfer may cost where calls cost gas, in units of account.
    package let gasPerTransferMaxUnits: UInt256
    package let purses: [PurseRule]

    package init(
        isAutomatic: Bool, coolDown: TimeSpan, gasPerTransferMaxUnits: UInt256,
        purses: [PurseRule]
    ) {
        let names = purses.map { Target.treasury(of: $0.asset, in: $0.domain) }
        precondition(Set(names).count == names.count, "A purse has one rule")
        self.isAutomatic = isAutomatic
        self.coolDown = coolDown
        self.gasPerTransferMaxUnits = gasPerTransferMaxUnits
        self.purses = purses
    }

    package func rule(for asset: AssetID, in domain: DomainID) -> PurseRule? {
        purses.first { $0.asset == asset && $0.domain == domain }
    }
}

/// For one asset in one domain, in its smallest units. Between floor and ceiling nothing is moved:
/// that band is what keeps a purse from being filled and emptied in turns.
package struct PurseRule: Hashable, Sendable {
    package let domain: DomainID
    package let asset: AssetID
    /// Those that the operator's amounts were written with; a venue that says others has no rule.
    package let decimals: UInt8
    /// Below it the purse is filled up to the target, above the ceiling it is emptied down to it.
    package let floor: UInt256
    package let target: UInt256
    package let ceiling: UInt256
    package let perTransferMax: UInt256
    /// Both directions together, within a day.
    package let perDayMax: UInt256

    package init(
        domain: DomainID, asset: AssetID, decimals: UInt8, floor: UInt256, target: UInt256,
        ceiling: UInt256, perTransferMax: UInt256, perDayMax: UInt256
    ) {
        precondition(floor <= target && target <= ceiling, "A floor is below a ceiling")
        precondition(!perTransferMax.isZero && !perDayMax.isZero, "A limit of nothing is a stop")
        self.domain = domain
        self.asset = asset
        self.decimals = decimals
        self.floor = floor
        self.target = target
        self.ceiling = ceiling
        self.perTransferMax = perTransferMax
        self.perDayMax = perDayMax
    }
}
