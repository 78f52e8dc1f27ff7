// Time that only goes forward. Every deadline of the network lives on it: a change of the machine's
// clock can neither hurry nor delay one.

import CLinux
package import KeeperModel

/// Nanoseconds since an arbitrary moment of this boot.
package struct MonotonicTime: Hashable, Comparable, Sendable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static func now() -> MonotonicTime {
        MonotonicTime(nanoseconds: clinux_monotonic_nanoseconds())
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package static func - (later: MonotonicTime, earlier: MonotonicTime) -> TimeSpan {
        TimeSpan(nanoseconds: later.nanoseconds - earlier.nanoseconds)
    }

    /// Stops at the end of time instead of wrapping: "after the longest span" is never, not now.
    package static func + (time: MonotonicTime, span: TimeSpan) -> MonotonicTime {
        let (sum, overflowed) = time.nanoseconds.addingReportingOverflow(span.nanoseconds)
        return MonotonicTime(nanoseconds: overflowed ? .max : sum)
    }
}
