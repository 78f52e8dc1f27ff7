import Foundation
import KeeperModel
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

/// Two closes at once: worth what the rules make of it, and refused where the venue allows one.
@Suite struct TwoStepTests {

    /// Goal G17: the shipped margin of 5 bps, and an account that has just fallen.
    @Test(arguments: AaveGeneration.allCases, [980_000, 985_000, 990_000] as [UInt64])
    func `two steps earn 5 % more than one, and 99 % of what can be earned`(
        generation: AaveGeneration, healthPpm: UInt64
    ) throws {
        for thresholdBps: UInt64 in [7_800, 8_300] {
            let account = TwoStepAccount(
                generation: generation, thresholdBps: thresholdBps, bonusBps: 500,
                healthPpm: healthPpm)
            let one = try #require(try account.net(.full))
            let two = try #require(try account.net(.twoStep(marginPpm: 500)))
            let best = account.bestBySearch(steps: 64)
            #expect(two * Int256(100) >= one * Int256(105), "\(two) against \(one)")
            #expect(two * Int256(100) >= best * Int256(99), "\(two), the search finds \(best)")
        }
    }

    /// Books with steps, accounts that are nearly dust, a flash pool that asks its premium.
    @Test(arguments: AaveGeneration.allCases)
    func `two steps earn 99 % of brute force on random books`(
        generation: AaveGeneration
    ) throws {
        var pairs = 0
        for seed in 1...UInt64(slowTestsAreOn ? 1_000 : 12) {
            var sampler = SizingSampler(seed: seed)
            let account = TwoStepAccount(generation, &sampler)
            let best = account.bestBySearch(steps: slowTestsAreOn ? 120 : 16)
            guard best > Int256(10_000) else { continue }
            let planned = try account.plan(.twoStep(marginPpm: 0))
            guard case .planned(let plan) = planned else {
                Issue.record("seed \(seed): the search earns \(best), the planner \(planned)")
                continue
            }
            if case .sequence(let steps) = plan.action {
                pairs += 1
                #expect(steps.count == 2)
            }
            let net = plan.expectation.netUnits
            #expect(
                (net + Int256(10_000)) * Int256(100) >= best * Int256(99),
                "seed \(seed): planned \(net), the search finds \(best)")
        }
        #expect(pairs > 2, "no pair was ever better")
    }

    @Test func `a venue that allows one call is refused`() throws {
        let account = TwoStepAccount(
            generation: .v3_3, thresholdBps: 8_000, bonusBps: 500, healthPpm: 980_000)
        let once = VenueCapabilities(
            isAtomic: true, hasFlash: true, allowsPartial: true, canVoid: true, callsPerHeight: 1)
        let strategy = try account.strategy(.twoStep(marginPpm: 500))
        #expect(strategy.missingCapability(once)?.contains("two calls at once") == true)
        let outcome = try account.plan(.twoStep(marginPpm: 500), at: once)
        guard case .skipped(.notCloseable, let facts) = outcome else {
            Issue.record("expected a refusal, got \(outcome)")
            return
        }
        #expect(facts.first?.value == "the venue settles no two calls together")
    }

    /// With a pool that lends enough: two closes may borrow twice what one may.
    @Test func `what may be closed in one call at one price is closed in one`() throws {
        for seed: UInt64 in 1...10 {
            var sampler = SizingSampler(seed: seed)
            let morpho = try sampler.morpho()
            let outcome = morpho.rules.plan(
                AccountID("a"), morpho.position,
                by: try TwoStepAccount.strategy(.twoStep(marginPpm: 0)),
                in: morpho.context.at(TwoStepAccount.twice, isRich: true))
            guard case .planned(let plan) = outcome, case .sequence = plan.action else {
                continue
            }
            Issue.record("seed \(seed): two steps where one may take all")
        }
    }

    /// The figures of docs/two-step.md, from the rules.
    @Test func `the page says what two steps are worth`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appending(path: "docs/two-step.md"), encoding: .utf8)
        for generation in AaveGeneration.allCases {
            for healthPpm: UInt64 in [999_000, 990_000, 980_000, 960_000, 940_000] {
                let cells = try [(7_800, 500), (8_300, 500), (6_500, 1_000), (9_300, 100)].map {
                    (terms: (UInt64, UInt64)) -> String in
                    let account = TwoStepAccount(
                        generation: generation, thresholdBps: terms.0, bonusBps: terms.1,
                        healthPpm: healthPpm)
                    return try Self.gain(account)
                }
                let row =
                    "| \(generation.rawValue) | 0.\(healthPpm / 1_000) | "
                    + cells.joined(separator: " | ") + " |"
                #expect(page.contains(row), "docs/two-step.md lacks: \(row)")
            }
        }
    }

    /// In percent with one place, rounded down; a dash where no pair is better than one close.
    private static func gain(_ account: TwoStepAccount) throws -> String {
        let one = try #require(try account.net(.full))
        let two = try #require(try account.net(.twoStep(marginPpm: 0)))
        let tenths = ((two - one) * Int256(1_000) / one).asInt64 ?? 0
        return tenths <= 0 ? "–" : "\(tenths / 10).\(tenths % 10) %"
    }
}
