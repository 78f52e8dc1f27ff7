import KeeperModel
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

/// The other people at a venue, what their sales do, and what a venue may change while it runs.
@Suite struct PeopleTests {
    private static func assets(_ venue: ReferenceVenue) -> [AssetID] {
        venue.scenario.assets.map(\.description.asset) + [venue.scenario.quote.asset]
    }

    private static let purse = [
        AssetAmount(asset: AssetID("USD"), amount: 1_000_000_000_000)
    ]

    @Test(arguments: RivalKind.allCases)
    func `every kind of rival closes under its own name, and nothing is made or lost`(
        kind: RivalKind
    ) throws {
        var venue = try TestVenue.run(seed: 5, heights: 150)
        var chain: SimulatedChain?
        var rivals = Rivals([kind], seed: 3)
        venue.admit(keeper: kind.name, endowedWith: Self.purse)
        let before = Self.assets(venue).map { venue.world.custody.total(of: $0) }
        for height in 151...300 {
            venue.advance(to: venue.openedAt + .seconds(Int64(height)))
            _ = rivals.act(kind, on: &venue, through: &chain)
        }
        #expect(venue.closes.settledCount(of: kind.name) > 0)
        #expect(venue.closes.settledCount(of: "me") == 0)
        #expect(Self.assets(venue).map { venue.world.custody.total(of: $0) } == before)
        #expect(venue.channels.closes.newest?.payload.keeper == kind.name)
    }

    @Test func `a rival's sale thins the book that is left for others`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        let before = try #require(venue.channels.depth.newest?.payload)
        var chain: SimulatedChain?
        var rivals = Rivals([.greedy], seed: 3)
        venue.admit(keeper: RivalKind.greedy.name, endowedWith: Self.purse)
        for _ in 0..<20 { _ = rivals.act(.greedy, on: &venue, through: &chain) }
        let after = try #require(venue.channels.depth.newest?.payload)
        func depth(_ books: [DepthBook]) -> UInt256 {
            books.flatMap(\.bids).reduce(.zero) { $0 + $1.quantity }
        }
        #expect(depth(after) < depth(before))
    }

    @Test func `owners act within custody, and with a new version each time`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 100)
        let before = Self.assets(venue).map { venue.world.custody.total(of: $0) }
        var customers = Customers(hazardMaxPpm: 300_000, seed: 1)
        var words: Set<String> = []
        for height in 101...140 {
            venue.advance(to: venue.openedAt + .seconds(Int64(height)))
            words.formUnion(customers.act(on: &venue).map(\.what))
        }
        #expect(words == Set(CustomerAct.allCases.map(\.rawValue)))
        #expect(Self.assets(venue).map { venue.world.custody.total(of: $0) } == before)
        #expect(venue.snapshot(of: TestVenue.lending)?.contains { $0.version > 2 } == true)
    }

    // MARK: Impact

    @Test func `an impact is linear in what is sold, and fades`() {
        let asset = AssetID("ETH")
        var impact = PriceImpact(strengthPpm: 100_000, decayPpm: 500_000)
        #expect(impact.price(1_000_000, of: asset) == 1_000_000)
        impact.note(sold: 50, of: asset, side: 100)
        #expect(impact.price(1_000_000, of: asset) == 950_000)
        impact.note(sold: 50, of: asset, side: 100)
        #expect(impact.price(1_000_000, of: asset) == 900_000)
        impact.decay()
        #expect(impact.price(1_000_000, of: asset) == 950_000)
        impact.note(bought: 100, of: asset, side: 100)
        #expect(impact.price(1_000_000, of: asset) == 1_050_000)
        #expect(impact.price(1_000_000, of: AssetID("BTC")) == 1_000_000)
    }

    // MARK: Conditions

    @Test func `a paused market takes no close, nor one in grace, and then it does`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        let plan = try #require(TestVenue.lendingPlan(venue, key: "k1"))
        venue.pause(TestVenue.lending, reason: "drill")
        #expect(TestVenue.refusal(&venue, plan) == .marketClosed)
        venue.resume(TestVenue.lending, graceOf: .seconds(3))
        #expect(TestVenue.refusal(&venue, plan.with(key: "k2")) == .marketClosed)
        venue.advance(to: venue.world.now + .seconds(3))
        let later = try #require(TestVenue.lendingPlan(venue, key: "k3"))
        #expect(TestVenue.refusal(&venue, later) == nil)
    }

    @Test func `changed terms decide at once who may be closed, at the prices there are`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 60)
        guard
            case .lending(let terms)? = venue.terms.first(where: {
                $0.market == TestVenue.lending
            })
        else { throw Missing() }
        func count(_ venue: ReferenceVenue) -> Int {
            (venue.snapshot(of: TestVenue.lending) ?? []).count {
                venue.markets[TestVenue.lending]?.isLiquidatable($0.position) == true
            }
        }
        let before = count(venue)
        let harder = terms.reserves.map {
            ReserveTerms(
                asset: $0.asset, decimals: $0.decimals,
                liquidationThresholdBps: $0.liquidationThresholdBps / 2,
                liquidationBonusBps: $0.liquidationBonusBps, protocolFeeBps: $0.protocolFeeBps)
        }
        let isChanged = venue.change(
            .lending(
                LendingTerms(
                    market: terms.market, generation: terms.generation, baseUnit: terms.baseUnit,
                    reserves: harder, policy: terms.policy)))
        #expect(isChanged)
        #expect(count(venue) > before)
        #expect(venue.description.markets == venue.terms)
    }

    private struct Missing: Error {}

    @Test func `a silent oracle says nothing, a lying one something else, and both come back`()
        throws
    {
        var venue = try TestVenue.run(seed: 5, heights: 10)
        let asset = try #require(venue.scenario.assets.first?.description.asset)
        func price(_ venue: ReferenceVenue) -> UInt256? {
            venue.channels.prices.newest?.payload.first { $0.asset == asset }?.price
        }
        let before = try #require(price(venue))
        venue.trouble(asset, with: .silent(untilHeight: 12))
        venue.advance(to: venue.openedAt + .seconds(11))
        #expect(price(venue) == nil)
        venue.advance(to: venue.openedAt + .seconds(12))
        venue.trouble(asset, with: .lying(factorPpm: 2_000_000, untilHeight: 14))
        venue.advance(to: venue.openedAt + .seconds(13))
        #expect(try #require(price(venue)) > before * UInt256(3) / UInt256(2))
        venue.advance(to: venue.openedAt + .seconds(14))
        #expect(try #require(price(venue)) < before * UInt256(3) / UInt256(2))
    }
}
