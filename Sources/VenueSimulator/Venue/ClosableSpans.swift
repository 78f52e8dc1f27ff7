package import KeeperModel

/// From which height to which each account could be closed, by the rules and asked one by one: what
/// a keeper that missed nobody must have said something about. Kept only for whoever asks for it,
/// and as long as the venue runs: it grows with every account that crosses its line.
package struct ClosableSpans: Sendable {
    package struct Span: Hashable, Sendable {
        package let market: MarketID
        package let account: AccountID
        package let firstHeight: UInt64
        /// The last height at which it could be closed when prices had come.
        package let lastHeight: UInt64
    }

    /// In the order in which they ended.
    package private(set) var ended: [Span] = []
    private var open: [Place: UInt64] = [:]

    private struct Place: Hashable, Comparable {
        let market: MarketID
        let account: AccountID

        static func < (left: Place, right: Place) -> Bool {
            (left.market, left.account) < (right.market, right.account)
        }
    }

    package init() {}

    /// To be called at every height, once its prices are there.
    package mutating func note(_ venue: ReferenceVenue) {
        var closable: [Place: UInt64] = [:]
        for (market, account) in venue.closable() {
            let place = Place(market: market, account: account)
            closable[place] = open[place] ?? venue.height
        }
        for place in open.keys.sorted() where closable[place] == nil {
            guard let firstHeight = open[place] else { continue }
            ended.append(
                Span(
                    market: place.market, account: place.account, firstHeight: firstHeight,
                    lastHeight: venue.height - 1))
        }
        open = closable
    }

    /// All of them, those that still last up to this height.
    package func all(upTo height: UInt64) -> [Span] {
        ended
            + open.keys.sorted().compactMap { place in
                open[place].map {
                    Span(
                        market: place.market, account: place.account, firstHeight: $0,
                        lastHeight: height)
                }
            }
    }
}
