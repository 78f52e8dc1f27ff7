// Who may ask how often. Reads and writes are counted apart, so that a keeper that polls too much
// can still close; each keeper has its own two, and strangers share one.

import HTTPServing
import KeeperTransport

package struct RateLimits: Hashable, Sendable {
    /// In each window of one second, for each keeper and once for all that do not sign.
    package var readsPerWindowMax: UInt64 = 2_000
    package var writesPerWindowMax: UInt64 = 500

    package init() {}
}

/// Where a caller stands in one of its buckets, as the reply's headers say it.
struct RateStanding: Hashable {
    static let windowSeconds: Int64 = 1

    let bucket: RateBuckets.Kind
    let limit: UInt64
    let remaining: UInt64

    var headers: [HTTPField] {
        [
            HTTPField("RateLimit-Policy", "\"\(bucket.rawValue)\";q=\(limit);w=1"),
            HTTPField("RateLimit-Limit", "\(limit)"),
            HTTPField("RateLimit-Remaining", "\(remaining)"),
            HTTPField("RateLimit-Reset", "\(Self.windowSeconds)"),
        ]
    }
}

/// Bounded by the key ring: a caller is a keeper whose signature was checked, or nobody.
struct RateBuckets {
    enum Kind: String {
        case reads
        case writes
    }

    private struct Owner: Hashable {
        /// Empty for all that do not sign.
        let keeper: String
        let kind: Kind
    }

    private struct Window {
        var number: Int64
        var count: UInt64
    }

    private let limits: RateLimits
    private var windows: [Owner: Window] = [:]

    init(_ limits: RateLimits) {
        self.limits = limits
    }

    /// Counts one request. The standing says what is left; a refused one has nothing left and was
    /// not counted.
    mutating func take(
        _ kind: Kind, of keeper: String, at now: MonotonicTime
    ) -> (standing: RateStanding, isAllowed: Bool) {
        let limit = kind == .reads ? limits.readsPerWindowMax : limits.writesPerWindowMax
        let number = now.nanoseconds / (RateStanding.windowSeconds * 1_000_000_000)
        let owner = Owner(keeper: keeper, kind: kind)
        var window = windows[owner] ?? Window(number: number, count: 0)
        if window.number != number { window = Window(number: number, count: 0) }
        let isAllowed = window.count < limit
        if isAllowed { window.count += 1 }
        windows[owner] = window
        let standing = RateStanding(bucket: kind, limit: limit, remaining: limit - window.count)
        return (standing, isAllowed)
    }
}
