import Foundation
import Glibc
import HTTPServing
import KeeperCodec
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import RoadKit
import Synchronization
import Testing

/// A keeper that is told what its collateral sells for elsewhere, by five sources that each speak
/// in their own way, over loopback.
@Suite(.onTheRoad) struct PriceFeedTests {
    @Test
    func
        `five sources make a price, a keeper heeds it and its loss, and a replay decides the same`()
        async throws
    {
        let drill = try await Drill()
        let sources = try PriceSources(clock: drill.clock)
        let config = try drill.ownConfig()
        try drill.change(
            config, #""guards": {"priceAge": "10 s", "jump": "20%"},"#, to: sources.settings)
        let keeper = try drill.keeper(
            [
                "--record", drill.folder.file("day"), "--decisions", drill.folder.file("first"),
            ], config: config)
        // Ten thousand elsewhere, two and a half here: one of the two is wrong.
        try await drill.waitForDecisions(#""reason":"prices-part""#, 1, in: "first", of: keeper)
        let agreed = { (price: JSONValue?) in
            price?.text?.contains("10000000000, ") == true
                && price?.text?.contains("5 agree, 5 of 5 sources fresh") == true
        }
        _ = try await drill.waitForAnswer("status --dry-run", config: config) {
            agreed($0["price.ETH"])
        }

        sources.fail()
        let lost = try await drill.waitForAnswer("status --dry-run", config: config) {
            $0["price.ETH"]?.text?.contains("lost (0 fresh of 5 that it takes)") == true
        }
        #expect(lost["feed.kraken"]?.text?.contains("refusedBySource") == true)
        try await drill.waitForDecisions("market: ETH", 1, in: "first", of: keeper)
        #expect(drill.folder.text(of: "keeper.err").contains("price-lost"))

        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        // Nothing that rests on ether was closed; a market that does not was left in peace.
        let won = drill.folder.text(of: "first").split(separator: "\n")
            .filter { $0.contains(#""ending":"won""#) }
        #expect(won.allSatisfy { !$0.contains("lend") }, "\(won)")

        let replay = try drill.program([
            "run", "--replay", drill.folder.file("day"), "--decisions", drill.folder.file("again"),
        ])
        #expect(try await replay.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(
            try drill.folder.bytes(of: "again") == (try drill.folder.bytes(of: "first")))
        try expectRecorded(drill.folder.file("day"))
    }

    /// What the sources said is kept beside what was made of it.
    private func expectRecorded(_ path: String) throws {
        let reader = try RecordingReader(path: path)
        var exchanges: Set<String> = []
        var rows = reader.rows(of: .exchange)
        while let row = try rows.next() {
            let exchange = try row.exchange()
            if exchange.path.hasPrefix("feed/") {
                exchanges.insert(String(exchange.path.split(separator: "/")[1]))
            }
        }
        #expect(exchanges == ["pyth", "binance", "coinbase", "kraken", "own"])
        var prices = 0
        var events = reader.rows(of: .event)
        while let row = try events.next() {
            guard case .pricesPublished(let updates) = try row.event().body else { continue }
            prices += updates.count { $0.kind == .market }
        }
        #expect(prices > 5)
    }
}

/// One server that speaks as each provider does, on the clock of venue and keeper.
private final class PriceSources: Sendable {
    private let port: UInt16

    private static let feed = String(repeating: "ab", count: 32)

    /// A server lives on the thread that made it.
    private final class Shared: Sendable {
        let isFailing = Atomic(false)
        let isStopped = Atomic(false)
        let port = Mutex<Result<UInt16, ServerProblem>?>(nil)
        let started = DispatchSemaphore(value: 0)
    }

    private let shared: Shared

    init(clock: String) throws {
        let parts = clock.split(separator: ",").compactMap { Int64($0) }
        let (origin, factor) = (parts[0], parts[1])
        let shared = Shared()
        Thread {
            do throws(ServerProblem) {
                let server = try HTTPServer()
                shared.port.withLock { $0 = .success(server.port) }
                shared.started.signal()
                while !shared.isStopped.load(ordering: .relaxed) {
                    server.runOnce(timeoutMilliseconds: 20) { exchange in
                        let real = Int64(Date().timeIntervalSince1970 * 1_000)
                        let now = origin + (real - origin) * factor
                        let isFailing = shared.isFailing.load(ordering: .relaxed)
                        exchange.respond(
                            isFailing
                                ? HTTPResponse(status: 503, body: Array("busy".utf8))
                                : Self.answer(exchange.request.target.path, now))
                    }
                }
            } catch {
                shared.port.withLock { $0 = .failure(error) }
                shared.started.signal()
            }
        }.start()
        shared.started.wait()
        self.shared = shared
        port = try shared.port.withLock { try $0?.get() ?? 0 }
    }

    deinit { shared.isStopped.store(true, ordering: .relaxed) }

    func fail() { shared.isFailing.store(true, ordering: .relaxed) }

    /// What stands in the configuration instead of its guards.
    var settings: String {
        let source = { (name: String, kind: String, rest: String) in
            """
            {"name": "\(name)", "kind": "\(kind)", "url": "http://127.0.0.1:\(self.port)",
             "every": "200 ms", \(rest)}
            """
        }
        let sources = [
            source("pyth", "pyth", #""feed": "\#(Self.feed)""#),
            source("binance", "binance", #""symbol": "ETHUSDT""#),
            source("coinbase", "coinbase", #""product": "ETH-USD""#),
            source("kraken", "kraken", #""pair": "ETHUSD""#),
            source("own", "json", #""path": "/own", "price": "/data/0/px", "exponent": -2"#),
        ].joined(separator: ", ")
        return """
            "guards": {"priceAge": "10 s", "jump": "20%",
                "parting": {"above": "50%", "then": "skip", "holdFor": "60 s"}},
            "feeds": [{"asset": "ETH", "quorum": 5, "age": "8 s", "deviation": "1%",
                "whenLost": "refuse", "sources": [\(sources)]}],
            """
    }

    private static func answer(_ path: String, _ now: Int64) -> HTTPResponse {
        let body: String
        switch path {
        case "/v2/updates/price/latest":
            let price =
                #"{"price":"1000000000000","conf":"1000","expo":-8,"publish_time":\#(now / 1_000)}"#
            body = #"{"binary":{},"parsed":[{"id":"\#(feed)","price":\#(price)}]}"#
        case "/api/v3/ticker/bookTicker":
            body = #"{"symbol":"ETHUSDT","bidPrice":"9999.5","askPrice":"10000.5"}"#
        case "/api/v3/brokerage/market/product_book":
            let second = UTCText.text(Instant(milliseconds: now))
            let sides = #""bids":[{"price":"9999"}],"asks":[{"price":"10001"}]"#
            body = #"{"pricebook":{"product_id":"ETH-USD",\#(sides),"time":"\#(second)"}}"#
        case "/0/public/Ticker":
            body = #"{"error":[],"result":{"XETHZUSD":{"a":["10001"],"b":["9999"],"c":["1"]}}}"#
        default: body = #"{"data":[{"px":1000000}]}"#
        }
        return HTTPResponse(status: 200, body: Array(body.utf8))
    }
}
