package import KeeperFeeds
package import KeeperModel
import KeeperRisk
package import KeeperTransport
package import VenueREST

/// How a session reaches one venue, and what is asked elsewhere about its prices.
package struct VenueWay {
    package let domain: DomainID
    package let endpoint: Endpoint
    /// Other ways to the same venue, for what only reads.
    package let mirrors: [Endpoint]
    package let priceFeeds: [AssetFeed]

    package init(
        domain: DomainID, endpoint: Endpoint, mirrors: [Endpoint] = [],
        priceFeeds: [AssetFeed] = []
    ) {
        self.domain = domain
        self.endpoint = endpoint
        self.mirrors = mirrors
        self.priceFeeds = priceFeeds
    }
}

/// One venue as a session follows it: its own feed, its own connections, its own word on whether it
/// is there. Nothing here waits for another venue.
package final class VenueLine {
    package let domain: DomainID
    package let feed: RESTFeed
    /// What assets sell for elsewhere; nil where the configuration names no source.
    package let priceFeed: PriceFeed?
    /// When something usable came last; nil before anything has.
    package private(set) var heardAt: MonotonicTime?
    private var replyCount: UInt64 = 0
    private var wonCount: UInt64 = 0

    /// Twice as long as a venue may take to answer a poll that has no news.
    package static let silenceMax = TimeSpan.seconds(30)

    /// The venue's clock is compared with this one, where somebody acts on it.
    init(
        _ way: VenueWay, reactor: Reactor, comparedWith clock: HouseClock?, sign: RequestSigning?,
        record: ExchangeRecording?, sink: @escaping (FeedLetter) -> Void
    ) {
        domain = way.domain
        let age = clock.map { clock in
            { (theirs: Instant) in clock.realSpan(of: clock.now() - theirs) }
        }
        feed = RESTFeed(
            domain: way.domain, endpoint: way.endpoint, mirrors: way.mirrors, reactor: reactor,
            sign: sign, record: record, age: age, sink: sink)
        priceFeed = PriceFeed(
            way.priceFeeds, domain: way.domain, carrier: reactor, recordExchange: record,
            sink: sink)
    }

    package var isReady: Bool { feed.isReady }

    /// Whether it said something usable lately.
    package func isHeard(at now: MonotonicTime) -> Bool {
        heardAt.map { now - $0 <= Self.silenceMax } ?? false
    }

    func start() {
        feed.start()
        priceFeed?.start()
    }

    func stop() {
        feed.stop()
        priceFeed?.stop()
    }

    func noteWhatWasHeard(at now: MonotonicTime) {
        guard feed.tally.replyCount != replyCount else { return }
        replyCount = feed.tally.replyCount
        heardAt = now
    }

    /// What a close moved is in the venue's balances now.
    func refreshBalances(after tally: KeeperTally) {
        let count = tally.wonCount(in: domain)
        guard count != wonCount else { return }
        wonCount = count
        feed.refreshBalances()
    }
}

/// Several desks as one: what is about a domain goes to the desk of that domain.
final class DeskBoard: CloseDesk {
    private let desks: [DomainID: any CloseDesk]

    init(_ desks: [DomainID: any CloseDesk]) {
        self.desks = desks
    }

    func submit(_ approved: Approved<CloseAttempt>) {
        desk(of: approved.subject.intent.plan.target).submit(approved)
    }

    func ask(_ question: Question, by deadline: Instant) {
        desk(of: question.target).ask(question, by: deadline)
    }

    func lookUp(_ target: Target, _ clientID: ClientID) {
        desk(of: target).lookUp(target, clientID)
    }

    func void(_ target: Target, _ clientID: ClientID) {
        desk(of: target).void(target, clientID)
    }

    private func desk(of target: Target) -> any CloseDesk {
        guard let desk = desks[target.domain] else {
            preconditionFailure("A run with intents of a venue that it does not know is refused")
        }
        return desk
    }
}

/// Whoever lost track of a market is given its accounts anew by the venue that it is at.
final class FeedResyncing: Resyncing {
    private let lines: [VenueLine]

    init(_ lines: [VenueLine]) {
        self.lines = lines
    }

    func resync(_ domain: DomainID, _ market: MarketID) {
        lines.first { $0.domain == domain }?.feed.resync(market)
    }
}
