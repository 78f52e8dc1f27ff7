package import WideMath

/// What public feeds of exchanges and indexers answer. Prices are text, and become integers with
/// eight places.
package enum ExchangeReply {
    static let decimals = 8

    /// Why a reply is no answer, whatever the status of the reply says: Kraken and GraphQL servers
    /// refuse with 200. Nil where it is one.
    package static func refusal(_ reader: JSONReader, httpStatus: Int) -> RPCErrorClass? {
        if httpStatus == 429 || httpStatus == 418 { return .rateLimited }
        let texts = krakenErrors(reader.value)
        if !texts.isEmpty {
            let isLimit = texts.contains {
                $0.lowercased().contains("rate limit") || $0.lowercased().contains("throttled")
            }
            return isLimit ? .rateLimited : .other
        }
        if case .array(let errors)? = reader.value["errors"], !errors.isEmpty {
            return .queryError
        }
        if reader.value["code"] != nil, reader.value["msg"] != nil { return .other }
        return (200..<300).contains(httpStatus) ? nil : .other
    }

    private static func krakenErrors(_ value: JSONValue) -> [String] {
        guard case .array(let errors)? = value["error"] else { return [] }
        return errors.compactMap { error in
            guard case .string(let text) = error else { return nil }
            return text
        }
    }
}

/// The best bid and ask, times 1e8.
package struct TopOfBook: Hashable, Sendable {
    package let bid: UInt256
    package let ask: UInt256
    /// The last trade, where the feed says it.
    package let last: UInt256?

    package init(bid: UInt256, ask: UInt256, last: UInt256? = nil) {
        self.bid = bid
        self.ask = ask
        self.last = last
    }

    /// Rounded down; both prices have far fewer than 255 bits.
    package var middle: UInt256 { bid + (ask > bid ? (ask - bid) / 2 : .zero) }

    /// Binance's `bookTicker`.
    package static func binance(_ reader: JSONReader) throws(JSONReadError) -> TopOfBook {
        var object = try reader.object()
        return try checked(
            TopOfBook(
                bid: try price(try object.required("bidPrice")),
                ask: try price(try object.required("askPrice"))), reader)
    }

    /// Kraken's `Ticker`. The result is filed under Kraken's own name of the pair, so it must be
    /// the only one.
    package static func kraken(_ reader: JSONReader) throws(JSONReadError) -> TopOfBook {
        var object = try reader.object()
        let result = try object.required("result")
        var pairs = try result.object()
        let entries = pairs.entries()
        guard entries.count == 1 else { throw result.refused("one pair") }
        var ticker = try entries[0].value.object()
        return try checked(
            TopOfBook(
                bid: try firstPrice(try ticker.required("b")),
                ask: try firstPrice(try ticker.required("a")),
                last: try firstPrice(try ticker.required("c"))), reader)
    }

    private static func price(_ reader: JSONReader) throws(JSONReadError) -> UInt256 {
        try reader.quotedDecimal(scale: ExchangeReply.decimals, as: UInt256.self)
    }

    private static func firstPrice(_ reader: JSONReader) throws(JSONReadError) -> UInt256 {
        guard let first = try reader.array().first else { throw reader.refused("a price") }
        return try price(first)
    }

    private static func checked(
        _ book: TopOfBook, _ reader: JSONReader
    ) throws(JSONReadError) -> TopOfBook {
        guard book.bid > .zero, book.bid <= book.ask, book.ask.leadingZeroBitCount > 128 else {
            throw reader.refused("a bid above zero and not above the ask")
        }
        return book
    }
}

/// One page of a subgraph: rows by rising id, continued behind the last one.
package struct GraphPage: Sendable {
    package let rows: [JSONReader]
    package let blockNumber: UInt64
    /// Nil on an empty page.
    package let lastID: String?
    /// Fewer rows than asked for: nothing follows.
    package let isLast: Bool

    package init(_ reader: JSONReader, askedFor countMax: Int) throws(JSONReadError) {
        var object = try reader.object()
        let data = try object.required("data")
        var members = try data.object()
        let (number, hasErrors) = try Self.block(try members.required("_meta"))
        guard !hasErrors else { throw data.refused("an index without errors") }
        let lists = members.entries().filter { $0.key != "_meta" }
        guard lists.count == 1 else { throw data.refused("one list beside _meta") }
        rows = try lists[0].value.array(countMax: countMax)
        blockNumber = number
        var previous = ""
        for row in rows {
            var fields = try row.object()
            let id = try fields.required("id").string
            guard previous.utf8.lexicographicallyPrecedes(id.utf8) else {
                throw row.refused("an id above the one before")
            }
            previous = id
        }
        lastID = rows.isEmpty ? nil : previous
        isLast = rows.count < countMax
    }

    private static func block(
        _ meta: JSONReader
    ) throws(JSONReadError) -> (number: UInt64, hasErrors: Bool) {
        var object = try meta.object()
        var block = try object.required("block").object()
        return (
            try block.required("number").uint64, try object.required("hasIndexingErrors").bool
        )
    }
}
