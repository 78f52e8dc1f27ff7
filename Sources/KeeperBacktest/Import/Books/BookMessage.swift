import KeeperCodec
import KeeperModel
import WideMath

/// What one line of a recorded feed says of an order book. Known by their form: Binance's depth
/// updates and its snapshots (streams, combined ones, and the REST reply that begins a book),
/// Bybit's `orderbook` topics, Hyperliquid's `l2Book`.
enum BookMessage {
    case snapshot(BookWords)
    case change(BookWords)
    /// A trade, a best price, an acknowledgement: nothing of the book's levels.
    case other
}

struct BookWords {
    /// As the exchange calls what is traded, where the message says it.
    var name: String?
    /// By the exchange's clock.
    var madeAt: Instant?
    /// The first and the last of the updates that are in it. A snapshot has one.
    var firstID: UInt64?
    var lastID: UInt64?
    var bids: [DepthLevel]
    var asks: [DepthLevel]
}

/// Reads messages about one asset; decimals become integers exactly, or are refused.
struct BookMessageReading {
    private let form: BookForm

    init(_ form: BookForm) {
        self.form = form
    }

    func message(_ json: JSONReader) throws(JSONReadError) -> BookMessage {
        // Wrapped, where several streams share a connection.
        if case .object? = json.value["data"], case .string? = json.value["stream"] {
            var object = try json.object()
            return try binance(object.required("data"))
        }
        if case .string(let topic)? = json.value["topic"] {
            return topic.hasPrefix("orderbook.") ? try bybit(json) : .other
        }
        if json.value["channel"] == .string("l2Book") { return try hyperliquid(json) }
        return try binance(json)
    }

    // MARK: Exchanges

    private func binance(_ json: JSONReader) throws(JSONReadError) -> BookMessage {
        if json.value["e"] == .string("depthUpdate") {
            var object = try json.object()
            var words = try sides(&object, "b", "a")
            words.name = try object.required("s").string
            words.madeAt = try instant(object.required("E"))
            words.firstID = try object.required("U").uint64
            words.lastID = try object.required("u").uint64
            return .change(words)
        }
        guard json.value["lastUpdateId"] != nil else { return .other }
        var object = try json.object()
        var words = try sides(&object, "bids", "asks")
        words.lastID = try object.required("lastUpdateId").uint64
        return .snapshot(words)
    }

    private func bybit(_ json: JSONReader) throws(JSONReadError) -> BookMessage {
        var object = try json.object()
        let type = try object.required("type")
        var data = try object.required("data").object()
        var words = try sides(&data, "b", "a")
        words.name = try data.required("s").string
        words.madeAt = try instant(object.required("ts"))
        words.lastID = try data.required("u").uint64
        words.firstID = words.lastID
        return try type.choice(["snapshot": true, "delta": false])
            ? .snapshot(words) : .change(words)
    }

    private func hyperliquid(_ json: JSONReader) throws(JSONReadError) -> BookMessage {
        var object = try json.object()
        var data = try object.required("data").object()
        let name = try data.required("coin").string
        let madeAt = try instant(data.required("time"))
        let levels = try data.required("levels")
        let sides = try levels.array { (side) throws(JSONReadError) in
            try side.array { (level) throws(JSONReadError) in
                var level = try level.object()
                return try self.level(level.required("px"), level.required("sz"))
            }
        }
        guard sides.count == 2 else { throw levels.refused("bids and asks") }
        return .snapshot(
            BookWords(
                name: name, madeAt: madeAt, firstID: nil, lastID: nil, bids: sides[0],
                asks: sides[1]))
    }

    // MARK: Parts

    private func sides(
        _ object: inout ObjectReader, _ bids: String, _ asks: String
    ) throws(JSONReadError) -> BookWords {
        BookWords(
            bids: try levels(object.required(bids)), asks: try levels(object.required(asks)))
    }

    private func levels(_ json: JSONReader) throws(JSONReadError) -> [DepthLevel] {
        try json.array { (pair) throws(JSONReadError) in
            let both = try pair.array()
            guard both.count >= 2 else { throw pair.refused("a price and a quantity") }
            return try level(both[0], both[1])
        }
    }

    private func level(
        _ price: JSONReader, _ quantity: JSONReader
    ) throws(JSONReadError) -> DepthLevel {
        DepthLevel(
            price: try number(price, scale: form.priceDecimals, as: UInt64.self),
            quantity: try number(quantity, scale: Int(form.asset.decimals), as: UInt256.self))
    }

    private func number<Value: DecimalValue>(
        _ json: JSONReader, scale: Int, as type: Value.Type
    ) throws(JSONReadError) -> Value {
        if case .number = json.value { return try json.decimal(scale: scale, as: type) }
        return try json.quotedDecimal(scale: scale, as: type)
    }

    private func instant(_ json: JSONReader) throws(JSONReadError) -> Instant {
        // The same years as everywhere, before the product of a larger count could overflow.
        guard let milliseconds = Int64(exactly: try json.uint64), milliseconds < 1 << 43,
            RowReader.plausible.contains(Instant(milliseconds: milliseconds))
        else { throw json.refused("a time from 2009 to 2100 in ms") }
        return Instant(milliseconds: milliseconds)
    }
}
