import KeeperModel
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

@Suite struct ReferenceVenueTests {
    @Test func `one seed is one run`() throws {
        let first = try TestVenue.run(seed: 5, heights: 200)
        let second = try TestVenue.run(seed: 5, heights: 200)
        let other = try TestVenue.run(seed: 6, heights: 200)
        #expect(first.channels.prices.newest == second.channels.prices.newest)
        #expect(first.snapshot(of: TestVenue.lending) == second.snapshot(of: TestVenue.lending))
        #expect(first.channels.prices.newest != other.channels.prices.newest)
    }

    @Test func `a close settles once, whatever is asked afterwards`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        let plan = try #require(TestVenue.lendingPlan(venue, key: "k1"))
        let first = venue.close(plan, bodyHash: "h", keeper: "me")
        guard case .answered(.settled(let receipt), isReplayed: false) = first else {
            Issue.record("expected a settled close, got \(first)")
            return
        }
        #expect(receipt.movements.contains { $0.cause == .seized })
        #expect(
            venue.close(plan, bodyHash: "h", keeper: "me")
                == .answered(.settled(receipt), isReplayed: true))
        #expect(venue.close(plan, bodyHash: "other", keeper: "me") == .keyReused)
        #expect(venue.void(ClientID("k1"), keeper: "me") == .settled(receipt))
        #expect(venue.closes.settledCount == 1)
    }

    @Test func `a tombstone stops the close that arrives later`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        let plan = try #require(TestVenue.lendingPlan(venue, key: "k1"))
        #expect(venue.lookUp(ClientID("k1"), keeper: "me") == nil)
        #expect(venue.void(ClientID("k1"), keeper: "me") == .tombstone)
        #expect(
            venue.close(plan, bodyHash: "h", keeper: "me")
                == .answered(.tombstone, isReplayed: true))
        #expect(venue.closes.settledCount == 0)
    }

    @Test func `every asset is where it was or with somebody else`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        venue.admit(keeper: "me")
        let assets = venue.scenario.assets.map(\.description.asset) + [venue.scenario.quote.asset]
        let before = assets.map { venue.world.custody.total(of: $0) }
        var settled = 0
        for number in 0..<400 {
            guard let plan = TestVenue.anyPlan(venue, key: "k\(number)") else { break }
            if case .answered(.settled(let receipt), _) = venue.close(
                plan, bodyHash: "h", keeper: "me")
            {
                settled += 1
                for record in receipt.settlements {
                    #expect(record.lines.reduce(Int256.zero) { $0 + $1.amountUnits } == .zero)
                }
            }
            if number % 20 == 19 {
                venue.advance(to: venue.nextHeightAt)
            }
        }
        #expect(settled > 10)
        #expect(assets.map { venue.world.custody.total(of: $0) } == before)
    }

    @Test func `a stale version, an expired plan and a healthy account are refused`() throws {
        var venue = try TestVenue.run(seed: 5, heights: 300)
        let plan = try #require(TestVenue.lendingPlan(venue, key: "k"))
        func refusal(_ plan: ClosePlan) -> RefusalClass? {
            guard
                case .answered(.refused(let refusal), _) = venue.close(
                    plan, bodyHash: "h", keeper: "me")
            else { return nil }
            return refusal.refusalClass
        }
        #expect(refusal(plan.with(key: "a", version: 9)) == .staleVersion)
        #expect(refusal(plan.with(key: "b", validUntil: 1)) == .expired)
        #expect(refusal(plan.with(key: "c", account: "nobody")) == .unknownAccount)
        let healthy = try #require(
            venue.snapshot(of: TestVenue.lending)?.first { state in
                venue.markets[TestVenue.lending]?.isLiquidatable(state.position) == false
            })
        #expect(refusal(plan.with(key: "d", account: healthy.account.text)) == .healthy)
    }

    @Test func `a channel that forgot says so`() throws {
        var channel = Channel<Int>(retainedMax: 4)
        for number in 1...20 {
            channel.publish(number, height: 1, at: Instant(nanoseconds: 0))
        }
        #expect(channel.reading(after: 3, countMax: 10) == .gone)
        #expect(channel.reading(after: 21, countMax: 10) == .gone)
        #expect(channel.reading(after: 20, countMax: 10) == .entries([]))
        guard case .entries(let entries) = channel.reading(after: 18, countMax: 10) else {
            Issue.record("the newest entries are there")
            return
        }
        #expect(entries.map(\.payload) == [19, 20])
    }
}
