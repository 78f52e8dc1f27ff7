import KeeperModel
import KeeperStrategy
import LiquidationRules
import Testing
import WideMath

/// One ether offered for 1,900 USD where the book pays 2,000.
@Suite struct OfferPlannerTests {
    private static let (ether, usd) = (AssetID("ETH"), AssetID("USD"))
    private static let (asked, worth) = (UInt256(1_900_000_000), UInt256(2_000_000_000))
    private static let lot = UInt256(1_000_000_000_000_000_000)

    private func plan(
        _ allocation: OfferAllocation, bidPpm: UInt64 = 400_000, available: UInt256 = 1 << 50,
        funding: FundingChoice = .inventory, depth: UInt256 = lot, validHeights: UInt64 = 5,
        closesAt: UInt64? = nil
    ) throws -> PlanOutcome {
        var market = try #require(
            HostedOffers(
                terms: OfferTerms(
                    market: MarketID("m"), allocation: allocation,
                    pay: AssetDescription(asset: Self.usd, decimals: 6),
                    assets: [AssetDescription(asset: Self.ether, decimals: 18)])))
        _ = market.publish(
            PriceUpdate(
                asset: Self.ether, kind: .eligible, price: Self.worth, round: 1,
                sourceAt: Instant(nanoseconds: 0)))
        let position = OfferPosition(
            payAmount: Self.asked, takeAsset: Self.ether, takeAmount: Self.lot,
            closesAtHeight: closesAt, expiresAtHeight: 40)
        let strategy = Strategy(
            name: StrategyName("offers"), version: 1, summary: "", markets: [.purchase],
            condition: try Condition("netProfit >= 1 usd"), sizing: .full, funding: funding,
            exit: .sell(tolerancePpm: 5_000),
            bid: .sealed(laneClass: .confidential, sharePpm: bidPpm), validHeights: validHeights,
            coolDown: .zero)
        return market.plan(
            AccountID("offer-1"), position, by: strategy,
            in: PlanningContext(
                now: Instant(nanoseconds: 0), height: 10,
                quote: AssetDescription(asset: Self.usd, decimals: 6),
                depth: [
                    Self.ether: DepthBook(
                        asset: Self.ether,
                        bids: [DepthLevel(price: 2_000_000_000, quantity: depth)], asks: [])
                ],
                flashPools: [
                    Self.usd: FlashPool(asset: Self.usd, available: 1 << 60, premiumBps: 5)
                ], available: [Self.usd: available],
                priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero)))
    }

    private func purchase(_ outcome: PlanOutcome) throws -> (LendingClose, Int256) {
        guard case .planned(let plan) = outcome, case .purchase(let close) = plan.action else {
            throw Unplanned(outcome: outcome)
        }
        return (close, plan.expectation.netUnits)
    }

    private struct Unplanned: Error {
        let outcome: PlanOutcome
    }

    @Test func `an offer is taken whole, and valued at what it can be sold for`() throws {
        let (close, net) = try purchase(try plan(.claim))
        #expect(close.repayAmountMax >= Self.asked)
        // Interest on the debt behind it may raise what is asked until the claim arrives.
        #expect(close.repayAmountMax <= Self.asked + Self.asked / 1_000 + .one)
        #expect(close.seizeAmountMin <= Self.lot && !close.seizeAmountMin.isZero)
        #expect(net == 100_000_000)
    }

    @Test func `a sealed bid gives the strategy's share of the profit, and keeps the rest`() throws
    {
        let (close, net) = try purchase(try plan(.sealedBid, closesAt: 14))
        #expect(close.repayAmountMax == Self.asked + 40_000_000)
        #expect(net == 60_000_000)
    }

    @Test func `the same by a loan, whose premium counts`() throws {
        let (close, net) = try purchase(try plan(.claim, available: .zero, funding: .flash))
        guard case .flash = close.funding else {
            Issue.record("it is paid by a loan")
            return
        }
        #expect(net == 99_050_000)
    }

    @Test func `what cannot be had whole is not planned, and the reason is said`() throws {
        let short = try plan(.claim, available: Self.asked - .one)
        #expect(short.skipReason == .noFunds)
        #expect(try plan(.claim, depth: Self.lot / 2).skipReason == .noDepth)
        #expect(try plan(.proRata).skipReason == .notCloseable)
        #expect(try plan(.sealedBid, validHeights: 3, closesAt: 14).skipReason == .notCloseable)
    }
}

extension PlanOutcome {
    fileprivate var skipReason: SkipReason? {
        if case .skipped(let reason, _) = self { reason } else { nil }
    }
}
