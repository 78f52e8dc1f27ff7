package import KeeperModel
import LiquidationRules
package import WideMath

/// Everything known about one venue or chain. A domain that stalls delays no other.
package struct DomainState {
    package private(set) var description: VenueDescription?
    package private(set) var height: UInt64 = 0
    package private(set) var books: [MarketID: AnyMarketBook] = [:]
    package private(set) var depth: [AssetID: DepthBook] = [:]
    package private(set) var flashPools: [AssetID: FlashPool] = [:]
    private var pricesHeight: UInt64 = 0
    private var depthHeight: UInt64 = 0
    /// Markets whose accounts may be missing a change: nothing is planned there.
    package private(set) var uncertainMarkets: Set<MarketID> = []
    var prices: PriceBoard

    init(guards: PriceGuards) {
        prices = PriceBoard(guards: guards)
    }

    /// Takes in a feed event and returns who crossed a line because of it, by market and account.
    mutating func take(_ event: Event) -> [MarketCrossing] {
        height = max(height, event.height)
        switch event.body {
        case .venueDescribed(let description):
            describe(description)
        case .pricesPublished(let updates):
            pricesHeight = max(pricesHeight, event.height)
            return publish(updates, receivedAt: event.receivedAt)
        case .figuresPublished(let markets):
            return markets.flatMap { published in
                change(published.market) { $0.take(published.figures) }
            }
        case .accountsReplaced(let market, let states):
            uncertainMarkets.remove(market)
            return change(market) { $0.replaceAll(states) }
        case .accountsChanged(let market, let changed, let removed):
            return change(market) { $0.change(changed, removed: removed) }
        case .depthPublished(let published):
            depthHeight = max(depthHeight, event.height)
            for book in published { depth[book.asset] = book }
        case .flashPoolsPublished(let pools):
            for pool in pools { flashPools[pool.asset] = pool }
        case .gapDetected(let market):
            uncertainMarkets.insert(market)
        default:
            break
        }
        return []
    }

    /// The prices of a height are here and its books are not: a plan made between the two would
    /// sell at what things were worth a height ago. Where books stay away for longer, old ones are
    /// better than none.
    var isDepthOnItsWay: Bool { depthHeight < pricesHeight && pricesHeight - depthHeight == 1 }

    package func state(of target: Target) -> AccountState? {
        books[target.market]?.state(of: target.account)
    }

    package func healthWad(of target: Target) -> UInt256? {
        books[target.market]?.healthWad(of: target.account)
    }

    /// The eligible price of an asset, as last published.
    package func price(of asset: AssetID) -> UInt256? {
        prices[asset]?.price
    }

    package func isEligible(_ target: Target) -> Bool {
        books[target.market]?.isEligible(target.account) ?? false
    }

    func eligibleTargets(in domain: DomainID) -> [Target] {
        books.keys.sorted().flatMap { market in
            (books[market]?.eligibleAccounts ?? []).map {
                Target(domain: domain, market: market, account: $0)
            }
        }
    }

    func disagreements(in domain: DomainID) -> [Target] {
        books.keys.sorted().flatMap { market in
            (books[market]?.disagreements() ?? []).map {
                Target(domain: domain, market: market, account: $0)
            }
        }
    }

    /// A known market keeps its accounts; changed terms need a snapshot before anything is planned.
    private mutating func describe(_ new: VenueDescription) {
        for terms in new.markets where self.terms(of: terms.market) != terms {
            books[terms.market] = AnyMarketBook(terms: terms)
            uncertainMarkets.insert(terms.market)
        }
        description = new
    }

    private func terms(of market: MarketID) -> MarketTerms? {
        description?.markets.first { $0.market == market }
    }

    private mutating func publish(
        _ updates: [PriceUpdate], receivedAt: Instant
    ) -> [MarketCrossing] {
        let accepted = updates.filter { prices.accept($0, receivedAt: receivedAt) }
        guard !accepted.isEmpty else { return [] }
        return books.keys.sorted().flatMap { market in
            change(market) { $0.publish(accepted) }
        }
    }

    private mutating func change(
        _ market: MarketID, _ change: (inout AnyMarketBook) -> [Crossing]
    ) -> [MarketCrossing] {
        // Moved out and back, so that the book is changed in place and never copied.
        guard var book = books.removeValue(forKey: market) else { return [] }
        let crossings = change(&book)
        books[market] = book
        return crossings.map { MarketCrossing(market: market, crossing: $0) }
    }
}

struct MarketCrossing {
    let market: MarketID
    let crossing: Crossing
}
