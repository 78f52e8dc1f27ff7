package import KeeperModel
package import WideMath

/// How far the net could have been otherwise, had other events of the same kind come.
///
/// Closes of one crash are no independent draws: they share its prices. So closes that follow each
/// other within the gap are one event, whole events are drawn with replacement, and the band is
/// what nine in ten of the sums lie within (Künsch's block bootstrap with blocks that end where it
/// is quiet).
package struct EventBootstrap: Hashable, Sendable {
    package let eventCount: Int
    package let lowUnits: Int256
    package let highUnits: Int256
    /// One event drawn again and again is always the same one: that is no band.
    package var hasBand: Bool { eventCount > 1 }

    package static let gap = TimeSpan.seconds(3_600)
    package static let drawCount = 2_000

    package init(_ closes: [CloseFigures], seed: UInt64) {
        let sums = Self.eventSums(
            closes.filter(\.isEnded).sorted {
                $0.createdAt != $1.createdAt
                    ? $0.createdAt < $1.createdAt : $0.clientID < $1.clientID
            })
        eventCount = sums.count
        guard !sums.isEmpty else {
            (lowUnits, highUnits) = (.zero, .zero)
            return
        }
        var generator = SeededGenerator(seed: seed)
        var totals: [Int256] = []
        totals.reserveCapacity(Self.drawCount)
        for _ in 0..<Self.drawCount {
            var total = Int256.zero
            for _ in sums.indices {
                total += sums[Int(generator.number(in: 0...UInt64(sums.count - 1)))]
            }
            totals.append(total)
        }
        totals.sort()
        lowUnits = totals[Self.drawCount * 5 / 100]
        highUnits = totals[Self.drawCount * 95 / 100 - 1]
    }

    private static func eventSums(_ closes: [CloseFigures]) -> [Int256] {
        var sums: [Int256] = []
        var last: Instant?
        for close in closes {
            if let last, close.createdAt - last < gap {
                sums[sums.count - 1] += close.netUnits
            } else {
                sums.append(close.netUnits)
            }
            last = close.createdAt
        }
        return sums
    }
}

extension CloseFigures {
    fileprivate var isEnded: Bool { endedAt != nil }
}
