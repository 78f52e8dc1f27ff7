package import KeeperModel
package import KeeperRuntime
package import VenueSimulator
import WideMath

/// The present book and the bars of prices that led to it, from a recording until a time or from a
/// scenario until a height.
package struct StressOpening: Sendable {
    package private(set) var book = StandingBook()
    package private(set) var bars: PriceBars
    /// What the fund holds, where whoever told of the book also told of that.
    package private(set) var fundUnits: Int64?

    /// Everything that was heard until then; all of it where no time is given.
    package init(
        _ source: BacktestPass.Source, until end: Instant?, barSpan: TimeSpan
    ) throws(KeeperStop) {
        let end = end ?? Instant(nanoseconds: .max)
        var (heard, moved) = (StandingBook(), PriceBars(span: barSpan))
        try source.eachLetter { letter throws(KeeperStop) in
            guard letter.receivedAt <= end else { return false }
            heard.take(letter.body, at: letter.receivedAt)
            moved.take(letter.body, at: letter.receivedAt)
            return true
        }
        (book, bars) = (heard, moved)
    }

    /// The scenario's venue, at which nobody closes anything until then.
    package init(_ scenario: Scenario, untilHeight height: UInt64, barSpan: TimeSpan) {
        bars = PriceBars(span: barSpan)
        fundUnits = scenario.fundUnits
        var venue = ReferenceVenue(scenario: scenario, openedAt: Instant(nanoseconds: 0))
        take(.venueDescribed(venue.description), at: venue.openedAt)
        takeHeight(of: venue)
        while venue.height < min(height, scenario.heightCount) {
            venue.advance(to: venue.nextHeightAt)
            takeHeight(of: venue)
        }
        for market in scenario.markets {
            take(
                .accountsReplaced(market, venue.snapshot(of: market) ?? []), at: venue.world.now)
        }
    }

    private mutating func takeHeight(of venue: ReferenceVenue) {
        let channels = venue.channels
        let now = venue.world.now
        if let prices = channels.prices.newest { take(.pricesPublished(prices.payload), at: now) }
        if let news = channels.figures.newest { take(.figuresPublished(news.payload), at: now) }
        if let depth = channels.depth.newest { take(.depthPublished(depth.payload), at: now) }
        if let pools = channels.flashPools.newest {
            take(.flashPoolsPublished(pools.payload), at: now)
        }
    }

    private mutating func take(_ body: EventBody, at instant: Instant) {
        book.take(body, at: instant)
        bars.take(body, at: instant)
    }

    /// Those whose prices move; the quote currency is worth itself.
    package var assets: [AssetID] {
        (book.description?.assets ?? []).map(\.asset).sorted()
    }

    package func estimate() throws(KeeperStop) -> MoveEstimate {
        guard let estimate = MoveEstimate(bars, of: assets) else {
            let count = bars.moves(of: assets).count
            throw KeeperStop(
                .recording,
                "\(count) moves of a bar of \(bars.span.milliseconds) ms are known by then, and "
                    + "volatility and correlation need \(MoveEstimate.moveCountMin): give a longer "
                    + "recording, a later --at, or a shorter --bar")
        }
        return estimate
    }
}
