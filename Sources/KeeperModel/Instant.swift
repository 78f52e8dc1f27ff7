/// A moment in UTC, and the distance between two moments. Nothing pure ever asks what time it is:
/// instants arrive inside events, and only drivers hold clocks.

/// Nanoseconds since 1970-01-01T00:00:00Z. Good for the years 1678 to 2262.
@frozen
package struct Instant: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package init(milliseconds: Int64) {
        self.init(nanoseconds: milliseconds * 1_000_000)
    }

    /// From whoever is not us nothing earlier or later is taken, so that the distance between two
    /// moments always fits: from the year 1823 to 2116.
    package static let believable =
        Instant(nanoseconds: -(1 << 62) + 1)...Instant(nanoseconds: (1 << 62) - 1)

    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    @inlinable
    package static func + (instant: Instant, span: TimeSpan) -> Instant {
        Instant(nanoseconds: instant.nanoseconds + span.nanoseconds)
    }

    @inlinable
    package static func - (later: Instant, earlier: Instant) -> TimeSpan {
        TimeSpan(nanoseconds: later.nanoseconds - earlier.nanoseconds)
    }
}

/// A length of time in nanoseconds. May be negative.
@frozen
package struct TimeSpan: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static let zero = TimeSpan(nanoseconds: 0)

    package static func milliseconds(_ count: Int64) -> TimeSpan {
        TimeSpan(nanoseconds: count * 1_000_000)
    }

    package static func seconds(_ count: Int64) -> TimeSpan {
        TimeSpan(nanoseconds: count * 1_000_000_000)
    }

    /// Whole milliseconds, toward zero.
    package var milliseconds: Int64 { nanoseconds / 1_000_000 }

    @inlinable
    package static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    @inlinable
    package static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
