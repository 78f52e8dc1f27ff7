package import KeeperFeeds
package import KeeperModel
package import KeeperRuntime
import WideMath

/// What assets were worth when, from imported recordings of prices: by the last price that was
/// known at an instant, if it is not older than two days.
package struct PriceTable {
    /// Digits behind the point to which all prices are brought.
    static let places = 18
    private static let ageMax = TimeSpan.seconds(2 * 86_400)

    private var known: [AssetID: [(at: Instant, price: UInt256)]] = [:]
    /// Worth one of itself.
    private let quote: AssetID

    package init(quote: AssetID) {
        self.quote = quote
    }

    package mutating func take(
        _ recording: RecordingReader, path: String
    ) throws(KeeperStop) {
        var provenance: ImportProvenance?
        do {
            provenance = try ImportProvenance(recording.header)
        } catch {
            throw KeeperStop(.recording, "\(path): says not what was imported: \(error)")
        }
        guard let decimals = provenance?.priceDecimals, decimals <= Self.places else {
            throw KeeperStop(.recording, "\(path): is no imported recording of prices")
        }
        var scale = UInt256.one
        for _ in decimals..<Self.places { scale = scale * UInt256(10) }
        var source = EventSource(recording, path: path)
        while let event = try source.next() {
            guard case .pricesPublished(let updates) = event.body else { continue }
            for update in updates {
                // What does not fit is no price of anything, and refused as such.
                guard let price = try? update.price.checkedMultiply(scale) else {
                    throw KeeperStop(.recording, "\(path): \(update.price) is no price")
                }
                known[update.asset, default: []].append((event.receivedAt, price))
            }
        }
    }

    /// Units of the quote for a whole token, times 10^18; nil where nobody knew.
    func price(of asset: AssetID, at instant: Instant) -> UInt256? {
        guard asset != quote else { return UInt256(1_000_000_000_000_000_000) }
        guard let prices = known[asset] else { return nil }
        // The first that came later.
        var (low, high) = (0, prices.count)
        while low < high {
            let middle = (low + high) / 2
            if prices[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        guard low > 0, instant - prices[low - 1].at <= Self.ageMax else { return nil }
        return prices[low - 1].price
    }
}
