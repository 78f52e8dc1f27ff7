package import WideMath

/// One price of Pyth's Hermes service, with the half width of its confidence interval.
package struct PythPrice: Hashable, Sendable {
    /// Thirty-two bytes.
    package let feedID: [UInt8]
    package let price: FloatingPrice
    package let confidence: FloatingPrice
    package let publishedAtSeconds: Int64

    package init(
        feedID: [UInt8], price: FloatingPrice, confidence: FloatingPrice,
        publishedAtSeconds: Int64
    ) {
        precondition(
            price.exponent == confidence.exponent, "A price and its confidence share the exponent")
        self.feedID = feedID
        self.price = price
        self.confidence = confidence
        self.publishedAtSeconds = publishedAtSeconds
    }

    /// The answer of `/v2/updates/price/latest`: feeds come without `0x`, prices in quotes.
    package static func list(_ reader: JSONReader) throws(JSONReadError) -> [PythPrice] {
        var object = try reader.object()
        return try object.required("parsed").array(countMax: 1_024) {
            (feed) throws(JSONReadError) in try PythPrice(feed)
        }
    }

    private init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        let id = try object.required("id")
        // Which digit is wrong helps nobody: the feed is not one.
        guard let feedID = try? Hex.decode(try id.string, prefix: .forbidden, byteCount: 32) else {
            throw id.refused("32 bytes in hex without 0x")
        }
        var price = try object.required("price").object()
        let exponent = Int(try price.required("expo").integer(in: Int64(-32)...Int64(32)))
        let mantissa = try price.required("price").quotedInteger(as: Int64.self)
        let width = try price.required("conf").quotedInteger(as: UInt64.self)
        guard
            let middle = FloatingPrice(mantissa: Int256(mantissa), exponent: exponent),
            let confidence = FloatingPrice(mantissa: Int256(width), exponent: exponent)
        else { throw reader.refused("an exponent that a price has") }
        self.init(
            feedID: feedID, price: middle, confidence: confidence,
            publishedAtSeconds: try price.required("publish_time").int64)
    }

    /// The half width in basis points of the price, rounded down; nil where there is no price.
    package var confidenceBps: UInt256? {
        guard price.mantissa > .zero else { return nil }
        // Both came from 64 bits.
        return confidence.mantissa.magnitude * 10_000 / price.mantissa.magnitude
    }

    /// What collateral is worth at least and debt at most, at the price's own exponent.
    package var bounds: (low: Int256, high: Int256) {
        (price.mantissa - confidence.mantissa, price.mantissa + confidence.mantissa)
    }
}
