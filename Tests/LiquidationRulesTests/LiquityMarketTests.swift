import KeeperModel
import LiquidationRules
import Testing
import WideMath

@Suite struct LiquityMarketTests {
    private static let collateral = AssetID("C")

    /// A trove of such a debt, with gains from redistributions or without.
    private func trove(
        _ walk: inout EnclosureWalk
    ) -> (UInt128) -> LiquityTrove? {
        let collateral = walk.amount(bits: 20...90)
        let stake = walk.generator.chance(ppm: 500_000) ? walk.amount(bits: 10...90) : 0
        let snapshot = LiquityShares(
            collateral: walk.amount(bits: 1...60), debt: walk.amount(bits: 1...60))
        return { debt in
            LiquityTrove(collateral: collateral, debt: debt, stake: stake, snapshot: snapshot)
        }
    }

    // MARK: Figures

    private static let figures = [
        MarketFigure(.collateralShares, 3), MarketFigure(.debtShares, 4),
        MarketFigure(.systemCollateral, 1_000), MarketFigure(.systemDebt, 900),
        MarketFigure(.poolDeposits, 70), MarketFigure(.seconds, 50),
    ]

    private static func terms(_ version: LiquityTerms.Version) -> LiquityTerms {
        LiquityTerms(
            market: MarketID("m"), version: version, collateral: collateral,
            debt: AssetID("D"), minimumRatioWad: wad, gasReserve: 1, poolPenaltyWad: 0,
            redistributionPenaltyWad: 0)
    }

    @Test func `figures that are not named are as they were`() {
        var whole = HostedLiquityV1(terms: Self.terms(.v1))
        var parts = whole
        let changed = Self.figures.map { MarketFigure($0.name, $0.value + UInt256(1)) }
        _ = whole.take(changed)
        _ = parts.take(Self.figures)
        for figure in changed { _ = parts.take([figure]) }
        #expect(parts.inner.isSame(as: whole.inner))
        #expect(parts.take([changed[2]]).isEmpty, "said again it moves nothing")

        var branch = HostedLiquityV2(terms: Self.terms(.v2))
        var branchInParts = branch
        _ = branch.take(changed)
        _ = branchInParts.take(Self.figures)
        for figure in changed { _ = branchInParts.take([figure]) }
        #expect(branchInParts.inner.isSame(as: branch.inner))
        #expect(branchInParts.poolDeposits == branch.poolDeposits)
    }

    // MARK: Version 2

    private func branch(_ values: [UInt128]) -> LiquityV2Market {
        var market = LiquityV2Market(
            terms: LiquityV2Terms(
                market: MarketID("m"), collateral: Self.collateral,
                minimumRatioWad: wad / UInt256(10) * UInt256(11)))
        _ = market.publish(eligiblePrice(Self.collateral, UInt256(values[0])))
        _ = market.accrue(toSeconds: UInt64(values[1]))
        _ = market.redistribute(
            LiquityShares(collateral: values[2] - 1, debt: values[3] - 1))
        return market
    }

    @Test func `no trove of version 2 flips inside its enclosure`() throws {
        var walk = EnclosureWalk(seed: 41)
        let limits: [UInt128] = [.max, UInt128(UInt64.max), .max, .max]
        for _ in 0..<300 {
            let rules = branch([
                walk.amount(bits: 4...90), UInt128(walk.generator.number(in: 1...(1 << 31))),
                walk.amount(bits: 1...62), walk.amount(bits: 1...62),
            ])
            let trove = trove(&walk)
            let rate = walk.generator.number(in: 0...500_000_000_000_000_000)
            func position(_ debt: UInt128) throws -> LiquityV2Market.Position {
                LiquityV2Market.Position(
                    trove: try #require(trove(debt)), annualRateWad: rate,
                    debtUpdatedAtSeconds: 1 << 30)
            }
            let debts = try walk.debtsNearLine(upTo: 1 << 96 - 1) {
                rules.isLiquidatable(try position($0))
            }
            for debt in debts + [walk.amount(bits: 1...95)] {
                let position = try position(debt)
                #expect(healthAgrees(rules, position))
                #expect(walk.flips(of: position, in: rules, limits: limits, market: branch) == 0)
            }
        }
        #expect(walk.opened * 2 > walk.walked, "an enclosure that never opens proves nothing")
        #expect(walk.liquidatable > 100, "both answers occur")
    }

    @Test func `interest alone brings a trove to its line`() throws {
        var rules = branch([wad.lowHalf * 110, 1_000, 1, 1])
        let trove = try #require(
            LiquityTrove(
                collateral: wad.lowHalf, debt: wad.lowHalf * 99, stake: 0,
                snapshot: LiquityShares(collateral: 0, debt: 0)))
        // A hundredth of a year's rate of one takes 99 to 100.
        let position = LiquityV2Market.Position(
            trove: trove, annualRateWad: 1_000_000_000_000_000_000, debtUpdatedAtSeconds: 1_000)
        let exact = 1_000 + UInt64(31_536_000) / 99
        _ = rules.accrue(toSeconds: exact)
        #expect(!rules.isLiquidatable(position))
        _ = rules.accrue(toSeconds: exact + 2)
        #expect(rules.isLiquidatable(position))
    }

    // MARK: Version 1

    private func system(_ values: [UInt128]) -> LiquityV1Market {
        var market = LiquityV1Market(
            terms: LiquityV1Terms(market: MarketID("m"), collateral: Self.collateral))
        _ = market.publish(eligiblePrice(Self.collateral, UInt256(values[0])))
        _ = market.redistribute(
            LiquityShares(collateral: values[1] - 1, debt: values[2] - 1))
        _ = market.take(
            LiquityV1System(
                collateral: values[3], debt: values[4], poolDeposits: values[5] - 1))
        return market
    }

    /// Systems with ratios from one to two and a half, a good part of them in recovery.
    private func systemValues(_ walk: inout EnclosureWalk) -> [UInt128] {
        let price = walk.amount(bits: 4...75)
        let collateral = walk.amount(bits: 40...100)
        let worth = UInt256(collateral) * UInt256(price) / wad
        let ratio = UInt256(walk.generator.number(in: 100...250))
        let debt = (worth * UInt256(100) / ratio).asUInt128 ?? .max
        return [
            price, walk.amount(bits: 1...62), walk.amount(bits: 1...62), collateral, max(1, debt),
            walk.amount(bits: 1...96),
        ]
    }

    @Test func `no trove of version 1 flips inside its enclosure, in recovery or out of it`() {
        var walk = EnclosureWalk(seed: 42)
        let limits: [UInt128] = [.max, .max - 1, .max - 1, .max, .max, .max - 1]
        var (recovering, closedByRecovery) = (0, 0)
        for _ in 0..<400 {
            let rules = system(systemValues(&walk))
            let trove = trove(&walk)
            if rules.isInRecovery { recovering += 1 }
            let debts =
                walk.debtsNearLine(upTo: 1 << 96 - 1) {
                    trove($0).map(rules.isLiquidatable) ?? false
                } + [walk.amount(bits: 1...95)]
            for position in debts.compactMap(trove) {
                if rules.isLiquidatable(position), (rules.minimumHealth(of: position) >= wad) {
                    closedByRecovery += 1
                }
                #expect(healthAgrees(rules, position))
                #expect(walk.flips(of: position, in: rules, limits: limits, market: system) == 0)
            }
        }
        #expect(walk.opened * 3 > walk.walked, "recovery is tight, the rest opens")
        #expect(walk.liquidatable > 100, "both answers occur")
        #expect(recovering > 50 && closedByRecovery > 20, "both modes occur")
    }

    @Test(arguments: [(149, true), (151, false)])
    func `a trove below the system's ratio is closed in recovery alone`(
        systemPercent: UInt128, isClosed: Bool
    ) throws {
        let unit = wad.lowHalf
        let rules = system([
            unit, 1, 1, 100_000 * unit * systemPercent / 100, 100_000 * unit, 50_000 * unit,
        ])
        func trove(percent: UInt128, debt: UInt128) throws -> LiquityTrove {
            try #require(
                LiquityTrove(
                    collateral: debt * percent / 100, debt: debt, stake: 0,
                    snapshot: LiquityShares(collateral: 0, debt: 0)))
        }
        #expect(rules.isInRecovery == isClosed)
        #expect(try rules.isLiquidatable(trove(percent: 130, debt: 2_000 * unit)) == isClosed)
        #expect(
            try !rules.isLiquidatable(trove(percent: 130, debt: 50_001 * unit)),
            "more than the pool")
        #expect(try !rules.isLiquidatable(trove(percent: 149, debt: 2_000 * unit)), "not below")
        #expect(try rules.isLiquidatable(trove(percent: 109, debt: 50_001 * unit)), "in any mode")
    }
}

extension LiquityV1Market {
    /// As if there were no recovery mode: the same trove in a system without debt.
    fileprivate func minimumHealth(of trove: LiquityTrove) -> UInt256 {
        var calm = self
        _ = calm.take(LiquityV1System(collateral: .max, debt: 1, poolDeposits: 0))
        return calm.healthWad(trove)
    }
}

extension MarketRules {
    fileprivate func isSame(as other: Self) -> Bool {
        (0..<variableCount).allSatisfy { value(ofVariable: $0) == other.value(ofVariable: $0) }
    }
}
