import KeeperModel
import LiquidationRules
import VenueSimulator

/// What the keeper hears of the venue, height by height. A lost delta is noticed by the hole in the
/// channel's sequence and told as a gap; a stalled feed says nothing for a while and then
/// everything.
struct SimulatedFeed {
    private var accountSequences: [MarketID: UInt64] = [:]
    /// Rises with every snapshot of a market: what was on its way before it is old by then.
    private var epochs: [MarketID: UInt64] = [:]
    private let markets: [MarketID]
    private var stalledUntilHeight: UInt64 = 0

    init(_ venue: ReferenceVenue) {
        markets = venue.scenario.markets
    }

    mutating func restart() {
        accountSequences = [:]
        stalledUntilHeight = 0
    }

    /// All there is to know, for a keeper that knows nothing.
    mutating func snapshot(of venue: ReferenceVenue) -> [EventBody] {
        var bodies: [EventBody] = [.venueDescribed(venue.description)]
        bodies += Self.state(of: venue)
        for market in markets {
            noteSnapshot(of: market, venue)
            bodies.append(.accountsReplaced(market, venue.snapshot(of: market) ?? []))
        }
        return bodies
    }

    mutating func noteSnapshot(of market: MarketID, _ venue: ReferenceVenue) {
        accountSequences[market] = venue.channels.accounts[market]?.sequence ?? 0
        epochs[market, default: 0] += 1
    }

    /// Whether a change still follows on what the keeper has, or a snapshot overtook it.
    func isCurrent(_ body: EventBody, sentIn sent: SimulatedFeed) -> Bool {
        switch body {
        case .accountsChanged(let market, _, _), .gapDetected(let market):
            epochs[market] == sent.epochs[market]
        default: true
        }
    }

    /// Everything that was not said yet, without any fault.
    mutating func remaining(of venue: ReferenceVenue) -> [EventBody] {
        var bodies = Self.state(of: venue)
        for market in markets {
            let after = accountSequences[market] ?? 0
            guard let channel = venue.channels.accounts[market],
                case .entries(let entries) = channel.reading(after: after, countMax: .max)
            else { continue }
            accountSequences[market] = channel.sequence
            bodies += entries.map {
                .accountsChanged(market, changed: $0.payload.changed, removed: $0.payload.removed)
            }
        }
        return bodies
    }

    /// What leaves for the keeper at this height, and how long each part is on its way.
    mutating func deliveries(
        of venue: ReferenceVenue, in world: SimulatedWorld
    ) -> [(TimeSpan, [EventBody])] {
        if venue.height < stalledUntilHeight { return [] }
        if world.draw(world.faults.feedStallPpm) {
            stalledUntilHeight = venue.height + world.draw(in: 2...20)
            world.tell("the feed stalls until height \(stalledUntilHeight)")
            return []
        }
        var bodies = Self.state(of: venue)
        for market in markets {
            bodies += deltas(of: market, venue, world)
        }
        if let chain = world.chain {
            bodies.append(.chainReported(chain.news(for: SimulatedWorld.keeper)))
        }
        return [(.milliseconds(Int64(world.draw(in: 5...90))), bodies)]
    }

    private static func state(of venue: ReferenceVenue) -> [EventBody] {
        var bodies: [EventBody] = []
        if let figures = venue.channels.figures.newest?.payload {
            bodies.append(.figuresPublished(figures))
        }
        if let prices = venue.channels.prices.newest?.payload {
            bodies.append(.pricesPublished(prices))
        }
        if let depth = venue.channels.depth.newest?.payload {
            bodies.append(.depthPublished(depth))
        }
        if let pools = venue.channels.flashPools.newest?.payload {
            bodies.append(.flashPoolsPublished(pools))
        }
        bodies.append(.balancesReported(venue.balances(of: SimulatedWorld.keeper)))
        return bodies
    }

    private mutating func deltas(
        of market: MarketID, _ venue: ReferenceVenue, _ world: SimulatedWorld
    ) -> [EventBody] {
        guard let channel = venue.channels.accounts[market],
            case .entries(let entries) = channel.reading(
                after: accountSequences[market] ?? 0, countMax: .max)
        else { return [] }
        var bodies: [EventBody] = []
        for entry in entries {
            let expected = (accountSequences[market] ?? 0) + 1
            if world.draw(world.faults.lostDeltaPpm) {
                world.tell("delta \(entry.sequence) of \(market) is lost")
                continue
            }
            if entry.sequence != expected { bodies.append(.gapDetected(market)) }
            accountSequences[market] = entry.sequence
            bodies.append(
                .accountsChanged(
                    market, changed: entry.payload.changed, removed: entry.payload.removed))
        }
        // A hole at the very end is found by the channel's own sequence, which every reply carries.
        if accountSequences[market] ?? 0 < channel.sequence {
            accountSequences[market] = channel.sequence
            bodies.append(.gapDetected(market))
        }
        return bodies
    }
}
