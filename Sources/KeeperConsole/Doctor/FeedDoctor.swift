import KeeperCommands
import KeeperFeeds
import KeeperModel
package import KeeperRuntime
import KeeperTransport
import WideMath

/// Asks every source of the configuration once: whether it answers, what it says, and whether those
/// of one asset agree.
package enum FeedDoctor {
    package static func findings(_ config: Config) -> [Finding] {
        config.venues.flatMap(\.feeds).flatMap { findings($0) }
    }

    private static func findings(_ feed: AssetFeed) -> [Finding] {
        let reactor = Reactor()
        var blend = PriceBlend(sourceCount: feed.sources.count, rule: feed.rule)
        var findings: [Finding] = []
        for (number, source) in feed.sources.enumerated() {
            let subject = "feed \(source.name)"
            do {
                let reply = try reply(of: source, reactor)
                let observed = try source.provider.read(reply.body, status: reply.status)
                try blend.take(observed, from: number, at: reactor.clock.now())
                let units = feed.units.units(observed.priceE30)?.description ?? "none"
                let trip = "answers in \(reply.times.roundTrip.milliseconds) ms"
                findings.append(.good(subject, "\(trip): \(feed.asset) at \(units) units"))
            } catch {
                findings.append(.warning(subject, "no price of \(feed.asset): \(error)"))
            }
        }
        switch blend.blend(at: reactor.clock.now()) {
        case .success(let price):
            findings.append(
                .good("price \(feed.asset)", "\(price.sourceCount) sources agree"))
        case .failure(let loss) where feed.whenLost == .refuse:
            let text = "\(loss); nothing would be planned that rests on it"
            findings.append(.bad("price \(feed.asset)", text, .unavailable))
        case .failure(let loss):
            findings.append(
                .warning("price \(feed.asset)", "\(loss); the venue's price stands alone"))
        }
        return findings
    }

    private static func reply(of source: PriceSource, _ reactor: Reactor) throws -> Reply {
        var outcome: Result<Reply, TransportError>?
        reactor.start(try source.request()) { outcome = $0 }
        reactor.run { outcome != nil }
        guard let outcome else {
            preconditionFailure("A reactor runs until the request has ended")
        }
        return try outcome.get()
    }
}
