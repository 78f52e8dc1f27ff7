import KeeperModel
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

@Suite struct CounterfactualVenueTests {
    @Test func `what has earned is out of sight until its episode is over`() throws {
        var crash = try FedVenue()
        let plan = try #require(TestVenue.partialPlan(crash.real, key: "k"))
        let account = plan.target.account
        let (answer, changes) = crash.venue.close(plan)
        guard case .settled = answer else {
            Issue.record("expected a settled close, got \(answer)")
            return
        }
        #expect(
            changes.contains(
                .accountsChanged(TestVenue.lending, changed: [], removed: [account])))
        let recorded = try #require(crash.real.accounts[TestVenue.lending]?[account])
        let repeated = crash.observe(
            .accountsChanged(TestVenue.lending, changed: [recorded], removed: []))
        #expect(
            repeated == [.accountsChanged(TestVenue.lending, changed: [], removed: [])],
            "the record still has it under water")
        let shown = crash.observe(.pricesPublished(crash.prices(times: 3)))
        let states = shown.flatMap { body -> [AccountState] in
            guard case .accountsChanged(TestVenue.lending, let changed, _) = body else { return [] }
            return changed
        }
        #expect(states.map(\.account) == [account])
        #expect(
            states.allSatisfy { $0.position != recorded.position },
            "as we left it, not as recorded")
    }

    @Test func `a fork of which nothing is left comes back with what is added to it`() {
        var forks = AccountForks()
        func state(_ held: Int, _ owed: Int) -> AccountState {
            AccountState(
                account: AccountID("a"), version: 1,
                position: .lending(
                    LendingPosition(
                        collateral: [
                            ScaledBalance(asset: AssetID("C"), scaledAmount: UInt256(held))
                        ],
                        debts: [
                            ScaledBalance(asset: AssetID("D"), scaledAmount: UInt256(owed))
                        ])))
        }
        let market = MarketID("m")
        #expect(forks.close(market, recorded: state(10, 8), position: nil) == nil)
        #expect(forks.rebase(market, state(10, 8)) == nil)
        let added = forks.rebase(market, state(13, 8))
        #expect(
            added?.position
                == .lending(
                    LendingPosition(
                        collateral: [ScaledBalance(asset: AssetID("C"), scaledAmount: 3)],
                        debts: [])))
    }

    @Test func `the same plan is settled once and found again`() throws {
        var crash = try FedVenue()
        let plan = try #require(TestVenue.lendingPlan(crash.real, key: "k"))
        let (answer, _) = crash.venue.close(plan)
        let (again, changes) = crash.venue.close(plan)
        #expect(again == answer)
        #expect(changes.isEmpty)
        #expect(crash.venue.lookUp(ClientID("k")) == answer)
        #expect(crash.venue.void(ClientID("k")) == answer)
        #expect(crash.venue.void(ClientID("other")) == .voided)
        #expect(crash.venue.close(plan.with(key: "other")).answer == .voided)
    }

    @Test func `what the real account holds is no news to a pretended one`() throws {
        var crash = try FedVenue()
        let before = crash.venue.balances
        #expect(
            crash.observe(.balancesReported([AssetAmount(asset: AssetID("USD"), amount: 1)]))
                .isEmpty)
        #expect(crash.venue.balances == before)
    }
}

/// A counterfactual venue that was told everything the reference venue has to say at height 300.
struct FedVenue {
    let real: ReferenceVenue
    var venue: CounterfactualVenue

    init() throws {
        real = try TestVenue.run(seed: 5, heights: 300)
        venue = CounterfactualVenue(
            keeper: "dry", wallet: [AssetAmount(asset: AssetID("USD"), amount: 60_000_000_000)])
        _ = observe(.venueDescribed(real.description))
        _ = observe(.depthPublished(real.channels.depth.newest?.payload ?? []))
        _ = observe(.flashPoolsPublished(real.channels.flashPools.newest?.payload ?? []))
        _ = observe(
            .figuresPublished(real.channels.figures.newest?.payload ?? []))
        for market in [TestVenue.lending, TestVenue.margin] {
            _ = observe(.accountsReplaced(market, real.snapshot(of: market) ?? []))
        }
        _ = observe(.pricesPublished(prices(times: 1)))
    }

    mutating func observe(_ body: EventBody) -> [EventBody] {
        venue.observe(body, height: real.height, at: real.world.now)
    }

    /// The venue's prices, those of risky assets so many times as high.
    func prices(times factor: UInt64) -> [PriceUpdate] {
        (real.channels.prices.newest?.payload ?? []).map { update in
            let isQuote = update.asset == real.scenario.quote.asset
            return PriceUpdate(
                asset: update.asset, kind: .eligible,
                price: isQuote ? update.price : update.price * UInt256(factor),
                round: update.round + factor, sourceAt: update.sourceAt)
        }
    }
}
