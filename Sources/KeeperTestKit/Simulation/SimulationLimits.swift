import KeeperRisk
import WideMath

extension RiskLimits {
    /// Such that in many seeds one or the other is reached.
    static func narrow(canary: CanaryRule?, treasury: TreasuryRules?) -> RiskLimits {
        RiskLimits(
            notionalPerCloseMaxUnits: 200_000_000_000, notionalOpenMaxUnits: 400_000_000_000,
            openIntentsMax: 12, closesPerHourMax: 100_000, lossPerHourMaxUnits: 1_000_000_000,
            lossPerDayMaxUnits: 5_000_000_000, gasPerDayMaxUnits: 20_000_000_000,
            failuresPerHourMax: 100_000, unknownOpenMax: 1_000, profitPlausibleMaxPpm: 300_000,
            canary: canary, treasury: treasury)
    }

    /// What domains share can keep one of them from a close because of another. Where that must not
    /// be, because it is asked whether they delay each other, none of it is ever short.
    static func neverReached(treasury: TreasuryRules?) -> RiskLimits {
        RiskLimits(
            notionalPerCloseMaxUnits: 200_000_000_000, notionalOpenMaxUnits: 1 << 100,
            openIntentsMax: 1_000, closesPerHourMax: 100_000, lossPerHourMaxUnits: 1 << 100,
            lossPerDayMaxUnits: 1 << 100, gasPerDayMaxUnits: 1 << 100,
            failuresPerHourMax: 100_000, unknownOpenMax: 1_000, profitPlausibleMaxPpm: 300_000,
            treasury: treasury)
    }
}
