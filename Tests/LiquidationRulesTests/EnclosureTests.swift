import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

/// Nothing may flip inside an enclosure: prices and indexes are walked to its ends and to random
/// places within, and the exact rule must answer as it did at the centre.
@Suite struct EnclosureTests {
    @Test(arguments: AaveGeneration.allCases)
    func `no lending account flips inside its enclosure`(generation: AaveGeneration) {
        var sampler = LendingSampler(seed: 11)
        var opened = 0
        for _ in 0..<400 {
            let market = sampler.market(generation)
            let position = sampler.position(in: market)
            if market.watches(for: position).contains(where: { $0.high > $0.low }) { opened += 1 }
            #expect(sampler.flips(of: position, in: market, moves: 12) == 0)
        }
        #expect(opened > 200, "an enclosure that never opens proves nothing")
    }

    @Test(arguments: [AaveGeneration.v3_3, .v3_5])
    func `nor does one within a unit of its line`(generation: AaveGeneration) {
        var sampler = LendingSampler(seed: 12)
        for _ in 0..<200 {
            let market = sampler.market(generation)
            guard let position = sampler.positionNearLine(of: market) else { continue }
            #expect(sampler.flips(of: position, in: market, moves: 8) == 0)
        }
    }

    @Test(arguments: AaveGeneration.allCases)
    func `the short test of the line is the protocol's own`(generation: AaveGeneration) {
        var sampler = LendingSampler(seed: 14)
        var closable = 0
        for _ in 0..<400 {
            let market = sampler.market(generation)
            for position in [sampler.position(in: market), sampler.positionNearLine(of: market)] {
                guard let position else { continue }
                let exact = market.accountData(position)?.isLiquidatable ?? false
                #expect(market.isLiquidatable(position) == exact)
                if exact { closable += 1 }
            }
        }
        #expect(closable > 100, "both answers occur")
    }

    @Test func `no margin position flips inside its enclosure, and beyond a near end it does`() {
        var generator = SeededGenerator(seed: 13)
        var exactEnds = 0
        for _ in 0..<2_000 {
            let mark = Int64(generator.number(in: 1_000...90_000_000))
            var market = marginMarket(mark: mark)
            let position = marginPosition(near: mark, &generator)
            let isLiquidatable = market.isLiquidatable(position)
            let watch = market.watches(for: position)[0]
            let within = UInt128(generator.number(in: UInt64(watch.low)...UInt64(watch.high)))
            for price in [watch.low, watch.high, within] {
                market.publish(mark: Int64(price))
                #expect(market.isLiquidatable(position) == isLiquidatable)
            }
            for outside in [Int64(watch.low) - 1, Int64(watch.high) + 1] where outside > 0 {
                market.publish(mark: outside)
                if market.isLiquidatable(position) != isLiquidatable { exactEnds += 1 }
            }
        }
        #expect(exactEnds > 500, "the exact line is found where it is near")
    }
}

extension EnclosureTests {
    private func marginMarket(mark: Int64) -> MarginMarket {
        var policy = SettlementPolicy.plain
        policy.tiers = [
            MarginTier(upTo: 1_000_000_000, ratePpm: 4_000),
            MarginTier(upTo: 50_000_000_000, ratePpm: 15_000),
            MarginTier(upTo: 600_000_000_000, ratePpm: 100_000),
        ]
        let terms = MarginTerms(
            market: MarketID("x"), asset: AssetID("LOT"), lotStep: 1, policy: policy)
        guard var market = MarginMarket(terms: terms) else {
            preconditionFailure("The tiers of the test make a schedule")
        }
        market.publish(mark: mark)
        return market
    }

    private func marginPosition(
        near mark: Int64, _ generator: inout SeededGenerator
    ) -> MarginPosition {
        let entry = mark + Int64(generator.number(in: 0...UInt64(mark / 5))) - mark / 10
        let lots = Int64(generator.number(in: 1...5_000))
        return MarginPosition(
            side: generator.chance(ppm: 500_000) ? .long : .short, lots: lots,
            entryPrice: max(1, entry),
            marginUnits: Int64(generator.number(in: 0...UInt64(mark / 8 * lots + 1))))
    }
}

extension MarginMarket {
    fileprivate mutating func publish(mark: Int64) {
        _ = publish(
            PriceUpdate(
                asset: terms.asset, kind: .eligible, price: UInt256(UInt64(mark)), round: 1,
                sourceAt: Instant(nanoseconds: 0)))
    }
}
