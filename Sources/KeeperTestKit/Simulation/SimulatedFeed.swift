import KeeperModel
import KeeperRuntime
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
    /// Nobody is told of changes who was not told first what there is.
    private var isFollowed = false
    private var termsVersion: UInt64 = 0
    private var switches: [MarketID: MarketSwitch] = [:]
    private var closesSequence: UInt64 = 0
    private var marketPrices = PartingPrices()
    /// When the newest of each kind arrives: what is said later never overtakes it.
    private var arrivals: [Kind: Instant] = [:]

    /// What goes its own way.
    private enum Kind: Hashable {
        case all
        case prices
        case depth
        case balances
        case accounts
        case chain
        case closes
    }

    init(_ venue: ReferenceVenue) {
        markets = venue.scenario.markets
    }

    mutating func restart() {
        accountSequences = [:]
        stalledUntilHeight = 0
        isFollowed = false
        arrivals = [:]
    }

    /// All there is to know, for a keeper that knows nothing.
    mutating func snapshot(of venue: ReferenceVenue) -> [EventBody] {
        isFollowed = true
        var bodies: [EventBody] = [.venueDescribed(venue.description)]
        bodies += Self.state(of: venue).map(\.body)
        termsVersion = venue.termsVersion
        switches = venue.switches
        closesSequence = venue.channels.closes.sequence
        bodies += switches.keys.sorted().compactMap { switches[$0] }.map { .marketSwitched($0) }
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
        var bodies = Self.state(of: venue).map(\.body)
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
        of venue: ReferenceVenue, in domain: SimulatedDomain
    ) -> [(Instant, [EventBody])] {
        guard isFollowed, venue.height >= stalledUntilHeight, !domain.isMute else { return [] }
        if domain.draw(.feedStalls) {
            stalledUntilHeight = venue.height + domain.draw(in: 2...20)
            domain.tell("the feed stalls until height \(stalledUntilHeight)")
            return []
        }
        var bodies = changedTerms(of: venue) + Self.state(of: venue)
        bodies = withMarketPrices(bodies, in: domain) + pendingPrices(of: venue, in: domain)
        for market in markets {
            bodies += deltas(of: market, venue, domain).map { (.accounts, $0) }
        }
        if let chain = domain.chain {
            bodies.append((.chain, .chainReported(chain.news(for: SimulatedWorld.keeper))))
        }
        bodies += changedSwitches(of: venue) + newCloses(of: venue, in: domain.id)
        bodies += domain.endlessGaps.map { (.accounts, $0) }
        return arriving(bodies, in: domain)
    }

    /// What the oracle is about to say, as it looks now: people and sales may yet make another
    /// price of it.
    private func pendingPrices(
        of venue: ReferenceVenue, in domain: SimulatedDomain
    ) -> [(kind: Kind, body: EventBody)] {
        guard domain.draw(.pendingPrices), !venue.isOver else { return [] }
        var next = venue
        next.advance(to: next.nextHeightAt)
        let updates = (next.channels.prices.newest?.payload ?? []).map {
            PriceUpdate(
                asset: $0.asset, kind: .pending, price: $0.price, round: $0.round,
                sourceAt: domain.now)
        }
        return [(.prices, .pricesPublished(updates))]
    }

    /// In one letter with the venue's own: which of the two came first decides nothing.
    private mutating func withMarketPrices(
        _ bodies: [(kind: Kind, body: EventBody)], in domain: SimulatedDomain
    ) -> [(kind: Kind, body: EventBody)] {
        let updates = marketPrices.updates(in: domain)
        guard !updates.isEmpty else { return bodies }
        return bodies.map { kind, body in
            guard case .pricesPublished(let prices) = body else { return (kind, body) }
            return (kind, .pricesPublished(prices + updates))
        }
    }

    /// Each kind in a bundle of its own where they are not one.
    private mutating func arriving(
        _ bodies: [(kind: Kind, body: EventBody)], in domain: SimulatedDomain
    ) -> [(Instant, [EventBody])] {
        var bundles: [(kind: Kind, bodies: [EventBody])] = []
        for (kind, body) in bodies {
            let way = domain.has(.reordering) ? kind : .all
            if let index = bundles.firstIndex(where: { $0.kind == way }) {
                bundles[index].bodies.append(body)
            } else {
                bundles.append((way, [body]))
            }
        }
        return bundles.map { kind, bodies in
            let drawn = domain.now + domain.way(usually: 5...90)
            let arrival = max(arrivals[kind] ?? drawn, drawn)
            arrivals[kind] = arrival
            return (arrival, bodies)
        }
    }

    /// Other terms make another market of it: whoever follows it starts with all its accounts.
    private mutating func changedTerms(
        of venue: ReferenceVenue
    ) -> [(kind: Kind, body: EventBody)] {
        guard venue.termsVersion != termsVersion else { return [] }
        termsVersion = venue.termsVersion
        var bodies: [(kind: Kind, body: EventBody)] = [
            (.accounts, .venueDescribed(venue.description))
        ]
        for market in markets {
            noteSnapshot(of: market, venue)
            bodies.append((.accounts, .accountsReplaced(market, venue.snapshot(of: market) ?? [])))
        }
        return bodies
    }

    private mutating func changedSwitches(
        of venue: ReferenceVenue
    ) -> [(kind: Kind, body: EventBody)] {
        let changed = venue.switches.keys.sorted().filter { venue.switches[$0] != switches[$0] }
        switches = venue.switches
        return changed.compactMap { switches[$0] }.map { (.accounts, .marketSwitched($0)) }
    }

    /// What others closed; what we closed we know better.
    private mutating func newCloses(
        of venue: ReferenceVenue, in domain: DomainID
    ) -> [(kind: Kind, body: EventBody)] {
        guard
            case .entries(let entries) = venue.channels.closes.reading(
                after: closesSequence, countMax: .max)
        else { return [] }
        closesSequence = venue.channels.closes.sequence
        let others = entries.map(\.payload).filter { $0.keeper != SimulatedWorld.keeper }
        guard !others.isEmpty else { return [] }
        return [(.closes, .closesObserved(others.map { $0.inDomain(domain) }))]
    }

    private static func state(of venue: ReferenceVenue) -> [(kind: Kind, body: EventBody)] {
        var bodies: [(kind: Kind, body: EventBody)] = []
        if let figures = venue.channels.figures.newest?.payload {
            bodies.append((.prices, .figuresPublished(figures)))
        }
        if let prices = venue.channels.prices.newest?.payload {
            bodies.append((.prices, .pricesPublished(prices)))
        }
        if let depth = venue.channels.depth.newest?.payload {
            bodies.append((.depth, .depthPublished(depth)))
        }
        if let pools = venue.channels.flashPools.newest?.payload {
            bodies.append((.depth, .flashPoolsPublished(pools)))
        }
        bodies.append((.balances, .balancesReported(venue.balances(of: SimulatedWorld.keeper))))
        if !venue.scenario.keeperReserve.isEmpty {
            bodies.append((.balances, .reserveReported(venue.reserve(of: SimulatedWorld.keeper))))
        }
        return bodies
    }

    private mutating func deltas(
        of market: MarketID, _ venue: ReferenceVenue, _ domain: SimulatedDomain
    ) -> [EventBody] {
        guard let channel = venue.channels.accounts[market],
            case .entries(let entries) = channel.reading(
                after: accountSequences[market] ?? 0, countMax: .max)
        else { return [] }
        var bodies: [EventBody] = []
        for entry in entries {
            let expected = (accountSequences[market] ?? 0) + 1
            if domain.draw(.lostDeltas) {
                domain.tell("delta \(entry.sequence) of \(market) is lost")
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

extension ObservedClose {
    /// A venue does not know by what name its keepers call it.
    fileprivate func inDomain(_ domain: DomainID) -> ObservedClose {
        ObservedClose(
            target: Target(domain: domain, market: target.market, account: target.account),
            keeper: keeper, height: height, paid: paid, taken: taken, valueUnits: valueUnits)
    }
}
