import KeeperModel
import LiquidationRules
import Testing
import WideMath

/// What refuses a liquidation call of Aave v3 before the account is looked at (`protocols.md`
/// A1.4).
@Suite struct AaveAdmissionTests {
    struct Pool: Sendable {
        var generation = AaveGeneration.v3_3
        var collateral = AaveReserveStatus(
            isActive: true, isPaused: false, gracePeriodUntilSeconds: 0)
        var debt = AaveReserveStatus(isActive: true, isPaused: false, gracePeriodUntilSeconds: 0)
        var isOwnAccount = false
        var sentinelAllows: Bool?

        func refusal(healthPpm: UInt64 = 990_000) -> AaveAdmissionRefusal? {
            AaveAdmission(
                generation: generation, collateral: collateral, debt: debt,
                isOwnAccount: isOwnAccount, sentinelAllows: sentinelAllows
            ).refusal(
                nowSeconds: 1_000, healthFactorWad: UInt256(healthPpm) * 1_000_000_000_000)
        }
    }

    private static let inactive = AaveReserveStatus(
        isActive: false, isPaused: true, gracePeriodUntilSeconds: 2_000)
    private static let paused = AaveReserveStatus(
        isActive: true, isPaused: true, gracePeriodUntilSeconds: 2_000)

    private static func inGrace(until seconds: UInt64) -> AaveReserveStatus {
        AaveReserveStatus(isActive: true, isPaused: false, gracePeriodUntilSeconds: seconds)
    }

    @Test(arguments: AaveGeneration.allCases)
    func `a pool in order refuses nothing`(generation: AaveGeneration) {
        #expect(Pool(generation: generation, sentinelAllows: true).refusal() == nil)
        #expect(Pool(generation: generation).refusal() == nil)
    }

    @Test(arguments: AaveGeneration.allCases)
    func `either reserve refuses, and the first check that fails is named`(
        generation: AaveGeneration
    ) {
        let cases: [(AaveReserveStatus, AaveAdmissionRefusal)] = [
            (Self.inactive, .reserveInactive), (Self.paused, .reservePaused),
            (Self.inGrace(until: 2_000), .gracePeriod),
        ]
        for (status, refusal) in cases {
            var pool = Pool(generation: generation, sentinelAllows: false)
            pool.collateral = status
            #expect(pool.refusal() == refusal)
            pool = Pool(generation: generation, debt: status, sentinelAllows: false)
            #expect(pool.refusal() == refusal)
        }
    }

    @Test func `an inactive reserve is named before one that is paused`() {
        #expect(Pool(collateral: Self.paused, debt: Self.inactive).refusal() == .reserveInactive)
    }

    /// The period must lie before this second.
    @Test(
        arguments: [(999, nil), (1_000, .gracePeriod), (1_001, .gracePeriod)]
            as [(UInt64, AaveAdmissionRefusal?)])
    func `the last second of the grace period still refuses`(
        untilSeconds: UInt64, refusal: AaveAdmissionRefusal?
    ) {
        #expect(Pool(debt: Self.inGrace(until: untilSeconds)).refusal() == refusal)
    }

    @Test(
        arguments: [
            (.v3_0, 950_000, .sentinel), (.v3_3, 950_000, .sentinel), (.v3_5, 999_999, .sentinel),
            (.v3_0, 949_999, nil), (.v3_5, 949_999, nil), (.v3_7, 999_999, nil),
        ] as [(AaveGeneration, UInt64, AaveAdmissionRefusal?)])
    func `the sentinel holds closes back, but not those far below the line`(
        generation: AaveGeneration, healthPpm: UInt64, refusal: AaveAdmissionRefusal?
    ) {
        let pool = Pool(generation: generation, sentinelAllows: false)
        #expect(pool.refusal(healthPpm: healthPpm) == refusal)
    }

    @Test func `an own account is refused where the rules say so, before anything else`() {
        for generation in AaveGeneration.allCases {
            let pool = Pool(
                generation: generation, collateral: Self.inactive, isOwnAccount: true)
            let isRefused = generation == .v3_5 || generation == .v3_7
            #expect(pool.refusal() == (isRefused ? .selfLiquidation : .reserveInactive))
        }
    }
}
