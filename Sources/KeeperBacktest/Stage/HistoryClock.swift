import KeeperModel
import VenueSimulator

/// What time alone changes at the stage: interest on debts, and the clock that auctions fall by.
struct HistoryClock: Sendable {
    private struct Market: Sendable {
        let ratePpmPerYear: UInt64
        var host: any HostedMarket
        /// As it was told last.
        var said: [MarketFigure]
    }

    private let quote: AssetID
    private let openedAt: Instant
    private var movedAt: Instant
    private var markets: [(name: MarketID, market: Market)]

    init(_ venue: ReferenceVenue, openedAt: Instant) {
        quote = venue.scenario.quote.asset
        (self.openedAt, movedAt) = (openedAt, openedAt)
        let told = venue.channels.figures.newest?.payload ?? []
        markets = venue.scenario.hosted.compactMap { hosted in
            let name = hosted.terms.market
            guard let host = venue.markets[name] else { return nil }
            let said = told.first { $0.market == name }?.figures ?? []
            return (
                name,
                Market(ratePpmPerYear: hosted.borrowRatePpmPerYear, host: host, said: said)
            )
        }
    }

    /// The figures that have changed since they were last told. Seconds are whole ones since the
    /// opening, so that none is lost between two instants.
    mutating func advance(to instant: Instant) -> [MarketFigures] {
        let second: Int64 = 1_000_000_000
        let passed = (instant - openedAt).nanoseconds / second
        let before = (movedAt - openedAt).nanoseconds / second
        movedAt = max(movedAt, instant)
        var published: [MarketFigures] = []
        for index in markets.indices {
            let grown = markets[index].market.host.grown(
                Growth(
                    quote: quote, ratePpmPerYear: markets[index].market.ratePpmPerYear,
                    sinceOpeningSeconds: UInt64(clamping: passed),
                    sinceLastSeconds: UInt64(clamping: passed - before),
                    nowSeconds: UInt64(clamping: instant.nanoseconds / second)))
            let news = grown.filter { !markets[index].market.said.contains($0) }
            guard !news.isEmpty else { continue }
            markets[index].market.host.take(news)
            markets[index].market.said = markets[index].market.said.updated(by: news)
            published.append(MarketFigures(market: markets[index].name, figures: news))
        }
        return published
    }
}
