import KeeperCodec
import KeeperModel
import WideMath

/// Who is asked for a price, and for what.
package enum PriceProvider: Hashable, Sendable {
    /// Pyth's Hermes service; a feed has 32 bytes.
    case pyth(feedID: [UInt8])
    case binance(symbol: String)
    case coinbase(product: String)
    case kraken(pair: String)
    /// Anything that answers in JSON.
    case json(JSONPriceForm)

    package static let names = ["pyth", "binance", "coinbase", "kraken", "json"]

    package var name: String {
        switch self {
        case .pyth: "pyth"
        case .binance: "binance"
        case .coinbase: "coinbase"
        case .kraken: "kraken"
        case .json: "json"
        }
    }

    package var path: String {
        switch self {
        case .pyth: "/v2/updates/price/latest"
        case .binance: "/api/v3/ticker/bookTicker"
        case .coinbase: "/api/v3/brokerage/market/product_book"
        case .kraken: "/0/public/Ticker"
        case .json(let form): form.path
        }
    }

    package var query: [(name: String, value: String)] {
        switch self {
        case .pyth(let feedID):
            [("ids[]", Hex.encode(feedID)), ("encoding", "hex"), ("parsed", "true")]
        case .binance(let symbol): [("symbol", symbol)]
        case .coinbase(let product): [("product_id", product), ("limit", "1")]
        case .kraken(let pair): [("pair", pair)]
        case .json(let form): form.query.map { ($0.name, $0.value) }
        }
    }

    /// No reply of one price is longer than this by far.
    package static let replyBytesMax = 1 << 20
    private static let limits = JSONLimits(byteCountMax: replyBytesMax, depthMax: 32)

    /// What a whole reply says.
    package func read(_ body: [UInt8], status: Int) throws(PriceRefusal) -> ObservedPrice {
        let value: JSONValue
        do {
            value = try JSONValue.parse(body, limits: Self.limits)
        } catch {
            // A page of a proxy, mostly, and then the status says more.
            guard (200..<300).contains(status) else { throw Self.refusal(status) }
            throw PriceRefusal(.malformed, "\(error)")
        }
        let reader = JSONReader(value)
        switch ExchangeReply.refusal(reader, httpStatus: status) {
        case nil: break
        case .rateLimited: throw PriceRefusal(.rateLimited, "status \(status)")
        default: throw Self.refusal(status)
        }
        do {
            return try price(in: reader)
        } catch let refusal as PriceRefusal {
            throw refusal
        } catch {
            throw PriceRefusal(.unexpected, "\(error)")
        }
    }

    private static func refusal(_ status: Int) -> PriceRefusal {
        status == 429
            ? PriceRefusal(.rateLimited, "status 429")
            : PriceRefusal(.refusedBySource, "status \(status), and no price in the reply")
    }

    private func price(in reader: JSONReader) throws -> ObservedPrice {
        switch self {
        case .pyth(let feedID): try Self.pyth(reader, feedID)
        case .binance(let symbol): try Self.binance(reader, symbol)
        case .coinbase(let product): try Self.coinbase(reader, product)
        case .kraken: try Self.kraken(reader)
        case .json(let form): try form.price(in: reader)
        }
    }
}
