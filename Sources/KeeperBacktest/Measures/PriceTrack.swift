package import KeeperModel
package import WideMath

/// One asset's eligible price over time in a bounded number of buckets of equal length. Lows and
/// highs are kept beside the last price, so that a spike is never lost; where a run is longer than
/// was thought, two buckets become one.
package struct PriceTrack: Hashable, Sendable {
    package struct Bucket: Hashable, Sendable {
        package internal(set) var startsAt: Instant
        package internal(set) var low: UInt256
        package internal(set) var high: UInt256
        package internal(set) var last: UInt256
    }

    package let asset: AssetID
    package private(set) var buckets: [Bucket] = []
    private var length = TimeSpan.seconds(1)

    package static let bucketsMax = 400

    package init(_ asset: AssetID) {
        self.asset = asset
    }

    package mutating func take(_ price: UInt256, at instant: Instant) {
        if let open = buckets.last, instant - open.startsAt < length {
            buckets[buckets.count - 1] = Bucket(
                startsAt: open.startsAt, low: min(open.low, price), high: max(open.high, price),
                last: price)
            return
        }
        buckets.append(Bucket(startsAt: instant, low: price, high: price, last: price))
        if buckets.count > Self.bucketsMax { halve() }
    }

    private mutating func halve() {
        length = length + length
        var merged: [Bucket] = []
        for bucket in buckets {
            guard let open = merged.last, bucket.startsAt - open.startsAt < length else {
                merged.append(bucket)
                continue
            }
            merged[merged.count - 1] = Bucket(
                startsAt: open.startsAt, low: min(open.low, bucket.low),
                high: max(open.high, bucket.high), last: bucket.last)
        }
        buckets = merged
    }
}
