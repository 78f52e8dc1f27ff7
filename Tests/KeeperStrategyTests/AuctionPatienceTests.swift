import KeeperModel
import KeeperStrategy
import LiquidationRules
import Testing
import WideMath

/// What waiting is worth on the linear price curve: the shipped strategy against one that buys as
/// soon as anything is left, in a model where a rival takes the whole auction at a discount of his
/// own.
@Suite struct AuctionPatienceTests {
    private static let openedAt: UInt64 = 1_600_000_000

    /// What each would earn at its own time, and the discount there.
    private struct Purchase {
        let seconds: UInt64
        let net: Int256
    }

    private func purchase(by strategy: Strategy, tauSeconds: UInt64) throws -> Purchase? {
        for seconds in 0..<tauSeconds {
            let (market, position, context) = try auction(tauSeconds, seconds)
            guard
                case .planned(let plan) = market.plan(
                    AccountID("a"), position, by: strategy, in: context)
            else { continue }
            return Purchase(seconds: seconds, net: plan.expectation.netUnits)
        }
        return nil
    }

    @Test(arguments: [120, 400, 3_600] as [UInt64])
    func `alone, who waits earns more`(tauSeconds: UInt64) throws {
        let patient = try #require(
            try purchase(by: ShippedStrategies.named("auction-patient"), tauSeconds: tauSeconds))
        let eager = try #require(try purchase(by: try eager(), tauSeconds: tauSeconds))
        #expect(patient.seconds > eager.seconds)
        #expect(patient.net > eager.net * Int256(3))
    }

    /// A rival is somewhere between the price and so far below it, each place as likely. Who waits
    /// gets only the auctions in which nobody was there first.
    @Test(arguments: [(40, true), (60, true), (20, false), (0, false)])
    func `among rivals it depends on how greedy they are`(
        rivalDiscountMaxPermille: UInt64, isWorthIt: Bool
    ) throws {
        let tau: UInt64 = 3_600
        let patient = try #require(
            try purchase(by: ShippedStrategies.named("auction-patient"), tauSeconds: tau))
        let eager = try #require(try purchase(by: try eager(), tauSeconds: tau))
        // The curve falls from 1.1 times the price: this is when a discount is reached.
        func second(discountPermille: UInt64) -> UInt64 {
            tau - tau * (1_000 - discountPermille) / 1_100
        }
        var (waiting, buying) = (Int256.zero, Int256.zero)
        for rival in 0...rivalDiscountMaxPermille {
            let comesAt = second(discountPermille: rival)
            if comesAt > patient.seconds { waiting += patient.net }
            if comesAt > eager.seconds { buying += eager.net }
        }
        #expect((waiting > buying) == isWorthIt, "\(waiting) by waiting, \(buying) at once")
    }

    private func eager() throws -> Strategy {
        let patient = try ShippedStrategies.named("auction-patient")
        return Strategy(
            name: StrategyName("eager"), version: 1, summary: "", markets: patient.markets,
            condition: try Condition("discount >= 50 bps && netProfit >= 5 usd"),
            sizing: patient.sizing, funding: patient.funding, exit: patient.exit,
            bid: patient.bid, validHeights: 5, coolDown: .zero)
    }

    private func auction(
        _ tauSeconds: UInt64, _ seconds: UInt64
    ) throws -> (HostedMaker, HostedMaker.Position, PlanningContext) {
        let (ether, usd) = (AssetID("ETH"), SizingSampler.quote)
        let price: UInt64 = 2_000_000_000
        var market = try #require(
            HostedMaker(
                terms: MakerVaultTerms(
                    market: MarketID("m"), collateral: ether, collateralDecimals: 18, debt: usd,
                    liquidationRatioRay: ray * UInt256(3) / UInt256(2),
                    chopWad: 1_130_000_000_000_000_000, dustUnits: 100_000_000,
                    holeUnits: 1_000_000_000_000,
                    auction: MakerVaultTerms.Auction(
                        startFactorRay: ray, curve: .linear(tauSeconds: tauSeconds),
                        tailSeconds: tauSeconds,
                        cuspRay: ray / UInt256(5), tipUnits: .zero, chipWad: .zero))))
        _ = market.take([
            MarketFigure(.rateRay, ray), MarketFigure(.seconds, UInt256(Self.openedAt + seconds)),
        ])
        _ = market.publish(eligible(ether, price))
        let top = UInt256(price) * ray / SizingSampler.unit(18) * UInt256(11) / UInt256(10)
        let published = AccountPosition.auction(
            AuctionPosition(
                tab: UInt256(18_000_000_000) * ray, lot: 10_000_000_000_000_000_000, topRay: top,
                startedAtSeconds: Self.openedAt))
        let position = try #require(market.position(from: published))
        return (
            market, position,
            PlanningContext(
                now: Instant(nanoseconds: 0), height: 1,
                quote: AssetDescription(asset: usd, decimals: 6),
                depth: [
                    ether: DepthBook(
                        asset: ether,
                        bids: [DepthLevel(price: price, quantity: 20_000_000_000_000_000_000)],
                        asks: [])
                ], flashPools: [:], available: [usd: 100_000_000_000],
                priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero))
        )
    }
}
