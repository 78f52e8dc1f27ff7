import KeeperFeeds
import KeeperModel
import KeeperTransport
import Testing
import WideMath

/// Two exchanges and a document of its own, asked once a second, in a time that a test moves.
final class FeedRig {
    static let start = Instant(milliseconds: 1_700_000_000_000)
    private(set) var letters: [FeedLetter] = []
    private(set) var changes: [Bool] = []
    let carrier: SimulatedCarrier
    private var feed: PriceFeed?

    static let bodies = [
        "feed-a": Sample.binance(), "feed-b": Sample.kraken(), "feed-c": #"{"p":"1712.3"}"#,
    ]

    init(
        quorum: Int = 2,
        _ fate: @escaping (SimulatedCarrier.Sent) -> SimulatedCarrier.Fate? = { _ in nil }
    ) throws {
        let carrier = SimulatedCarrier(from: Self.start) { sent in
            fate(sent) ?? .reply(200, Self.bodies[sent.endpoint.text] ?? "")
        }
        self.carrier = carrier
        let providers: [(String, PriceProvider)] = [
            ("a", .binance(symbol: "ETHUSDT")), ("b", .kraken(pair: "ETHUSD")),
            ("c", .json(JSONPriceForm(path: "/x", price: .at(try pointer("/p"))))),
        ]
        let sources = try providers.map { name, provider in
            PriceSource(
                name: name, provider: provider,
                endpoint: try Endpoint(
                    name: EndpointName("feed-" + name), baseURL: "http://127.0.0.1:1"),
                interval: .seconds(1))
        }
        let rule = BlendRule(quorum: quorum, ageMax: .seconds(5), deviationMaxPpm: 10_000)
        let feed = PriceFeed(
            domain: DomainID("venue"),
            feeds: [
                AssetFeed(
                    asset: AssetID("ETH"), units: PriceUnits(quoteDecimals: 6), rule: rule,
                    whenLost: .refuse, sources: sources)
            ], carrier: carrier, sink: { [weak self] in self?.letters.append($0) })
        feed.onChange = { [weak self] in self?.changes.append($0.state.isAgreed) }
        self.feed = feed
        feed.start()
    }

    func run(milliseconds: Int64) { carrier.advance(by: .milliseconds(milliseconds)) }
    func stop() { feed?.stop() }

    var standing: PriceStanding? { feed?.standings.first }

    func tally(_ name: String) -> SourceTally? {
        feed?.tallies.first { $0.name == name }?.tally
    }

    /// The prices that were handed on.
    var updates: [PriceUpdate] {
        letters.flatMap { letter -> [PriceUpdate] in
            guard case .pricesPublished(let updates) = letter.body else { return [] }
            return updates
        }
    }
}

@Suite struct PriceFeedTests {
    @Test func `what a quorum agrees on is handed on as a price of the market`() throws {
        let rig = try FeedRig()
        rig.run(milliseconds: 10)
        // Binance's middle, then half way to Kraken's, then the one in the middle of three.
        #expect(rig.updates.map(\.price.description) == ["1712150000", "1712250000"])
        #expect(rig.updates.allSatisfy { $0.kind == .market && $0.asset == AssetID("ETH") })
        #expect(rig.letters.allSatisfy { $0.height == 0 })
        #expect(rig.changes == [true])
        rig.run(milliseconds: 10_000)
        #expect((28...36).contains(rig.updates.count), "\(rig.updates.count)")
        let rounds = rig.updates.map(\.round)
        #expect(zip(rounds, rounds.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `a lost quorum hands nothing on, is told once, and comes back`() throws {
        let rig = try FeedRig { sent in
            let second = sent.at.nanoseconds / 1_000_000_000
            guard (10..<30).contains(second), sent.endpoint.text != "feed-a" else { return nil }
            return .failure(.refusedConnection, mayHaveBeenSent: false)
        }
        rig.run(milliseconds: 16_500)
        let count = rig.updates.count
        let last = try #require(rig.updates.last)
        rig.run(milliseconds: 10_000)
        #expect(rig.updates.count == count, "nothing is made up")
        let standing = try #require(rig.standing)
        #expect(standing.state == .lost(.tooFew(freshCount: 1, quorum: 2)))
        #expect(standing.price == last, "held as it was, with its age")
        rig.run(milliseconds: 20_000)
        #expect(rig.updates.count > count)
        #expect(rig.changes == [true, false, true])
    }

    @Test func `a source that lies is left out, and does not stop the others`() throws {
        let rig = try FeedRig { sent in
            sent.endpoint.text == "feed-c" ? .reply(200, #"{"p":"9999"}"#) : nil
        }
        rig.run(milliseconds: 5_000)
        #expect(Set(rig.updates.map(\.price.description)) == ["1712150000"])
    }

    @Test func `after it is stopped a feed asks nothing and hands nothing on`() throws {
        let rig = try FeedRig()
        rig.run(milliseconds: 3_000)
        rig.stop()
        let (asked, said) = (rig.carrier.sent.count, rig.letters.count)
        rig.run(milliseconds: 10_000)
        #expect(rig.carrier.sent.count == asked)
        #expect(rig.letters.count == said)
        #expect(rig.carrier.requestsOpen == 0)
    }

    @Test func `the same script gives the same letters`() throws {
        let run = {
            let rig = try FeedRig { sent in
                // One failure at a time: a longer row of them is spread by chance.
                sent.at.nanoseconds / 1_000_000_000 % 4 == 1 ? .failure(.reset) : nil
            }
            rig.run(milliseconds: 30_000)
            return rig.letters
        }
        let letters = try run()
        #expect(letters.count > 50)
        #expect(letters == (try run()))
    }
}

/// Faults of the way to a source of prices. In each the source has its trouble counted by name, is
/// left alone for a while, and the others go on without it.
@Suite struct FeedFaultRowTests {
    /// The first source fails so for as long as the test lasts.
    private func rig(_ fate: SimulatedCarrier.Fate) throws -> FeedRig {
        let rig = try FeedRig { $0.endpoint.text == "feed-a" ? fate : nil }
        rig.run(milliseconds: 60_000)
        return rig
    }

    private func expect(
        _ rig: FeedRig, _ kind: PriceRefusal.Kind, askedAtMost: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let asked = rig.carrier.sent.count { $0.endpoint.text == "feed-a" }
        guard let tally = rig.tally("a") else {
            Issue.record("the source is there", sourceLocation: sourceLocation)
            return
        }
        #expect(tally.priceCount == 0, sourceLocation: sourceLocation)
        #expect(tally.count(of: kind) == tally.refusalCount, sourceLocation: sourceLocation)
        #expect(tally.refusalCount > 0, sourceLocation: sourceLocation)
        #expect((2...askedAtMost).contains(asked), "\(asked)", sourceLocation: sourceLocation)
        #expect(rig.updates.count > 100, "the others go on", sourceLocation: sourceLocation)
        #expect(
            Set(rig.updates.map(\.price.description)) == ["1712275000"],
            "and nothing of the failing one is in the price", sourceLocation: sourceLocation)
        #expect(
            rig.standing?.state == .agreed(sourceCount: 2), sourceLocation: sourceLocation)
    }

    @Test func `row 17: a source that refuses is asked less, and the others make the price`() throws
    {
        expect(
            try rig(.failure(.refusedConnection, mayHaveBeenSent: false)), .transport,
            askedAtMost: 20)
    }

    @Test func `row 18: a source that says nothing meets its deadline`() throws {
        expect(try rig(.silence), .transport, askedAtMost: 12)
    }

    @Test func `row 19: a source that drips is given up`() throws {
        expect(try rig(.failure(.tooSlow, after: .seconds(3))), .transport, askedAtMost: 16)
    }

    @Test(arguments: [TransportError.Kind.cutShort, .badEncoding, .reset, .tooLarge])
    func `row 20: half a reply is no price`(kind: TransportError.Kind) throws {
        expect(try rig(.failure(kind)), .transport, askedAtMost: 20)
    }

    @Test(arguments: [
        ("", PriceRefusal.Kind.malformed), ("null", .unexpected), ("<html>", .malformed),
        ("0x", .malformed), (#"{"code":-1,"msg":"x"}"#, .refusedBySource), ("{}", .unexpected),
    ])
    func `row 21: a 200 that says nothing is counted and is no price of nothing`(
        body: String, kind: PriceRefusal.Kind
    ) throws {
        expect(try rig(.reply(200, body)), kind, askedAtMost: 20)
    }

    @Test func `row 22: a source that has too much is asked less, and no sooner than it says`()
        throws
    {
        expect(try rig(.reply(429, "")), .rateLimited, askedAtMost: 20)
        expect(try rig(.reply(503, "")), .refusedBySource, askedAtMost: 20)
        let told = try rig(.reply(429, "", headers: [HeaderField("retry-after", "20")]))
        expect(told, .rateLimited, askedAtMost: 4)
        let times = told.carrier.sent.filter { $0.endpoint.text == "feed-a" }.map(\.at)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= .seconds(20) })
    }

    @Test func `row 23: a source that stands still answers, and is as old as its price`() throws {
        let text = #"{"p":"1712.3","t":1700000000}"#
        let form = JSONPriceForm(
            path: "/x", price: .at(try pointer("/p")), time: .init(try pointer("/t"), .seconds))
        let carrier = SimulatedCarrier(from: FeedRig.start) { _ in .reply(200, text) }
        let source = PriceSource(
            name: "still", provider: .json(form),
            endpoint: try Endpoint(
                name: EndpointName("feed-still"), baseURL: "http://127.0.0.1:1"),
            interval: .seconds(1))
        var letters: [FeedLetter] = []
        let feed = PriceFeed(
            domain: DomainID("venue"),
            feeds: [
                AssetFeed(
                    asset: AssetID("ETH"), units: PriceUnits(quoteDecimals: 6),
                    rule: BlendRule(quorum: 1, ageMax: .seconds(5), deviationMaxPpm: 10_000),
                    whenLost: .refuse, sources: [source])
            ], carrier: carrier, sink: { letters.append($0) })
        feed.start()
        carrier.advance(by: .seconds(30))
        #expect((4...6).contains(letters.count), "\(letters.count): only while it was young")
        #expect(feed.standings.first?.state == .lost(.tooFew(freshCount: 0, quorum: 1)))
        #expect(carrier.sent.count > 20, "it went on answering")
    }
}
