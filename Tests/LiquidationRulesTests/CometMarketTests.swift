import KeeperModel
import LiquidationRules
import Testing
import WideMath

@Suite struct CometMarketTests {
    private static let base = AssetID("B")
    private static let limits: [UInt128] =
        [UInt128(UInt64.max)] + Array(repeating: 1 << 80, count: 5)

    private func terms(_ walk: inout EnclosureWalk) -> CometTerms {
        let scales: [UInt256] = [1_000_000, 100_000_000, wad, wad]
        return CometTerms(
            market: MarketID("m"), base: Self.base, baseScale: 1_000_000,
            collaterals: scales.enumerated().map { number, scale in
                CometTerms.Collateral(
                    asset: AssetID("C\(number)"), scale: scale,
                    liquidateFactorWad: UInt256(walk.generator.number(in: 600...980)) * wad
                        / UInt256(1_000))
            })
    }

    private func market(_ values: [UInt128], _ terms: CometTerms) -> CometMarket {
        var market = CometMarket(terms: terms)
        _ = market.accrue(
            CometInterest(
                borrowIndex: UInt64(values[0]), borrowRatePerSecondWad: 0, accruedAtSeconds: 0),
            toSeconds: 0)
        _ = market.publish(eligiblePrice(Self.base, UInt256(values[1])))
        for (number, collateral) in terms.collaterals.enumerated() {
            _ = market.publish(eligiblePrice(collateral.asset, UInt256(values[2 + number])))
        }
        return market
    }

    /// Now and then a collateral whose price is not known.
    private func values(_ walk: inout EnclosureWalk) -> [UInt128] {
        let index = UInt128(walk.generator.number(in: 1...9)) * 777_777_777_777_777
        return [index, walk.amount(bits: 2...50)]
            + (0..<4).map { _ in
                walk.generator.chance(ppm: 50_000) ? 0 : walk.amount(bits: 2...50)
            }
    }

    private func holdings(_ walk: inout EnclosureWalk) -> [CometMarket.Position.Holding] {
        (0..<4).compactMap { number in
            walk.generator.chance(ppm: 600_000)
                ? CometMarket.Position.Holding(number: number, balance: walk.amount(bits: 4...100))
                : nil
        }
    }

    @Test func `no debtor flips inside its enclosure, be it a unit from its line`() throws {
        var walk = EnclosureWalk(seed: 31)
        for _ in 0..<250 {
            let terms = terms(&walk)
            let values = values(&walk)
            let rules = market(values, terms)
            let holdings = holdings(&walk)
            let most: UInt128 = 1 << 104 - 1
            let debts =
                walk.debtsNearLine(upTo: most) {
                    rules.position(debtPrincipal: $0, holdings: holdings)
                        .map(rules.isLiquidatable) ?? false
                } + [walk.amount(bits: 1...103)]
            for debt in debts {
                let position = try #require(
                    rules.position(debtPrincipal: debt, holdings: holdings))
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

    @Test func `the rule is the contract's, early exit and all`() throws {
        var walk = EnclosureWalk(seed: 32)
        for _ in 0..<500 {
            let terms = terms(&walk)
            let values = values(&walk).map { max($0, 1) }
            let holdings = holdings(&walk)
            let rules = market(values, terms)
            let debt = walk.amount(bits: 1...100)
            let position = try #require(rules.position(debtPrincipal: debt, holdings: holdings))
            let health = try CometHealth(
                principal: #require(Int256(magnitude: UInt256(debt), isNegative: true)),
                base: CometLoanAsset(
                    price: UInt256(values[1]), scale: terms.baseScale,
                    borrowIndex: UInt256(values[0])),
                collaterals: holdings.map {
                    CometCollateral(
                        balance: UInt256($0.balance), price: UInt256(values[2 + $0.number]),
                        scale: terms.collaterals[$0.number].scale,
                        factor: terms.collaterals[$0.number].liquidateFactorWad)
                })
            #expect(rules.isLiquidatable(position) == health.isLiquidatable)
        }
    }

    @Test func `absorb accrues first, so the view may still say no`() throws {
        var rules = CometMarket(
            terms: CometTerms(
                market: MarketID("m"), base: Self.base, baseScale: 1_000_000,
                collaterals: [
                    CometTerms.Collateral(
                        asset: AssetID("C0"), scale: wad, liquidateFactorWad: wad / 2)
                ]))
        _ = rules.publish(eligiblePrice(Self.base, 100_000_000))
        _ = rules.publish(eligiblePrice(AssetID("C0"), 200_000_000))
        let stored = CometInterest(
            borrowIndex: 1_000_000_000_000_000, borrowRatePerSecondWad: 1_000_000_000,
            accruedAtSeconds: 50)
        #expect(rules.accrue(stored, toSeconds: 50) == [0])
        // Its collateral counts one dollar against a debt of just that.
        let position = try #require(
            rules.position(
                debtPrincipal: 1_000_000,
                holdings: [
                    CometMarket.Position.Holding(number: 0, balance: 1_000_000_000_000_000_000)
                ]
            ))
        #expect(!rules.isLiquidatable(position) && !rules.isLiquidatableByView(position))
        let index = try #require(rules.watches(for: position).first { $0.variable == 0 })
        #expect(rules.accrue(toSeconds: 5_000_050) == [0])
        #expect(rules.value(ofVariable: 0) > index.high, "the walk of the index is noticed")
        #expect(rules.isLiquidatable(position) && !rules.isLiquidatableByView(position))
    }

    @Test func `a price that no debt needs may be unknown`() throws {
        var walk = EnclosureWalk(seed: 33)
        let terms = terms(&walk)
        let rules = market([1_000_000_000_000_000, 100, 1 << 70, 0, 0, 0], terms)
        let holdings = [0, 2].map { CometMarket.Position.Holding(number: $0, balance: 1 << 40) }
        let position = try #require(rules.position(debtPrincipal: 1_000, holdings: holdings))
        #expect(!rules.isLiquidatable(position) && rules.healthWad(position) == .max)
        let watches = rules.watches(for: position)
        #expect(watches.contains { $0.variable == 4 && $0.high == 0 }, "its coming is seen")
        #expect(watches.contains { $0.variable == 2 && $0.low < 1 << 70 })
    }
}
