package import KeeperModel

/// What feeds have said up to an event, and nothing that was said again since: the shortest events
/// that tell it to somebody who has heard nothing.
///
/// Each keeps the time and the height at which it was said. What an engine made of it (intents,
/// what it said last about whom, whether a price had jumped) is not in here.
package struct FeedState {
    fileprivate struct Said<Value> {
        let value: Value
        let at: Instant
        let height: UInt64
    }

    fileprivate struct Market {
        var accounts: [AccountID: AccountState] = [:]
        var pages: [AccountID: AccountState]?
        var figures: [MarketFigure] = []
        /// Nil until a whole set has come; deltas alone are no book.
        var accountsAt: (at: Instant, height: UInt64)?
        var figuresAt: (at: Instant, height: UInt64)?
        var hasGap = false
    }

    fileprivate struct PriceKey: Hashable {
        let asset: AssetID
        let kind: PriceKind
    }

    fileprivate struct Domain {
        var venue: Said<VenueDescription>?
        var markets: [MarketID: Market] = [:]
        var prices: [PriceKey: Said<PriceUpdate>] = [:]
        var depth: [AssetID: Said<DepthBook>] = [:]
        var flashPools: [AssetID: Said<FlashPool>] = [:]
        var switches: [MarketID: Said<MarketSwitch>] = [:]
        var balances: Said<[AssetAmount]>?
        var reserve: Said<[AssetAmount]>?
        var chain: Said<ChainNews>?
        var callCost: Said<EventBody>?
    }

    private var domains: [DomainID: Domain] = [:]
    fileprivate static let accountsPerPage = 1_024

    package init() {}

    package mutating func take(_ event: Event) {
        // Out of its place while it changes: a second owner would copy it.
        var domain = domains.removeValue(forKey: event.domain) ?? Domain()
        domain.take(event)
        domains[event.domain] = domain
    }

    /// In the order of their times; sequences are the caller's to give.
    package func events() -> [Event] {
        domains.keys.sorted().flatMap { id in domains[id]?.events(of: id) ?? [] }
            .enumerated().sorted {
                ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
            }.map(\.element)
    }
}

extension FeedState.Domain {
    fileprivate mutating func take(_ event: Event) {
        func said<Value>(_ value: Value) -> FeedState.Said<Value> {
            FeedState.Said(value: value, at: event.receivedAt, height: event.height)
        }
        let now = (at: event.receivedAt, height: event.height)
        switch event.body {
        case .venueDescribed(let description): describe(said(description))
        case .pricesPublished(let updates):
            for update in updates where update.kind != .pending {
                prices[FeedState.PriceKey(asset: update.asset, kind: update.kind)] = said(update)
            }
        case .figuresPublished(let published):
            for market in published {
                markets[market.market, default: .init()].take(market.figures, now)
            }
        case .accountsReplaced(let market, let states):
            markets[market, default: .init()].replace(states, now)
        case .accountsPaged(let market, let page):
            markets[market, default: .init()].take(page, now)
        case .accountsChanged(let market, let changed, let removed):
            markets[market, default: .init()].change(changed, removed: removed, now)
        case .depthPublished(let books): for book in books { depth[book.asset] = said(book) }
        case .flashPoolsPublished(let pools):
            for pool in pools { flashPools[pool.asset] = said(pool) }
        case .balancesReported(let amounts): balances = said(amounts)
        case .reserveReported(let amounts): reserve = said(amounts)
        case .chainReported(let news): chain = said(news)
        case .callCostReported: callCost = said(event.body)
        case .marketSwitched(let change): switches[change.market] = said(change)
        case .gapDetected(let market): markets[market, default: .init()].hasGap = true
        case .reorganised:
            // Accounts of heights that are gone wait for a snapshot, as they did when it happened.
            for market in markets.keys.sorted() { markets[market]?.hasGap = true }
        default: break
        }
    }

    /// A market whose terms changed is another one: its accounts have to come again.
    private mutating func describe(_ new: FeedState.Said<VenueDescription>) {
        guard !new.value.markets.isEmpty || venue == nil else { return }
        for terms in new.value.markets {
            let known = venue?.value.markets.first { $0.market == terms.market }
            if known != terms { markets[terms.market] = nil }
        }
        venue = new
    }

    fileprivate func events(of domain: DomainID) -> [Event] {
        var events: [Event] = []
        func add(_ at: Instant, _ height: UInt64, _ body: EventBody) {
            events.append(
                Event(sequence: 0, domain: domain, receivedAt: at, height: height, body: body))
        }
        func addAll<Value>(_ said: [FeedState.Said<Value>], _ body: ([Value]) -> EventBody) {
            for (moment, group) in Self.byMoment(said) {
                add(moment.at, moment.height, body(group))
            }
        }
        for (market, state) in markets.sorted(by: { $0.key < $1.key }) {
            if let said = state.figuresAt {
                let figures = MarketFigures(market: market, figures: state.figures)
                add(said.at, said.height, .figuresPublished([figures]))
            }
            if let said = state.accountsAt {
                for body in state.accountBodies(of: market) { add(said.at, said.height, body) }
                if state.hasGap || state.pages != nil {
                    add(said.at, said.height, .gapDetected(market))
                }
            }
        }
        addAll(prices.sorted { $0.key < $1.key }.map(\.value)) { .pricesPublished($0) }
        addAll(depth.sorted { $0.key < $1.key }.map(\.value)) { .depthPublished($0) }
        addAll(flashPools.sorted { $0.key < $1.key }.map(\.value)) { .flashPoolsPublished($0) }
        for (_, change) in switches.sorted(by: { $0.key < $1.key }) {
            add(change.at, change.height, .marketSwitched(change.value))
        }
        if let balances { add(balances.at, balances.height, .balancesReported(balances.value)) }
        if let reserve { add(reserve.at, reserve.height, .reserveReported(reserve.value)) }
        if let chain { add(chain.at, chain.height, .chainReported(chain.value)) }
        if let callCost { add(callCost.at, callCost.height, callCost.value) }
        guard let venue else { return events }
        // Nothing can be said of a market before it is described.
        let first = events.map(\.receivedAt).min().map { min($0, venue.at) } ?? venue.at
        return [
            Event(
                sequence: 0, domain: domain, receivedAt: first, height: venue.height,
                body: .venueDescribed(venue.value))
        ] + events
    }

    private static func byMoment<Value>(
        _ said: [FeedState.Said<Value>]
    ) -> [(moment: (at: Instant, height: UInt64), values: [Value])] {
        var groups: [(moment: (at: Instant, height: UInt64), values: [Value])] = []
        for one in said {
            let place = groups.firstIndex { $0.moment == (one.at, one.height) }
            if let place {
                groups[place].values.append(one.value)
            } else {
                groups.append(((one.at, one.height), [one.value]))
            }
        }
        return groups
    }
}

extension FeedState.PriceKey: Comparable {
    fileprivate static func < (left: Self, right: Self) -> Bool {
        (left.asset, left.kind.rawValue) < (right.asset, right.kind.rawValue)
    }
}

extension FeedState.Market {
    fileprivate mutating func take(_ changed: [MarketFigure], _ now: (Instant, UInt64)) {
        figures = figures.updated(by: changed)
        figuresAt = now
    }

    fileprivate mutating func replace(_ states: [AccountState], _ now: (Instant, UInt64)) {
        accounts = Dictionary(states.map { ($0.account, $0) }) { $1 }
        (pages, hasGap, accountsAt) = (nil, false, now)
    }

    fileprivate mutating func take(_ page: AccountPage, _ now: (Instant, UInt64)) {
        if page.number == 0 { pages = [:] }
        for state in page.states { pages?[state.account] = state }
        guard page.isLast, let pages else { return }
        replace(Array(pages.values), now)
    }

    fileprivate mutating func change(
        _ changed: [AccountState], removed: [AccountID], _ now: (Instant, UInt64)
    ) {
        for account in removed { accounts[account] = nil }
        for state in changed { accounts[state.account] = state }
        if accountsAt != nil { accountsAt = now }
    }

    fileprivate func accountBodies(of market: MarketID) -> [EventBody] {
        let states = accounts.values.sorted { $0.account < $1.account }
        let size = FeedState.accountsPerPage
        guard states.count > size else { return [.accountsReplaced(market, states)] }
        let starts = stride(from: 0, to: states.count, by: size)
        return starts.enumerated().map { number, start in
            .accountsPaged(
                market,
                AccountPage(
                    number: UInt64(number), isLast: start + size >= states.count,
                    states: Array(states[start..<min(start + size, states.count)])))
        }
    }
}
