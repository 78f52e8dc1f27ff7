import Glibc
package import KeeperModel
import WideMath

/// Prices of a feed at even steps of time: the last one of each bar. A bar in which nothing was
/// said at all is left out, and so is the move over it.
package struct PriceBars: Sendable {
    package let span: TimeSpan
    /// Of the newest bars, the oldest first: its number since 1970, and the last prices in it.
    private var bars: [(number: Int64, prices: [AssetID: UInt64])] = []
    private let countMax: Int

    package init(span: TimeSpan, countMax: Int = 10_000) {
        precondition(span > .zero && countMax > 1, "A bar lasts, and a move needs two")
        self.span = span
        self.countMax = countMax
    }

    package mutating func take(_ body: EventBody, at instant: Instant) {
        guard case .pricesPublished(let updates) = body else { return }
        let number = instant.nanoseconds / span.nanoseconds
        if bars.last?.number != number {
            // What is not named in this bar is as it was.
            bars.append((number, bars.last?.prices ?? [:]))
            if bars.count > countMax { bars.removeFirst(bars.count - countMax) }
        }
        for update in updates where update.kind == .eligible {
            bars[bars.count - 1].prices[update.asset] = update.price.asUInt64
        }
    }

    /// Logarithms of what each price became within one bar, a row for each bar that follows the
    /// one before and knows all of these assets.
    package func moves(of assets: [AssetID]) -> [[Double]] {
        zip(bars, bars.dropFirst()).compactMap { before, after in
            guard after.number == before.number + 1 else { return nil }
            var row: [Double] = []
            for asset in assets {
                guard let old = before.prices[asset], let new = after.prices[asset], old > 0,
                    new > 0
                else { return nil }
                row.append(log(Double(new) / Double(old)))
            }
            return row
        }
    }

    package var firstAt: Instant? {
        bars.first.map { Instant(nanoseconds: $0.number * span.nanoseconds) }
    }
}
