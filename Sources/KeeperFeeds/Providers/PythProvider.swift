import KeeperCodec
import KeeperModel
import WideMath

extension PriceProvider {
    /// The feed that was asked for, and no other: a reply may hold several.
    static func pyth(_ reader: JSONReader, _ feedID: [UInt8]) throws -> ObservedPrice {
        guard let feed = try PythPrice.list(reader).first(where: { $0.feedID == feedID }) else {
            let name = Hex.encode(feedID).prefix(8)
            throw PriceRefusal(.otherSubject, "the reply lacks feed \(name)")
        }
        return try checkedPrice(
            try exact(feed.price, of: reader), halfWidthE30: try exact(feed.confidence, of: reader),
            madeAt: try instant(
                feed.publishedAtSeconds, nanosecondsEach: 1_000_000_000, reader))
    }

    /// Exact, or refused: an exponent below the places that we keep would need rounding.
    private static func exact(
        _ price: FloatingPrice, of reader: JSONReader
    ) throws -> UInt256 {
        guard price.exponent >= -ObservedPrice.places else {
            throw reader.refused("an exponent of -30 or more")
        }
        guard !price.mantissa.isNegative else {
            throw PriceRefusal(.notAPrice, "a price below nothing")
        }
        do {
            return try price.scaled(decimals: ObservedPrice.places).magnitude
        } catch {
            throw PriceRefusal(.notAPrice, "a price beyond 256 bits")
        }
    }
}
