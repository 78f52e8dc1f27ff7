import KeeperModel
import LiquidationRules
import Testing
import WideMath

@Suite struct EulerMarketTests {
    private static let debt = AssetID("D")
    private static let factor: UInt128 = (1 << 95) - 1
    private static let total: UInt128 = (1 << 112) - 1
    private static let limits: [UInt128] = [
        factor, factor, UInt128(UInt64.max), factor, total, total, factor, total, total,
    ]

    private func terms(_ ramps: [EulerRamp]) -> EulerTerms {
        EulerTerms(
            market: MarketID("m"), debtAsset: Self.debt, debtUnit: 1_000_000,
            collaterals: ramps.enumerated().map { number, ramp in
                EulerTerms.Collateral(asset: AssetID("C\(number)"), unit: wad, ramp: ramp)
            })
    }

    private func market(_ values: [UInt128], _ terms: EulerTerms) -> EulerMarket {
        var market = EulerMarket(terms: terms)
        _ = market.publish(eligiblePrice(Self.debt, UInt256(values[0])))
        _ = market.accrue(accumulatorRay: values[1], toSeconds: UInt64(values[2]))
        for (number, collateral) in terms.collaterals.enumerated() {
            let own = values[(3 + 3 * number)...]
            _ = market.publish(eligiblePrice(collateral.asset, UInt256(own[own.startIndex])))
            _ = market.take(
                EulerVaultTotals(assets: own[own.startIndex + 1], shares: own[own.startIndex + 2]),
                ofCollateral: number)
        }
        return market
    }

    private func ramp(_ walk: inout EnclosureWalk) throws -> EulerRamp {
        try #require(
            EulerRamp(
                initialBps: walk.generator.number(in: 7_000...9_500),
                targetBps: walk.generator.number(in: 1_000...9_500), targetAtSeconds: 1_900_000,
                durationSeconds: walk.generator.number(in: 0...1_000_000)))
    }

    private func values(_ walk: inout EnclosureWalk) -> [UInt128] {
        let accumulator = ray.lowHalf + ray.lowHalf / 1_000 * walk.amount(bits: 1...10)
        var values = [
            walk.amount(bits: 10...80), accumulator,
            UInt128(walk.generator.number(in: 1...2_000_000)),
        ]
        for _ in 0..<2 {
            let shares = walk.amount(bits: 1...100)
            values += [walk.amount(bits: 10...80), shares + shares / 7, shares]
        }
        return values
    }

    @Test func `no account flips inside its enclosure, on a ramp or off it`() throws {
        var walk = EnclosureWalk(seed: 51)
        for _ in 0..<250 {
            let terms = terms([try ramp(&walk), try ramp(&walk)])
            let values = values(&walk)
            let rules = market(values, terms)
            let count = walk.generator.chance(ppm: 500_000) ? 1 : 2
            let holdings = (0..<count).map {
                EulerMarket.Position.Holding(number: $0, shares: walk.amount(bits: 20...100))
            }
            func position(_ debt: UInt128) throws -> EulerMarket.Position {
                try #require(
                    rules.position(
                        owedExact: UInt256(debt), accumulatorRay: ray.lowHalf, holdings: holdings))
            }
            let debts = try walk.debtsNearLine(upTo: .max) {
                rules.isLiquidatable(try position($0))
            }
            for debt in debts + [walk.amount(bits: 1...127)] {
                let position = try position(debt)
                #expect(healthAgrees(rules, position))
                #expect(
                    walk.flips(of: position, in: rules, limits: Self.limits) {
                        market($0, terms)
                    } == 0)
            }
        }
        #expect(walk.opened * 2 > walk.walked, "an enclosure that never opens proves nothing")
        #expect(walk.liquidatable > 100, "both answers occur")
    }

    /// Adjusted collateral against a liability of 900 thousand: one below, as much, one above.
    @Test(arguments: [(899_999, true), (900_000, true), (900_001, false)])
    func `an account that counts just what it owes can be closed`(
        counted: UInt128, isClosed: Bool
    ) throws {
        let ramp = try #require(
            EulerRamp(
                initialBps: 10_000, targetBps: 10_000, targetAtSeconds: 0, durationSeconds: 0))
        let one = wad.lowHalf
        let rules = market(
            [1_000_000, ray.lowHalf, 1, counted, 5_000, 5_000], terms([ramp]))
        let position = try #require(
            rules.position(
                owedExact: UInt256(900_000) << 31, accumulatorRay: ray.lowHalf,
                holdings: [EulerMarket.Position.Holding(number: 0, shares: one)]))
        #expect(rules.isLiquidatable(position) == isClosed)
        #expect(healthAgrees(rules, position))
        let close = try EulerClose(
            EulerClose.Situation(
                liabilityValue: 900_000, debtAssets: 900_000, seizedValue: UInt256(counted),
                seizedBalance: wad, maxDiscountBps: 1_500),
            collaterals: [
                EulerClose.Collateral(value: UInt256(counted), loanToValueBps: 10_000)
            ])
        #expect((close.discountFactorWad != nil) == isClosed)
    }

    @Test(arguments: [(0, 9_000), (1_000, 9_000), (1_500, 8_500), (1_999, 8_001), (2_000, 8_000)])
    func `a ratio walks down its ramp`(seconds: UInt64, bps: UInt64) throws {
        let ramp = try #require(
            EulerRamp(
                initialBps: 9_000, targetBps: 8_000, targetAtSeconds: 2_000,
                durationSeconds: 1_000))
        #expect(ramp.bps(atSeconds: seconds) == bps)
        let raised = try #require(
            EulerRamp(
                initialBps: 8_000, targetBps: 9_000, targetAtSeconds: 2_000,
                durationSeconds: 1_000))
        #expect(raised.bps(atSeconds: seconds) == 9_000, "a raised one holds at once")
        #expect(
            EulerRamp(
                initialBps: 10_001, targetBps: 1, targetAtSeconds: 1, durationSeconds: 1) == nil)
    }
}
