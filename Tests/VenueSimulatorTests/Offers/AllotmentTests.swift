import KeeperModel
import Testing
import VenueSimulator
import WideMath

/// Offers shared out in proportion to committed capacity, to the unit.
@Suite struct AllotmentTests {
    private func venue(
        _ capacities: [(String, UInt256)], purse: UInt256 = 1 << 60
    ) throws -> ReferenceVenue {
        // Nobody is over the line yet.
        var venue = try OfferRig.venue(OfferRig.shares, heights: 80)
        for (keeper, amount) in capacities {
            venue.admit(
                keeper: keeper, endowedWith: [AssetAmount(asset: OfferRig.usd, amount: purse)])
            venue.commit(Capacity(amount: amount, optOut: []), of: keeper)
        }
        return venue
    }

    private func receipts(_ venue: ReferenceVenue, _ keeper: String) -> [CloseReceipt] {
        venue.allotments(of: keeper).compactMap { key in
            guard case .settled(let receipt) = venue.lookUp(key, keeper: keeper)?.answer else {
                return nil
            }
            return receipt
        }
    }

    @Test func `parts are in proportion, sum to the whole and are booked once`() throws {
        var venue = try venue([("a", 1_000_000_000_000), ("b", 2_000_000_000_000), ("c", 1)])
        let before = OfferRig.totals(venue)
        venue.advance(to: venue.openedAt + .seconds(280))
        #expect(OfferRig.totals(venue) == before)
        let (first, second) = (receipts(venue, "a"), receipts(venue, "b"))
        #expect(first.count > 10 && first.count <= second.count)
        // The first of all was shared while nothing was used up yet.
        let (one, two) = (first[0].moved(.repaid), second[0].moved(.repaid))
        let twice = one * UInt256(2)
        #expect(two >= twice - 2 && two <= twice + 2)
        // All that the keepers paid and got is what the markets got and gave.
        for receipt in first {
            let together = ["a", "b", "c"].flatMap { receipts(venue, $0) }.filter {
                $0.settlements.first?.id == receipt.settlements.first?.id
            }
            let fact = { (name: String) in
                receipt.settlements.flatMap(\.facts).first { $0.name == name }?.value
            }
            if let repaid = fact("repaid") {
                #expect(
                    together.reduce(UInt256.zero) { $0 + $1.moved(.repaid) }.description == repaid)
            }
            if let seized = fact("seized") {
                #expect(
                    together.reduce(UInt256.zero) { $0 + $1.moved(.seized) }.description == seized)
            }
        }
        #expect(Set((first + second).map(\.fillID)).count == first.count + second.count)
    }

    @Test func `nobody pays more than was committed, and what nobody committed stays`() throws {
        var venue = try venue([("a", 30_000_000_000), ("b", 5_000_000_000)])
        venue.advance(to: venue.openedAt + .seconds(280))
        for keeper in ["a", "b"] {
            let capacity = try #require(venue.capacity(of: keeper))
            let paid = receipts(venue, keeper).reduce(UInt256.zero) { $0 + $1.moved(.repaid) }
            #expect(paid == capacity.used && paid <= capacity.amount)
            #expect(paid > .zero)
        }
        #expect(!venue.offers.isEmpty)
    }

    /// What is left of an account that was closed in part could else be followed from part to part.
    @Test func `what is left of an offer that was taken in part has another name`() throws {
        // Deep under the line, so that a small part restores nobody.
        var venue = try OfferRig.venue(OfferRig.shares)
        venue.admit(
            keeper: "a", endowedWith: [AssetAmount(asset: OfferRig.usd, amount: 1 << 60)])
        for _ in 0..<5 {
            venue.commit(Capacity(amount: 1_000_000_000, optOut: []), of: "a")
            venue.pass()
            let close = try #require(venue.channels.closes.newest)
            #expect(close.height == venue.height)
            #expect(!venue.offers.contains { $0.id == close.payload.target.account })
        }
        #expect(venue.allotments(of: "a").count == 5)
    }

    @Test func `a purse that is emptier than the promise counts for what it holds`() throws {
        var venue = try venue([("a", 1_000_000_000_000)], purse: 700_000_000)
        venue.advance(to: venue.openedAt + .seconds(280))
        let paid = receipts(venue, "a").reduce(UInt256.zero) { $0 + $1.moved(.repaid) }
        #expect(paid <= 700_000_000)
    }

    @Test func `who opted out of a market gets nothing there`() throws {
        var venue = try venue([("a", 1_000_000_000_000), ("b", 1_000_000_000_000)])
        let out = MarketID("blue-eth")
        venue.commit(Capacity(amount: 1_000_000_000_000, optOut: [out]), of: "b")
        venue.advance(to: venue.openedAt + .seconds(280))
        var markets: [String: Set<MarketID>] = [:]
        guard case .entries(let closes) = venue.channels.closes.reading(after: 0, countMax: 10_000)
        else { return }
        for close in closes.map(\.payload) {
            markets[close.keeper, default: []].insert(close.target.market)
        }
        #expect(markets["a"]?.contains(out) == true)
        #expect(markets["b"]?.contains(out) == false)
        #expect(markets["b"]?.isEmpty == false)
    }

    @Test func `nothing is claimed here, and a key of the venue belongs to its keeper`() throws {
        var venue = try venue([("a", 1_000_000_000_000)])
        // Somebody who wants to be in the way.
        #expect(venue.void(ClientID("allotment-1"), keeper: "x") == .tombstone)
        venue.advance(to: venue.openedAt + .seconds(280))
        let key = try #require(venue.allotments(of: "a").first)
        #expect(key == ClientID("allotment-2"))
        #expect(venue.lookUp(key, keeper: "b") == nil)
        var idle = try OfferRig.venue(OfferRig.shares)
        let offer = try #require(idle.cheapest)
        guard
            case .answered(.refused(let refusal), _) = idle.close(
                OfferRig.plan(offer, key: "k1"), bodyHash: "h", keeper: "a")
        else {
            Issue.record("capacity decides here")
            return
        }
        #expect(refusal.refusalClass == .limitViolated)
    }
}
