import KeeperCodec
import KeeperModel
import Testing
import WideMath

/// The short way of reading must be the long way, or none.
@Suite struct PriceEventTextTests {
    private static let event = Event(
        sequence: 7, domain: DomainID("venue"), receivedAt: Instant.believable.upperBound,
        height: 0,
        body: .pricesPublished([
            PriceUpdate(
                asset: AssetID("ETH"), kind: .market, price: UInt256(UInt64.max), round: .max,
                sourceAt: Instant(nanoseconds: 0)),
            PriceUpdate(
                asset: AssetID(String(repeating: "x", count: 64)), kind: .pending, price: .one,
                round: 10, sourceAt: Instant(nanoseconds: 9)),
            PriceUpdate(
                asset: AssetID("WBTC"), kind: .eligible, price: .zero, round: 0,
                sourceAt: Instant(nanoseconds: 1)),
        ]))

    @Test func `what our writer lays out is read as it was`() {
        #expect(PriceEventText.event(in: Self.event.jsonBytes) == Self.event)
    }

    @Test(arguments: ModelSamples.eventBodies)
    func `of other events it reads none otherwise`(body: EventBody) {
        let event = Event(
            sequence: .max, domain: DomainID("venue"), receivedAt: Instant(nanoseconds: 1),
            height: .max, body: body)
        let read = PriceEventText.event(in: event.jsonBytes)
        #expect(read == nil || read == event)
    }

    /// One byte changed, left out or doubled, at every place.
    @Test func `a text that is off by a byte is read as the general reader reads it, or not`()
        throws
    {
        let bytes = Self.event.jsonBytes
        for place in bytes.indices {
            var texts = [UInt8(ascii: "0"), UInt8(ascii: "9"), UInt8(ascii: "\""), 0xC3].map {
                var changed = bytes
                changed[place] = $0
                return changed
            }
            texts.append(Array(bytes[..<place] + bytes[(place + 1)...]))
            texts.append(Array(bytes[...place] + bytes[place...]))
            texts.append(Array(bytes[..<place]))
            for text in texts {
                guard let read = PriceEventText.event(in: text) else { continue }
                #expect(try Event(jsonBytes: text) == read)
            }
        }
    }
}
