import KeeperModel
import VenueSimulator

/// What stands at the stage between two words of history: accounts as they are without anybody's
/// closes, and the figures that time alone changes: interest on debts, and the clock that auctions
/// fall by.
struct StageWorld: Sendable {
    private(set) var venue: ReferenceVenue
    private let openedAt: Instant
    private var movedAt: Instant
    /// The figures of each market as they were told last.
    private var said: [MarketID: [MarketFigure]] = [:]

    init(_ venue: ReferenceVenue, openedAt: Instant) {
        self.venue = venue
        (self.openedAt, movedAt) = (openedAt, openedAt)
        _ = news()
    }

    /// The figures that have changed since they were last told. Seconds are whole ones since the
    /// opening, so that none is lost between two instants.
    mutating func advance(to instant: Instant) -> [MarketFigures] {
        let second: Int64 = 1_000_000_000
        let passed = (instant - openedAt).nanoseconds / second
        let before = (movedAt - openedAt).nanoseconds / second
        movedAt = max(movedAt, instant)
        let quote = venue.scenario.quote.asset
        venue.grow { hosted in
            Growth(
                quote: quote, ratePpmPerYear: hosted.borrowRatePpmPerYear,
                sinceOpeningSeconds: UInt64(clamping: passed),
                sinceLastSeconds: UInt64(clamping: passed - before),
                nowSeconds: UInt64(clamping: instant.nanoseconds / second))
        }
        return news()
    }

    mutating func stand(at instant: Instant, under updates: [PriceUpdate]) {
        venue.stand(at: instant, under: updates)
    }

    mutating func populate(_ market: MarketID, with states: [AccountState]) {
        venue.populate(market, with: states)
    }

    /// What an owner did; the account as it is afterwards, and what that changed besides.
    mutating func serve(
        _ act: CustomerAct, account: AccountID, of market: MarketID, sharePpm: UInt64
    ) -> (state: AccountState, figures: [MarketFigures])? {
        guard venue.serve(act, account: account, of: market, sharePpm: sharePpm),
            let state = venue.accounts[market]?[account]
        else { return nil }
        return (state, news())
    }

    private mutating func news() -> [MarketFigures] {
        (venue.channels.figures.newest?.payload ?? []).compactMap { published in
            let known = said[published.market] ?? []
            let changed = published.figures.filter { !known.contains($0) }
            guard !changed.isEmpty else { return nil }
            said[published.market] = published.figures
            return MarketFigures(market: published.market, figures: changed)
        }
    }
}
