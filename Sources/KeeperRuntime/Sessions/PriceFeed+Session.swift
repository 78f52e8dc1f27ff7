import KeeperCodec
package import KeeperFeeds
package import KeeperModel
package import KeeperTransport
package import VenueREST

extension PriceFeed {
    /// The feeds of a configuration; their exchanges are kept beside the venue's. Nil where there
    /// are none.
    package convenience init?(
        _ feeds: [AssetFeed], domain: DomainID, carrier: any Carrier,
        recordExchange: ExchangeRecording?, sink: @escaping (FeedLetter) -> Void
    ) {
        guard !feeds.isEmpty else { return nil }
        self.init(
            domain: domain, feeds: feeds, carrier: carrier,
            record: recordExchange.map { record in
                { exchange in
                    let path = "feed/" + exchange.source + exchange.target
                    record(
                        RawExchange(method: "GET", path: path, result: .init(exchange.result)),
                        exchange.startedAt, exchange.endedAt)
                }
            },
            sink: sink)
    }
}

extension PriceStanding {
    /// One line for people, the price in the venue's units.
    package func text(at now: Instant) -> String {
        let sources = "\(freshCount) of \(sourceCount) sources fresh"
        guard let price else { return "no price yet, \(sources)" }
        let age = (now - price.sourceAt).milliseconds
        let average = averageUnits.map { ", on average \($0)" } ?? ""
        let held = "\(price.price)\(average), made \(age) ms ago"
        switch state {
        case .waiting: return "no price yet, \(sources)"
        case .agreed(let count): return "\(held), \(count) agree, \(sources)"
        case .lost(let loss):
            let consequence = whenLost == .refuse ? "nothing rests on it" : "not checked against"
            return "lost (\(loss)): held at \(held), \(consequence)"
        }
    }
}
