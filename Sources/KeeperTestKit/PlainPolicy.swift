package import KeeperModel

extension SettlementPolicy {
    /// Valid, with the keeper's share of an Aave market, one tier and nothing else turned on.
    package static let plain = SettlementPolicy(
        name: "plain", version: 1, fromHeight: 0,
        penalty: PenaltyRule(
            basePpm: 50_000, slopePpm: 0, capPpm: 50_000, keeperPpm: 900_000, keeperMinimum: 0,
            keeperMinimumNotional: 0, windowHeights: 0, fundPpm: 0, harmedPpm: 0,
            treasuryPpm: 1_000_000),
        surplus: SurplusShares(accountPpm: 1_000_000, fundPpm: 0, lpsPpm: 0, stakersPpm: 0),
        fund: FundRule(
            floor: 0, target: 0, feeSharePpm: 0, overflowLpsPpm: 0, overflowStakersPpm: 0,
            overflowTreasuryPpm: 1_000_000),
        backstops: [], adlMaxPositionPpm: 0, socialiseMaxClaimPpm: 1_000_000,
        tiers: [MarginTier(upTo: 50_000_000_000, ratePpm: 4_000)])
}
