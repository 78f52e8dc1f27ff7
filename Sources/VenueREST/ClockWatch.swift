package import KeeperModel

/// Whether the venue and we agree on what time it is. Where we do not, nobody knows how old a price
/// is, and what we sign is refused.
package struct ClockWatch: Hashable, Sendable {
    /// What a signature's time may differ by before a venue refuses it.
    package static let gapMax = TimeSpan.seconds(5)

    private var isApart = false

    package init() {}

    /// What is to be said of a reply whose time there was so long before its arrival here: the gap
    /// where it has become too large, nil in it where they agree again, and nothing where that is
    /// known. A reply that was so long on its way says the same as a clock that is wrong: what time
    /// it speaks of is not now.
    package mutating func note(_ gap: TimeSpan) -> TimeSpan?? {
        let isNowApart = gap.nanoseconds.magnitude > Self.gapMax.nanoseconds.magnitude
        guard isNowApart != isApart else { return nil }
        isApart = isNowApart
        return .some(isNowApart ? gap : nil)
    }
}
