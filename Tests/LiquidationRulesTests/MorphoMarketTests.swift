import KeeperModel
import LiquidationRules
import Testing
import WideMath

@Suite struct MorphoMarketTests {
    private static let collateral = AssetID("C")

    private func market(_ values: [UInt128], lltvWad: UInt256) -> MorphoMarket {
        var market = MorphoMarket(
            terms: MorphoMarketTerms(
                market: MarketID("m"), collateral: Self.collateral, lltvWad: lltvWad))
        _ = market.publish(
            eligiblePrice(Self.collateral, UInt256(values[0]) << 64 | UInt256(values[1])))
        _ = market.accrue(borrowAssets: values[2], borrowShares: values[3])
        return market
    }

    private static let limits: [UInt128] = [1 << 127, 1 << 64 - 1, .max, .max]

    /// Prices from ten units to ten to the fifty-fifth, so that either half may be all of it.
    private func sample(_ walk: inout EnclosureWalk) -> (values: [UInt128], lltvWad: UInt256) {
        let hasHigh = walk.generator.chance(ppm: 700_000)
        let assets = walk.amount(bits: 1...105)
        let shares = assets * 900_000 + walk.amount(bits: 1...100)
        return (
            [
                hasHigh ? walk.amount(bits: 1...120) : 0, walk.amount(bits: 4...64), assets,
                shares,
            ],
            UInt256(walk.generator.number(in: 385...980)) * wad / UInt256(1_000)
        )
    }

    @Test func `no account flips inside its enclosure, be it a share from its line`() {
        var walk = EnclosureWalk(seed: 21)
        for _ in 0..<300 {
            let (values, lltvWad) = sample(&walk)
            let rules = market(values, lltvWad: lltvWad)
            let collateral = walk.amount(bits: 1...100)
            func owing(_ shares: UInt128) -> MorphoMarket.Position {
                MorphoMarket.Position(collateral: collateral, borrowShares: shares)
            }
            let debts =
                walk.debtsNearLine(upTo: .max) { rules.isLiquidatable(owing($0)) }
                + [walk.amount(bits: 1...127)]
            for shares in debts {
                let position = owing(shares)
                #expect(healthAgrees(rules, position))
                #expect(
                    walk.flips(of: position, in: rules, limits: Self.limits) {
                        market($0, lltvWad: lltvWad)
                    } == 0)
            }
        }
        #expect(walk.opened * 2 > walk.walked, "an enclosure that never opens proves nothing")
        #expect(walk.liquidatable > 100, "both answers occur")
    }

    @Test func `the rule is the one that the close asks`() throws {
        var walk = EnclosureWalk(seed: 22)
        for _ in 0..<300 {
            let (values, lltvWad) = sample(&walk)
            let rules = market(values, lltvWad: lltvWad)
            let (collateral, shares) = (walk.amount(bits: 1...90), walk.amount(bits: 1...120))
            // A close that reverts for its size says nothing about health.
            let close = try? MorphoClose(
                .repay(shares: .zero),
                of: MorphoPosition(
                    collateral: UInt256(collateral), borrowShares: UInt256(shares)),
                terms: MorphoTerms(
                    lltvWad: lltvWad, price: UInt256(values[0]) << 64 | UInt256(values[1])),
                totals: MorphoTotals(
                    supplyAssets: .max, borrowAssets: UInt256(values[2]),
                    borrowShares: UInt256(values[3])))
            guard let close else { continue }
            let position = MorphoMarket.Position(collateral: collateral, borrowShares: shares)
            #expect(rules.isLiquidatable(position) == !close.isHealthy)
        }
    }

    @Test func `an account waits for a price that is not known`() {
        var rules = MorphoMarket(
            terms: MorphoMarketTerms(
                market: MarketID("m"), collateral: Self.collateral, lltvWad: wad / 2))
        let position = MorphoMarket.Position(collateral: 1, borrowShares: 1_000_000_000)
        #expect(!rules.isLiquidatable(position))
        #expect(rules.watches(for: position).allSatisfy { $0.low == 0 && $0.high == 0 })
        #expect(rules.accrue(borrowAssets: 1_000, borrowShares: 1_000_000_000) == [2, 3])
        #expect(rules.publish(eligiblePrice(Self.collateral, 7)) == [1])
        #expect(rules.isLiquidatable(position))
    }
}
