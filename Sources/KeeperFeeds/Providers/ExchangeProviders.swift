import KeeperCodec
import KeeperModel
import WideMath

/// What public exchanges answer when they are asked for the top of a book.
extension PriceProvider {
    /// `bookTicker` says no time: it is as old as its reply.
    static func binance(_ reader: JSONReader, _ symbol: String) throws -> ObservedPrice {
        var ticker = try reader.object()
        try check(try ticker.required("symbol"), is: symbol)
        let (price, halfWidth) = try middle(
            bidE30: try ticker.required("bidPrice").decimalE30(),
            askE30: try ticker.required("askPrice").decimalE30())
        return try checkedPrice(price, halfWidthE30: halfWidth)
    }

    static func coinbase(_ reader: JSONReader, _ product: String) throws -> ObservedPrice {
        var reply = try reader.object()
        var book = try reply.required("pricebook").object()
        try check(try book.required("product_id"), is: product)
        let (price, halfWidth) = try middle(
            bidE30: try best(book.required("bids")), askE30: try best(book.required("asks")))
        return try checkedPrice(
            price, halfWidthE30: halfWidth, madeAt: try book.required("time").timeWithPlaces())
    }

    /// The result is filed under Kraken's own name of the pair, so it must be the only one.
    static func kraken(_ reader: JSONReader) throws -> ObservedPrice {
        var reply = try reader.object()
        let result = try reply.required("result")
        var pairs = try result.object()
        let entries = pairs.entries()
        guard entries.count == 1, let entry = entries.first else {
            throw PriceRefusal(.otherSubject, "\(entries.count) pairs where one was asked for")
        }
        var ticker = try entry.value.object()
        let (price, halfWidth) = try middle(
            bidE30: try first(ticker.required("b")), askE30: try first(ticker.required("a")))
        return try checkedPrice(price, halfWidthE30: halfWidth)
    }

    private static func best(_ side: JSONReader) throws -> UInt256 {
        guard let level = try side.array(countMax: 10_000).first else {
            throw PriceRefusal(.notAPrice, "\(side.path): a book with an empty side")
        }
        var object = try level.object()
        return try object.required("price").decimalE30()
    }

    private static func first(_ list: JSONReader) throws -> UInt256 {
        guard let price = try list.array(countMax: 16).first else {
            throw list.refused("a price")
        }
        return try price.decimalE30()
    }

    private static func check(_ reader: JSONReader, is wanted: String) throws {
        let found = try reader.string
        guard found == wanted else {
            throw PriceRefusal(.otherSubject, "asked for \(wanted), answered \(found.prefix(24))")
        }
    }
}
