// Asks every source in its own time, and hands on one price for each asset whenever enough of them
// agree. The letters are prices of the market: they move no book, and are held against the venue's.

package import KeeperModel
package import KeeperTransport
package import WideMath

/// What a recorder wants to keep of an exchange with a source.
package struct PriceExchange {
    package let source: String
    package let target: String
    package let result: Result<Reply, TransportError>
    package let startedAt: Instant
    package let endedAt: Instant
}

/// How an asset's price stands, for people.
package struct PriceStanding: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case waiting
        case agreed(sourceCount: Int)
        /// The last price is held, with its age.
        case lost(BlendLoss)
    }

    package let asset: AssetID
    package let sourceCount: Int
    package let freshCount: Int
    package let state: State
    /// In the venue's units, with when it was made; nil before the first.
    package let price: PriceUpdate?
    package let averageUnits: UInt256?
    package let whenLost: LostPricePolicy
}

package final class PriceFeed {
    fileprivate final class Asked {
        let source: PriceSource
        let number: Int
        var request: RequestID?
        var pause: TimerID?
        var backOff = BackOff()
        var tally = SourceTally()

        init(_ source: PriceSource, number: Int) {
            self.source = source
            self.number = number
        }
    }

    fileprivate final class Followed {
        let feed: AssetFeed
        let asked: [Asked]
        var blend: PriceBlend
        var state = PriceStanding.State.waiting
        var published: PriceUpdate?

        init(_ feed: AssetFeed) {
            self.feed = feed
            asked = feed.sources.enumerated().map { Asked($0.element, number: $0.offset) }
            blend = PriceBlend(sourceCount: feed.sources.count, rule: feed.rule)
        }
    }

    private let domain: DomainID
    private let carrier: any Carrier
    private let followed: [Followed]
    private let record: ((PriceExchange) -> Void)?
    private let sink: (FeedLetter) -> Void
    private var isStopped = false
    /// Told when sources of an asset begin to agree, and when they no longer do.
    package var onChange: ((PriceStanding) -> Void)?

    package init(
        domain: DomainID, feeds: [AssetFeed], carrier: any Carrier,
        record: ((PriceExchange) -> Void)? = nil, sink: @escaping (FeedLetter) -> Void
    ) {
        self.domain = domain
        self.carrier = carrier
        followed = feeds.map { Followed($0) }
        self.record = record
        self.sink = sink
    }

    package func start() {
        for followed in followed {
            for asked in followed.asked { ask(asked, of: followed) }
        }
    }

    /// Nothing is handed on any more.
    package func stop() {
        isStopped = true
        for asked in followed.flatMap(\.asked) {
            if let request = asked.request { carrier.cancel(request) }
            if let pause = asked.pause { carrier.cancel(pause) }
        }
    }

    /// In the order of the configuration.
    package var standings: [PriceStanding] {
        let now = carrier.clock.now()
        return followed.map { standing(of: $0, at: now) }
    }

    /// What became of each source's replies.
    package var tallies: [(name: String, tally: SourceTally)] {
        followed.flatMap(\.asked).map { ($0.source.name, $0.tally) }
    }

    private func standing(of followed: Followed, at now: Instant) -> PriceStanding {
        let units = followed.feed.units
        return PriceStanding(
            asset: followed.feed.asset, sourceCount: followed.asked.count,
            freshCount: followed.blend.freshCount(at: now), state: followed.state,
            price: followed.published,
            averageUnits: followed.blend.averageE30(at: now).flatMap { units.units($0) },
            whenLost: followed.feed.whenLost)
    }
}

/// What became of one source's replies.
package struct SourceTally: Hashable, Sendable {
    package fileprivate(set) var priceCount: UInt64 = 0
    package fileprivate(set) var lastRefusal: PriceRefusal?
    private var refusals: [PriceRefusal.Kind: UInt64] = [:]

    package func count(of kind: PriceRefusal.Kind) -> UInt64 { refusals[kind] ?? 0 }
    package var refusalCount: UInt64 { refusals.values.reduce(0, +) }

    fileprivate mutating func note(_ refusal: PriceRefusal) {
        refusals[refusal.kind, default: 0] += 1
        lastRefusal = refusal
    }
}

extension PriceFeed {
    private func ask(_ asked: Asked, of followed: Followed) {
        guard !isStopped, asked.request == nil else { return }
        asked.pause = nil
        let request: ReadRequest
        do {
            request = try asked.source.request()
        } catch {
            preconditionFailure("A source's request was written once when it was read: \(error)")
        }
        let startedAt = carrier.clock.now()
        asked.request = carrier.start(request) { [weak self] result in
            guard let self else { return }
            record?(
                PriceExchange(
                    source: asked.source.name, target: request.head.target, result: result,
                    startedAt: startedAt, endedAt: carrier.clock.now()))
            asked.request = nil
            guard !isStopped else { return }
            take(result, asked, of: followed)
        }
    }

    private func take(
        _ result: Result<Reply, TransportError>, _ asked: Asked, of followed: Followed
    ) {
        let now = carrier.clock.now()
        var pause = asked.source.interval
        do throws(PriceRefusal) {
            let observed = try Self.observed(result, asked.source.provider)
            try followed.blend.take(observed, from: asked.number, at: now)
            asked.tally.priceCount += 1
            asked.backOff.reset()
        } catch {
            asked.tally.note(error)
            pause = max(pause, asked.backOff.next(), error.retryAfter ?? .zero)
        }
        // A source that fails may be what made a quorum, so the price is looked at either way.
        publish(followed, at: now)
        guard !isStopped else { return }
        asked.pause = carrier.after(pause) { [weak self] in self?.ask(asked, of: followed) }
    }

    private static func observed(
        _ result: Result<Reply, TransportError>, _ provider: PriceProvider
    ) throws(PriceRefusal) -> ObservedPrice {
        switch result {
        case .failure(let error): throw PriceRefusal(.transport, "\(error)")
        case .success(let reply):
            do throws(PriceRefusal) {
                return try provider.read(reply.body, status: reply.status)
            } catch {
                var refusal = error
                refusal.retryAfter = BackOff.asked(by: reply)
                throw refusal
            }
        }
    }

    private func publish(_ followed: Followed, at now: Instant) {
        let before = followed.state
        switch followed.blend.blend(at: now) {
        case .success(let blended):
            guard let units = followed.feed.units.units(blended.priceE30) else {
                followed.state = .lost(.outOfUnits)
                break
            }
            followed.state = .agreed(sourceCount: blended.sourceCount)
            let update = PriceUpdate(
                asset: followed.feed.asset, kind: .market, price: units,
                round: Self.round(after: followed.published, at: now), sourceAt: blended.madeAt)
            followed.published = update
            sink(
                FeedLetter(
                    domain: domain, receivedAt: now, height: 0, body: .pricesPublished([update])))
        case .failure(let loss):
            // Before anything was agreed upon there is nothing to lose.
            if followed.published != nil { followed.state = .lost(loss) }
        }
        if before.isAgreed != followed.state.isAgreed { onChange?(standing(of: followed, at: now)) }
    }

    /// Rises with every publication, over restarts too, because time does.
    private static func round(after last: PriceUpdate?, at now: Instant) -> UInt64 {
        max((last?.round ?? 0) + 1, UInt64(clamping: now.nanoseconds))
    }
}

extension PriceStanding.State {
    package var isAgreed: Bool {
        guard case .agreed = self else { return false }
        return true
    }
}
