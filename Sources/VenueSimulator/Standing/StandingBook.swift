package import KeeperModel
package import WideMath

/// A venue as it stands at one moment, put together from what its feeds said until then: everything
/// that decides who may be closed there and what that brings.
///
/// A value that only takes things in. Whatever is asked of it later (a fall of prices, a thousand
/// paths, another law) begins from the same moment.
package struct StandingBook: Sendable {
    package private(set) var description: VenueDescription?
    package private(set) var prices: [AssetID: UInt256] = [:]
    package private(set) var figures: [MarketID: [MarketFigure]] = [:]
    package private(set) var depth: [AssetID: DepthBook] = [:]
    package private(set) var flashPools: [FlashPool] = []
    /// When the newest of it was heard; nil before anything was.
    package private(set) var at: Instant?
    private var accounts: [MarketID: [AccountID: AccountState]] = [:]
    /// Of sets that are coming in.
    private var pages: [MarketID: [AccountState]] = [:]

    package init() {}

    package mutating func take(_ body: EventBody, at instant: Instant) {
        at = max(at ?? instant, instant)
        switch body {
        case .venueDescribed(let new): description = new
        case .pricesPublished(let updates):
            for update in updates where update.kind == .eligible {
                prices[update.asset] = update.price
            }
        case .figuresPublished(let published):
            for market in published {
                figures[market.market] = (figures[market.market] ?? [])
                    .updated(by: market.figures)
            }
        case .accountsReplaced(let market, let states): replace(market, states)
        case .accountsPaged(let market, let page):
            pages[market] = (page.number == 0 ? [] : pages[market] ?? []) + page.states
            if page.isLast { replace(market, pages.removeValue(forKey: market) ?? []) }
        case .accountsChanged(let market, let changed, let removed):
            for account in removed { accounts[market]?[account] = nil }
            for state in changed { accounts[market, default: [:]][state.account] = state }
        case .depthPublished(let books): for book in books { depth[book.asset] = book }
        case .flashPoolsPublished(let pools): flashPools = pools
        default: break
        }
    }

    private mutating func replace(_ market: MarketID, _ states: [AccountState]) {
        var table: [AccountID: AccountState] = [:]
        for state in states { table[state.account] = state }
        accounts[market] = table
    }

    /// By id.
    package func states(of market: MarketID) -> [AccountState] {
        let table = accounts[market] ?? [:]
        return table.keys.sorted().compactMap { table[$0] }
    }

    package func table(of market: MarketID) -> [AccountID: AccountState] {
        accounts[market] ?? [:]
    }

    /// Whether a whole set of them was ever heard.
    package func hasAccounts(of market: MarketID) -> Bool { accounts[market] != nil }

    package var accountCount: Int {
        accounts.keys.sorted().reduce(0) { $0 + (accounts[$1]?.count ?? 0) }
    }

    /// How far below its own middle the book of an asset reaches, in ppm: where a sale of all that
    /// it takes would end. An oracle may stand elsewhere for a while. Nothing without bids.
    package func bidSpanPpm(of asset: AssetID) -> UInt64 {
        guard let book = depth[asset], let best = book.bids.first?.price,
            let worst = book.bids.last?.price
        else { return 0 }
        let ask = max(best, book.asks.first?.price ?? best)
        let middle = best + (ask - best) / 2
        guard middle > worst else { return 0 }
        return middle.dividingFullWidth((middle - worst).multipliedFullWidth(by: 1_000_000))
            .quotient
    }
}

/// Why a moment is none that a venue can be opened at.
package struct StandingProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
