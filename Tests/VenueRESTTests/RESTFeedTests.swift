import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST

/// A venue that says whatever a test wants, and a feed that listens to it.
final class ScriptedVenue {
    let reactor = Reactor()
    private let server: HTTPServer
    private(set) var feed: RESTFeed?
    private(set) var letters: [FeedLetter] = []
    private(set) var exchanges: [RawExchange] = []
    /// By path; a target that has no answer waits for ever.
    var answers: [String: [HTTPResponse]] = [:]
    private(set) var asked: [String] = []

    /// `age` is asked about the time in each reply, which is always the same.
    init(age: ((Instant) -> TimeSpan)? = nil) throws {
        let server = try HTTPServer()
        self.server = server
        _ = reactor.watch(server.pollDescriptor, .readable) { [weak self] _ in
            server.runOnce(timeoutMilliseconds: 0) { self?.answer($0) }
        }
        answers["/v1/capabilities"] = [Self.reply(#""venue":\#(Self.venue)"#)]
        answers["/v1/prices"] = [Self.entries(1, [])]
        let endpoint = try Endpoint(
            name: EndpointName("venue"), baseURL: "http://127.0.0.1:\(server.port)")
        feed = RESTFeed(
            domain: DomainID("venue"), endpoint: endpoint, reactor: reactor,
            record: { [weak self] exchange, _, _ in self?.exchanges.append(exchange) }, age: age,
            sink: { [weak self] in self?.letters.append($0) })
    }

    /// Each answer is given once.
    private func answer(_ exchange: HTTPExchange) {
        let target = exchange.request.target
        asked.append(target.rawPath + (target.rawQuery.isEmpty ? "" : "?" + target.rawQuery))
        guard var left = answers[target.path], let next = left.first else { return }
        left.removeFirst()
        answers[target.path] = left
        exchange.respond(next)
    }

    func run(_ isSo: () -> Bool) {
        feed?.start()
        let end = MonotonicTime.now() + .seconds(5)
        while !isSo(), MonotonicTime.now() < end {
            reactor.runOnce(waitingAtMost: .milliseconds(50))
        }
        #expect(isSo())
        feed?.stop()
    }

    static let accountsPath = "/v1/markets/m/accounts"

    static func reply(_ members: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, body: Array(#"{"height":5,"serverTime":"1",\#(members)}"#.utf8))
    }

    static func entries(_ sequence: UInt64, _ entries: [String]) -> HTTPResponse {
        reply(
            #""channel":"c","sequence":\#(sequence),"entries":[\#(entries.joined(separator: ","))]"#
        )
    }

    static func delta(_ sequence: UInt64, removing account: String) -> String {
        #"{"sequence":\#(sequence),"height":6,"publishedAt":"1","changed":[],"#
            + #""removed":["\#(account)"]}"#
    }

    static func snapshot(
        _ sequence: UInt64, hash: String? = nil, proof: PublishedRoot? = nil
    ) -> HTTPResponse {
        let hash = hash ?? "0x" + Hex.encode(SHA256.hash(Array(accounts.utf8)))
        let proof = proof.map { #","proof":"# + String(decoding: $0.jsonBytes, as: UTF8.self) }
        return reply(
            #""sequence":\#(sequence),"stateHash":"\#(hash)","accounts":\#(accounts)"#
                + (proof ?? ""))
    }

    static let accounts = #"[{"account":"a","version":1,"position":\#(position)}]"#

    private static let position =
        #"{"kind":"margin","side":"long","lots":"1","entryPrice":"5","marginUnits":"2"}"#

    static let marketlessVenue =
        #"{"quote":{"asset":"USD","decimals":6},"assets":[],"markets":[],"capabilities":"#
        + #"{"isAtomic":true,"hasFlash":false,"allowsPartial":true,"canVoid":true,"#
        + #""callsPerHeight":1}}"#

    static let venue =
        #"{"quote":{"asset":"USD","decimals":6},"assets":[],"markets":[{"kind":"margin","terms":"#
        + #"{"market":"m","asset":"BTC","lotStep":"1","policy":\#(policy)}}],"capabilities":"#
        + #"{"isAtomic":true,"hasFlash":false,"allowsPartial":true,"canVoid":true,"#
        + #""callsPerHeight":1}}"#

    private static let policy =
        #"{"policy":"p","version":"1","fromHeight":"0","penalty":{"basePpm":"0","slopePpm":"0","#
        + #""capPpm":"0","keeperPpm":"0","keeperMinimum":"0","keeperMinimumNotional":"0","#
        + #""windowHeights":"0","shares":{"fundPpm":"1","harmedPpm":"0","treasuryPpm":"0"}},"#
        + #""surplus":{"accountPpm":"0","fundPpm":"1","lpsPpm":"0","stakersPpm":"0"},"#
        + #""fund":{"floor":"0","target":"0","feeSharePpm":"0","overflow":{"lpsPpm":"0","#
        + #""stakersPpm":"0","treasuryPpm":"1"}},"backstops":[],"adl":{"maxPositionPpm":"0"},"#
        + #""socialise":{"maxClaimPpm":"0"}}"#
}

extension ScriptedVenue {
    var accountLetters: [String] {
        letters.compactMap { letter in
            switch letter.body {
            case .accountsReplaced(_, let states): "all:\(states.count)"
            case .accountsChanged(_, _, let removed): "gone:" + removed.map(\.text).joined()
            case .gapDetected: "gap"
            case .clocksParted(let gap): gap.map { "parted:\($0.milliseconds)" } ?? "agree"
            default: nil
            }
        }
    }
}

@Suite struct RESTFeedTests {
    private static let path = ScriptedVenue.accountsPath

    @Test func `a snapshot is followed by its deltas in order`() throws {
        let venue = try ScriptedVenue()
        venue.answers[Self.path] = [
            ScriptedVenue.snapshot(7),
            ScriptedVenue.entries(
                9, [ScriptedVenue.delta(8, removing: "x"), ScriptedVenue.delta(9, removing: "y")]),
        ]
        venue.run { venue.asked.contains(Self.path + "?after=9&wait=10000") }
        #expect(venue.accountLetters == ["all:1", "gone:x", "gone:y"])
        #expect(venue.letters.first?.height == 5)
        #expect(venue.letters.last { $0.body.isDelta }?.height == 6)
        #expect(venue.exchanges.contains { $0.path == "/v1/capabilities" })
    }

    /// A hole, a stream that is gone and a delta that cannot be read are the same: what is known is
    /// no longer exact, which is said, and made good by a snapshot.
    @Test(arguments: [
        (ScriptedVenue.entries(9, [ScriptedVenue.delta(9, removing: "x")]), FeedTrouble.gap),
        (ScriptedVenue.entries(9, []), .gap),
        (ScriptedVenue.reply(#""code":"gone""#, status: 410), .gap),
        (ScriptedVenue.entries(8, [#"{"sequence":8,"height":1}"#]), .unexpected),
        (HTTPResponse(status: 200, body: Array("not json".utf8)), .malformed),
    ])
    func `what is lost is said and fetched anew`(
        reply: HTTPResponse, trouble: FeedTrouble
    ) throws {
        let venue = try ScriptedVenue()
        venue.answers[Self.path] = [ScriptedVenue.snapshot(7), reply, ScriptedVenue.snapshot(20)]
        venue.run { venue.asked.contains(Self.path + "?after=20&wait=10000") }
        #expect(venue.accountLetters == ["all:1", "gap", "all:1"])
        #expect(venue.feed?.tally.count(of: trouble) == 1)
    }

    /// A description, prices, a snapshot too large a thing to tell the time by, and three polls.
    @Test func `row 16: that clocks part is said once, and once that they agree again`() throws {
        var ages = [TimeSpan.zero, .seconds(-6), .seconds(-3_600), .seconds(4)][...]
        let venue = try ScriptedVenue(age: { theirs in
            #expect(theirs == Instant(nanoseconds: 1))
            return ages.popFirst() ?? .zero
        })
        venue.answers["/v1/prices"] = []
        venue.answers[Self.path] =
            [ScriptedVenue.snapshot(7)]
            + (8...10).map {
                ScriptedVenue.entries($0, [ScriptedVenue.delta($0, removing: "\($0)")])
            }
        venue.run { venue.asked.contains(Self.path + "?after=10&wait=10000") }
        #expect(
            venue.accountLetters
                == ["all:1", "parted:-6000", "gone:8", "gone:9", "agree", "gone:10"])
    }

    @Test func `a failing venue is asked again and loses nothing`() throws {
        let venue = try ScriptedVenue()
        venue.answers[Self.path] = [
            ScriptedVenue.snapshot(7), HTTPResponse(status: 503), HTTPResponse(status: 503),
            ScriptedVenue.entries(8, [ScriptedVenue.delta(8, removing: "x")]),
        ]
        venue.run { venue.accountLetters.count == 2 }
        #expect(venue.accountLetters == ["all:1", "gone:x"])
        #expect(venue.feed?.tally.count(of: .status) == 2)
    }

    @Test func `accounts that are not what their hash says are dropped`() throws {
        let venue = try ScriptedVenue()
        let wrong = "0x" + String(repeating: "0", count: 64)
        venue.answers[Self.path] = [
            ScriptedVenue.snapshot(7, hash: wrong), ScriptedVenue.snapshot(8),
        ]
        venue.run { venue.accountLetters == ["all:1"] }
        #expect(venue.feed?.tally.count(of: .stateHash) == 1)
    }

    /// A hash of the rows says nothing of rows that were left out by whoever made the hash; a root
    /// that others were given too does.
    @Test func `accounts that a root does not stand for are dropped`() throws {
        let states = try [AccountState](jsonBytes: Array(ScriptedVenue.accounts.utf8))
        let salt = [UInt8](repeating: 1, count: 32)
        let root = try #require(AccountTree(states, salt: salt)).root
        let zeros = [UInt8](repeating: 0, count: 32)
        let venue = try ScriptedVenue()
        venue.answers[Self.path] = [
            ScriptedVenue.snapshot(
                7,
                proof: PublishedRoot(
                    salt: salt, root: AccountNode(hash: zeros, totals: root.totals))),
            ScriptedVenue.snapshot(
                8,
                proof: PublishedRoot(
                    salt: salt, root: AccountNode(hash: root.hash, totals: AccountTotals()))),
            ScriptedVenue.snapshot(9, proof: PublishedRoot(salt: salt, root: root)),
        ]
        venue.run { venue.accountLetters == ["all:1"] }
        #expect(venue.feed?.tally.count(of: .root) == 2)
    }

    @Test func `a resync asks for a snapshot at once`() throws {
        let venue = try ScriptedVenue()
        venue.answers[Self.path] = [ScriptedVenue.snapshot(7)]
        var isAsked = false
        venue.run {
            if !isAsked, venue.asked.contains(Self.path + "?after=7&wait=10000") {
                isAsked = true
                venue.answers[Self.path] = [ScriptedVenue.snapshot(30)]
                venue.feed?.resync(MarketID("m"))
            }
            return venue.asked.contains(Self.path + "?after=30&wait=10000")
        }
        #expect(venue.accountLetters == ["all:1", "all:1"])
    }

    @Test func `without a key it is ready without balances`() throws {
        let venue = try ScriptedVenue()
        venue.answers[Self.path] = [ScriptedVenue.snapshot(7)]
        let price =
            #"{"sequence":1,"height":5,"publishedAt":"1","prices":[{"asset":"BTC","#
            + #""kind":"eligible","price":"5","round":1,"sourceAt":"1"}]}"#
        venue.answers["/v1/prices"] = [ScriptedVenue.entries(1, [price])]
        venue.run { venue.feed?.isReady == true }
        #expect(!venue.asked.contains("/v1/balances"))
    }
}

extension EventBody {
    fileprivate var isDelta: Bool {
        if case .accountsChanged = self { true } else { false }
    }
}
