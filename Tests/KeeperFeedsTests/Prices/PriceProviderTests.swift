import KeeperCodec
import KeeperFeeds
import KeeperModel
import Testing
import WideMath

/// Forms as the providers document them, with figures of our own.
enum Sample {
    static let feedID = [UInt8](repeating: 0xab, count: 32)
    static let feed = String(repeating: "ab", count: 32)

    static func pyth(
        price: String = "171234000000", conf: String = "85000000", expo: String = "-8",
        time: String = "1700000000", id: String = feed
    ) -> String {
        let figures = #""price":"\#(price)","conf":"\#(conf)","expo":\#(expo),"#
        let feed = #"{"id":"\#(id)","price":{\#(figures)"publish_time":\#(time)}}"#
        return #"{"binary":{"encoding":"hex","data":["00"]},"parsed":[\#(feed)]}"#
    }

    static func binance(
        bid: String = "1712.00", ask: String = "1712.10", symbol: String = "ETHUSDT"
    ) -> String {
        #"{"symbol":"\#(symbol)","bidPrice":"\#(bid)","bidQty":"3","#
            + #""askPrice":"\#(ask)","askQty":"1"}"#
    }

    static func coinbase(
        bid: String = "1712.30", ask: String = "1712.50", time: String = "2023-11-14T22:13:20.5Z",
        product: String = "ETH-USD"
    ) -> String {
        let side = { (price: String) in #"[{"price":"\#(price)","size":"0.5"}]"# }
        return
            #"{"pricebook":{"product_id":"\#(product)","bids":\#(side(bid)),"asks":\#(side(ask)),"#
            + #""time":"\#(time)"}}"#
    }

    static func kraken(bid: String = "1712.20", ask: String = "1712.30") -> String {
        let ticker =
            #"{"a":["\#(ask)","1","1.000"],"b":["\#(bid)","1","1.000"],"c":["1712.2","0.1"]}"#
        return #"{"error":[],"result":{"XETHZUSD":\#(ticker)}}"#
    }
}

/// `1712.05` in units of 10^-30.
func e30(_ text: String) throws -> UInt256 {
    let number = try #require(JSONNumber(checking: text))
    return try #require(number.decimal(scale: 30, as: UInt256.self))
}

func pointer(_ text: String) throws -> JSONPointer { try #require(JSONPointer(text)) }

@Suite struct PriceProviderTests {
    @Test func `each provider's reply becomes the price to the last digit`() throws {
        let pyth = try PriceProvider.pyth(feedID: Sample.feedID)
            .read(Array(Sample.pyth().utf8), status: 200)
        #expect(pyth.priceE30 == (try e30("1712.34")))
        #expect(pyth.halfWidthE30 == (try e30("0.85")))
        #expect(pyth.madeAt == Instant(milliseconds: 1_700_000_000_000))

        let binance = try PriceProvider.binance(symbol: "ETHUSDT")
            .read(Array(Sample.binance().utf8), status: 200)
        #expect(binance.priceE30 == (try e30("1712.05")))
        #expect(binance.halfWidthE30 == (try e30("0.05")))
        #expect(binance.madeAt == nil)

        let coinbase = try PriceProvider.coinbase(product: "ETH-USD")
            .read(Array(Sample.coinbase().utf8), status: 200)
        #expect(coinbase.priceE30 == (try e30("1712.4")))
        #expect(coinbase.madeAt == Instant(milliseconds: 1_700_000_000_500))

        let kraken = try PriceProvider.kraken(pair: "ETHUSD")
            .read(Array(Sample.kraken().utf8), status: 200)
        #expect(kraken.priceE30 == (try e30("1712.25")))
    }

    @Test func `a document of anybody's making is read by pointers and scaled`() throws {
        let text = #"{"a/b":[{"m~n":{"px":"171205","ci":12}}],"at":1700000000123}"#
        let form = JSONPriceForm(
            path: "/x", price: .at(try pointer("/a~1b/0/m~0n/px")), exponent: -2,
            halfWidth: try pointer("/a~1b/0/m~0n/ci"),
            time: .init(try pointer("/at"), .milliseconds))
        let price = try PriceProvider.json(form).read(Array(text.utf8), status: 200)
        #expect(price.priceE30 == (try e30("1712.05")))
        #expect(price.halfWidthE30 == (try e30("0.12")))
        #expect(price.madeAt == Instant(milliseconds: 1_700_000_000_123))
    }

    @Test(
        arguments: [
            ("s", "1700000000", 1_700_000_000_000_000_000),
            ("ms", "\"1700000000123\"", 1_700_000_000_123_000_000),
            ("us", "1700000000123456", 1_700_000_000_123_456_000),
            ("ns", "1700000000123456789", 1_700_000_000_123_456_789),
            ("utc", "\"2023-11-14T22:13:20Z\"", 1_700_000_000_000_000_000),
            ("utc", "\"2023-11-14T22:13:20.123456789Z\"", 1_700_000_000_123_456_789),
        ] as [(String, String, Int64)])
    func `a time is read in its unit`(unit: String, time: String, nanoseconds: Int64) throws {
        let form = JSONPriceForm(
            path: "/", price: .at(try pointer("/p")),
            time: .init(try pointer("/t"), try #require(.init(rawValue: unit))))
        let text = "{\"p\":1,\"t\":\(time)}"
        let price = try PriceProvider.json(form).read(Array(text.utf8), status: 200)
        #expect(price.madeAt == Instant(nanoseconds: nanoseconds))
    }

    @Test func `a price of many places is exact, and one of too many is refused`() throws {
        let form = JSONPriceForm(path: "/", price: .at(try pointer("")))
        let read = { (text: String) in
            try PriceProvider.json(form).read(Array(text.utf8), status: 200).priceE30
        }
        #expect(try read("0.000000000000000000000000000001") == UInt256.one)
        #expect(try read("1.25e-5") == (try e30("0.0000125")))
        #expect(throws: PriceRefusal.self) { try read("0.0000000000000000000000000000001") }
    }

    /// Bad-input row 29 for sources of prices, and rows 19 to 21 for their bodies.
    @Test(arguments: BadReply.all)
    func `a reply that is no price is refused by its kind`(bad: BadReply) throws {
        let refusal = #expect(throws: PriceRefusal.self) {
            try bad.provider.read(Array(bad.text.utf8), status: bad.status)
        }
        #expect(refusal?.kind == bad.kind, "\(String(describing: refusal))")
        #expect((refusal?.detail.utf8.count ?? 0) < 300, "a detail shows no whole reply")
    }

    @Test func `any part of a reply alone is refused or is a price, and nothing traps`() throws {
        let whole = [
            (PriceProvider.pyth(feedID: Sample.feedID), Sample.pyth()),
            (.binance(symbol: "ETHUSDT"), Sample.binance()),
            (.coinbase(product: "ETH-USD"), Sample.coinbase()),
            (.kraken(pair: "ETHUSD"), Sample.kraken()),
        ]
        for (provider, text) in whole {
            let bytes = Array(text.utf8)
            for count in bytes.indices {
                #expect(throws: PriceRefusal.self) {
                    try provider.read(Array(bytes[..<count]), status: 200)
                }
            }
            for index in bytes.indices {
                var changed = bytes
                changed[index] = bytes[index] ^ 0x11
                // Either answer is right; not coming back is not.
                _ = try? provider.read(changed, status: 200)
            }
        }
    }
}

struct BadReply: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let provider: PriceProvider
    let text: String
    let status: Int
    let kind: PriceRefusal.Kind

    init(
        _ name: String, _ provider: PriceProvider, _ text: String, _ kind: PriceRefusal.Kind,
        status: Int = 200
    ) {
        testDescription = name
        self.provider = provider
        self.text = text
        self.status = status
        self.kind = kind
    }

    private static let pyth = PriceProvider.pyth(feedID: Sample.feedID)
    private static let binance = PriceProvider.binance(symbol: "ETHUSDT")
    private static let coinbase = PriceProvider.coinbase(product: "ETH-USD")
    private static let kraken = PriceProvider.kraken(pair: "ETHUSD")

    static let all = bodies + figures + refusals

    private static let bodies = [
        BadReply("nothing", binance, "", .malformed),
        BadReply("null", binance, "null", .unexpected),
        BadReply("an empty object", kraken, "{}", .unexpected),
        BadReply("an array", coinbase, "[]", .unexpected),
        BadReply("a login page", pyth, "<html>please sign in</html>", .malformed),
        BadReply("0x", binance, "0x", .malformed),
        BadReply(
            "thirty-three levels", binance, String(repeating: "[", count: 33), .malformed),
        BadReply("a key twice", binance, #"{"symbol":"ETHUSDT","symbol":"ETHUSDT"}"#, .malformed),
        BadReply("bytes behind the end", kraken, Sample.kraken() + "x", .malformed),
        BadReply(
            "an empty side", coinbase,
            Sample.coinbase().replacing(
                #"[{"price":"1712.50","size":"0.5"}]"#, with: "[]"), .notAPrice),
        BadReply("no pair", kraken, #"{"error":[],"result":{}}"#, .otherSubject),
        BadReply(
            "two pairs", kraken, #"{"error":[],"result":{"A":{},"B":{}}}"#, .otherSubject),
        BadReply("another symbol", binance, Sample.binance(symbol: "ETHBTC"), .otherSubject),
        BadReply("another product", coinbase, Sample.coinbase(product: "BTC-USD"), .otherSubject),
        BadReply(
            "another feed", pyth, Sample.pyth(id: String(repeating: "cd", count: 32)),
            .otherSubject),
        BadReply("a feed that is none", pyth, Sample.pyth(id: "abc"), .unexpected),
    ]

    private static let figures = [
        BadReply("a price of nothing", pyth, Sample.pyth(price: "0"), .notAPrice),
        BadReply("a price below nothing", pyth, Sample.pyth(price: "-5"), .notAPrice),
        BadReply(
            "a price that is a bare number", binance,
            Sample.binance().replacing(
                #""1712.00""#, with: "true"), .unexpected),
        BadReply("an exponent out of range", pyth, Sample.pyth(expo: "-33"), .unexpected),
        BadReply("an exponent beyond our places", pyth, Sample.pyth(expo: "-31"), .unexpected),
        BadReply("more than anything costs", pyth, Sample.pyth(expo: "32"), .notAPrice),
        BadReply("an exponent in quotes", pyth, Sample.pyth(expo: #""-8""#), .unexpected),
        BadReply("a time before 1970", pyth, Sample.pyth(time: "-1"), .unexpected),
        BadReply(
            "a time beyond all years", pyth, Sample.pyth(time: "9223372036854775807"), .unexpected),
        BadReply("a bid above its ask", binance, Sample.binance(bid: "2", ask: "1"), .notAPrice),
        BadReply("a bid of nothing", binance, Sample.binance(bid: "0.0"), .notAPrice),
        BadReply("a bid below nothing", kraken, Sample.kraken(bid: "-1"), .unexpected),
        BadReply("not a number", kraken, Sample.kraken(bid: "NaN"), .unexpected),
        BadReply("infinite", kraken, Sample.kraken(ask: "Infinity"), .unexpected),
        BadReply("1e400", binance, Sample.binance(ask: "1e400"), .unexpected),
        BadReply("a decimal comma", coinbase, Sample.coinbase(bid: "1712,3"), .unexpected),
        BadReply(
            "a day that is none", coinbase,
            Sample.coinbase(
                time: "2023-02-30T00:00:00Z"), .unexpected),
        BadReply(
            "a local time", coinbase,
            Sample.coinbase(
                time: "2023-11-14T22:13:20.5+01:00"), .unexpected),
    ]

    private static let refusals = [
        BadReply(
            "too many requests", binance, #"{"code":-1003,"msg":"x"}"#, .rateLimited, status: 429),
        BadReply(
            "banned for a while", binance, #"{"code":-1003,"msg":"x"}"#, .rateLimited, status: 418),
        BadReply(
            "an error that is a page", pyth, "<html>busy</html>", .refusedBySource, status: 503),
        BadReply("a limit that is a page", pyth, "slow down", .rateLimited, status: 429),
        BadReply(
            "an error with its code", binance, #"{"code":-1121,"msg":"x"}"#, .refusedBySource,
            status: 400),
        BadReply(
            "an error in a 200", kraken, #"{"error":["EQuery:Unknown asset pair"]}"#,
            .refusedBySource),
        BadReply(
            "a limit in a 200", kraken, #"{"error":["EAPI:Rate limit exceeded"]}"#, .rateLimited),
        BadReply(
            "a price with status 500", binance, Sample.binance(), .refusedBySource, status: 500),
        BadReply("a redirection", coinbase, "{}", .refusedBySource, status: 302),
    ]
}

/// Replies as they were captured. Which they are: `data/http-feeds/README.md` beside the recorded
/// data.
@Suite(.enabled(if: hasSharedReplies, "recorded replies are not here"))
struct CapturedReplyTests {
    @Test func `a captured reply of Coinbase is read to the last digit`() throws {
        let price = try PriceProvider.coinbase(product: "BTC-USD")
            .read(try sharedReply("coinbase/http_product_book.json"), status: 200)
        // The reply itself says that the middle of its market is this.
        #expect(price.priceE30 == (try e30("68923.665")))
        #expect(price.madeAt == Instant(nanoseconds: 1_775_521_739_662_782_000))
    }

    @Test func `a captured reply of Kraken is read to the last digit`() throws {
        let price = try PriceProvider.kraken(pair: "XBTUSDT")
            .read(try sharedReply("kraken/http_ticker.json"), status: 200)
        #expect(price.priceE30 == (try e30("105944.25")))
    }

    @Test func `a captured reply of Hermes is read to the last digit`() throws {
        let bytes = try sharedReply("pyth-hermes/latest_price_update_2024-05-03.json")
        let feeds = try PythPrice.list(JSONReader(try JSONValue.parse(bytes)))
        #expect(!feeds.isEmpty)
        for feed in feeds {
            let price = try PriceProvider.pyth(feedID: feed.feedID).read(bytes, status: 200)
            #expect(price.priceE30 == (try feed.price.scaled(decimals: 30)).magnitude)
            #expect(price.madeAt == Instant(milliseconds: feed.publishedAtSeconds * 1_000))
        }
    }

    @Test func `other captured replies are read by pointers`() throws {
        for (file, bid, ask, expected) in [
            ("coinbase/http_ticker.json", "/best_bid", "/best_ask", "68923.665"),
            (
                "binance/spot__http_json__ticker_24hr_response.json", "/bidPrice", "/askPrice",
                "4.000001"
            ),
            ("kraken/http_futures_tickers.json", "/tickers/0/bid", "/tickers/0/ask", "91452.75"),
        ] {
            let form = JSONPriceForm(
                path: "/", price: .between(bid: try pointer(bid), ask: try pointer(ask)))
            let price = try PriceProvider.json(form).read(try sharedReply(file), status: 200)
            #expect(price.priceE30 == (try e30(expected)), "\(file)")
        }
    }
}
