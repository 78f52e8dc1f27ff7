import KeeperModel
import LiquidationRules
import Testing
import WideMath

@Suite struct MakerMarketTests {
    private static let collateral = AssetID("C")

    /// A ratio of 1e9 makes the spot, in ray, the very number of the price, in wad.
    private func market(_ values: [UInt128]) -> MakerMarket {
        var market = MakerMarket(
            terms: MakerTerms(
                market: MarketID("m"), collateral: Self.collateral,
                liquidationRatioRay: ray * UInt256(1_000_000_000), parRay: ray))
        _ = market.publish(eligiblePrice(Self.collateral, UInt256(values[0])))
        _ = market.accrue(rateRay: values[1])
        return market
    }

    @Test func `no vault flips inside its enclosure, be it a unit from its line`() throws {
        var walk = EnclosureWalk(seed: 61)
        let limits: [UInt128] = [.max, .max]
        for _ in 0..<400 {
            let rules = market([
                walk.amount(bits: 30...115),
                ray.lowHalf + walk.amount(bits: 1...100),
            ])
            let ink = walk.amount(bits: 1...110)
            let debts =
                walk.debtsNearLine(upTo: .max) {
                    rules.isLiquidatable(MakerMarket.Position(ink: ink, art: $0))
                } + [walk.amount(bits: 1...127)]
            for art in debts {
                let position = MakerMarket.Position(ink: ink, art: art)
                let vault = MakerVault(
                    ink: UInt256(ink), art: UInt256(art),
                    rate: UInt256(rules.value(ofVariable: 1)),
                    spot: UInt256(rules.value(ofVariable: 0)), dust: 0, chop: wad)
                #expect(try rules.isLiquidatable(position) == vault.isUnsafe)
                #expect(healthAgrees(rules, position))
                #expect(walk.flips(of: position, in: rules, limits: limits, market: market) == 0)
            }
        }
        #expect(walk.opened * 2 > walk.walked, "an enclosure that never opens proves nothing")
        #expect(walk.liquidatable > 100, "both answers occur")
    }

    @Test func `spot is the price over par and ratio, each rounded down`() {
        var rules = MakerMarket(
            terms: MakerTerms(
                market: MarketID("m"), collateral: Self.collateral,
                liquidationRatioRay: ray / UInt256(2) * UInt256(3), parRay: ray))
        #expect(rules.publish(eligiblePrice(Self.collateral, wad)) == [0])
        #expect(rules.value(ofVariable: 0) == 666_666_666_666_666_666_666_666_666)
        #expect(rules.publish(eligiblePrice(Self.collateral, 0)).isEmpty)
        #expect(rules.publish(eligiblePrice(Self.collateral, .max)).isEmpty)
        #expect(rules.value(ofVariable: 0) == 666_666_666_666_666_666_666_666_666)
    }
}
