import KeeperCodec
import KeeperModel
import WideMath

/// How feeds write numbers and times. Digits become integers as they are: none ever passes through
/// floating point, and what has more places than we keep is refused, not cut.
extension JSONReader {
    /// A number, bare or in quotes, times 10^exponent, in units of 10^-30.
    func decimalE30(exponent: Int = 0) throws(JSONReadError) -> UInt256 {
        let scale = ObservedPrice.places + exponent
        if case .string = value { return try quotedDecimal(scale: scale, as: UInt256.self) }
        return try decimal(scale: scale, as: UInt256.self)
    }

    /// `2026-04-07T00:28:59.662782Z`: UTC, with up to nine places.
    func timeWithPlaces() throws(JSONReadError) -> Instant {
        let expected = "a time such as 2026-01-31T00:00:00.123Z"
        let text = try string
        guard text.utf8.count >= 20, text.utf8.last == UInt8(ascii: "Z") else {
            throw refused(expected)
        }
        let places = text.dropFirst(19).dropLast()
        guard let second = UTCText.instant(String(text.prefix(19)) + "Z") else {
            throw refused(expected)
        }
        guard !places.isEmpty else { return second }
        let digits = places.dropFirst()
        guard places.first == ".", (1...9).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let part = Int64(digits + String(repeating: "0", count: 9 - digits.utf8.count))
        else { throw refused(expected) }
        return second + TimeSpan(nanoseconds: part)
    }
}

/// The best bid and ask as one price: half way between, rounded down, and as uncertain as half of
/// the spread, rounded up.
func middle(bidE30: UInt256, askE30: UInt256) throws(PriceRefusal) -> (UInt256, UInt256) {
    guard !bidE30.isZero, bidE30 <= askE30, let most = ObservedPrice.priceMaxE30, askE30 < most
    else {
        throw PriceRefusal(.notAPrice, "a bid that is nothing or above its ask, or beyond bounds")
    }
    let spread = askE30 - bidE30
    return (bidE30 + spread / UInt256(2), (spread + UInt256.one) / UInt256(2))
}

/// Refuses what is no price with the words for it.
func checkedPrice(
    _ priceE30: UInt256, halfWidthE30: UInt256? = nil, madeAt: Instant? = nil
) throws(PriceRefusal) -> ObservedPrice {
    guard
        let price = ObservedPrice(
            priceE30: priceE30, halfWidthE30: halfWidthE30, madeAt: madeAt)
    else { throw PriceRefusal(.notAPrice, "nothing, or more than anything costs") }
    return price
}

/// Seconds since 1970, and parts of them, within the years that an instant has.
func instant(
    _ count: Int64, nanosecondsEach: Int64, _ reader: JSONReader
) throws(JSONReadError) -> Instant {
    let (nanoseconds, overflowed) = count.multipliedReportingOverflow(by: nanosecondsEach)
    guard count >= 0, !overflowed, nanoseconds < 1 << 62 else {
        throw reader.refused("a time between 1970 and 2116")
    }
    return Instant(nanoseconds: nanoseconds)
}
