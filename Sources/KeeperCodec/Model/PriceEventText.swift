package import KeeperModel
import WideMath

/// An event of prices in the layout of our own writer, read straight from its bytes: years of
/// history are made of little else, and a tree of values in between costs ten times as much.
///
/// It takes no layout but that one, and of its numbers only those that fit 64 bits. Everything else
/// is nil, and for the general reader, which alone says what is wrong with a text.
package struct PriceEventText {
    private let bytes: [UInt8]
    private var place = 0

    package static func event(in bytes: [UInt8]) -> Event? {
        var text = PriceEventText(bytes)
        return text.event()
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func event() -> Event? {
        guard skip(#"{"sequence":"#), let sequence = number(),
            skip(#","domain":""#), let domain = name(),
            skip(#","receivedAt":""#), let receivedAt = instant(),
            skip(#","height":"#), let height = number(),
            skip(#","body":{"kind":"pricesPublished","prices":["#)
        else { return nil }
        var updates: [PriceUpdate] = []
        repeat {
            guard let update = update() else { return nil }
            updates.append(update)
        } while skip(",")
        guard skip("]}}"), place == bytes.count else { return nil }
        return Event(
            sequence: sequence, domain: DomainID(alreadyChecked: domain), receivedAt: receivedAt,
            height: height, body: .pricesPublished(updates))
    }

    private mutating func update() -> PriceUpdate? {
        guard skip(#"{"asset":""#), let asset = name(),
            skip(#","kind":""#), let kind = kind(),
            skip(#","price":""#), let price = number(), skip(#"""#),
            skip(#","round":"#), let round = number(),
            skip(#","sourceAt":""#), let sourceAt = instant(), skip("}")
        else { return nil }
        return PriceUpdate(
            asset: AssetID(alreadyChecked: asset), kind: kind, price: UInt256(price), round: round,
            sourceAt: sourceAt)
    }

    private mutating func kind() -> PriceKind? {
        if skip(#"market""#) { return .market }
        if skip(#"eligible""#) { return .eligible }
        return skip(#"pending""#) ? .pending : nil
    }

    // MARK: Pieces

    private mutating func skip(_ expected: String) -> Bool {
        var end = place
        for byte in expected.utf8 {
            guard end < bytes.count, bytes[end] == byte else { return false }
            end += 1
        }
        place = end
        return true
    }

    /// Without leading zeros, as it is written.
    private mutating func number() -> UInt64? {
        let start = place
        var value: UInt64 = 0
        while place < bytes.count, let digit = digit(bytes[place]) {
            let (tens, isTooMuch) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(digit)
            guard !isTooMuch, !isOver else { return nil }
            value = sum
            place += 1
        }
        let count = place - start
        guard count > 0, count == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
        return value
    }

    private func digit(_ byte: UInt8) -> UInt64? {
        byte >= 0x30 && byte <= 0x39 ? UInt64(byte &- 0x30) : nil
    }

    /// With the quote that ends it. No instant of ours is before 1970.
    private mutating func instant() -> Instant? {
        guard let value = number(), let nanoseconds = Int64(exactly: value), skip(#"""#)
        else { return nil }
        let instant = Instant(nanoseconds: nanoseconds)
        return Instant.believable.contains(instant) ? instant : nil
    }

    /// A well-formed identifier, with the quote that ends it.
    private mutating func name() -> String? {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") { place += 1 }
        guard place < bytes.count else { return nil }
        let name = String(decoding: bytes[start..<place], as: UTF8.self)
        place += 1
        return isWellFormedIdentifier(name) ? name : nil
    }
}
