package import KeeperEngine
package import KeeperModel
import WideMath

/// How many accounts stood in each band of health, now and then during a run, and who ever came
/// near the line. A sample asks the exact rule about everybody, so samples are spaced by what they
/// cost: a large book is looked at less often.
package struct HealthSampler: Sendable {
    package struct Sample: Hashable, Sendable {
        package let at: Instant
        /// As many as there are bands, worst first.
        package let counts: [Int]
    }

    package private(set) var samples: [Sample] = []
    /// Who was in one of the two worst bands at a sample.
    package private(set) var atRisk: Set<Target> = []
    private var nextAt = Instant(nanoseconds: .min)
    private var spacing = TimeSpan.seconds(1)

    /// Upper ends in wad; the last band has none.
    private static let ends: [UInt256] = [100, 105, 110, 125, 150].map {
        UInt256(UInt64($0)) * UInt256(10_000_000_000_000_000)
    }
    package static let bandNames = [
        "below 1", "1 to 1.05", "1.05 to 1.10", "1.10 to 1.25", "1.25 to 1.50", "above",
    ]
    private static let samplesMax = 240
    /// So many accounts may be asked about per second of the recording.
    private static let accountsPerSecondMax = 200

    package init() {}

    package func isDue(at now: Instant) -> Bool { now >= nextAt }

    package mutating func look(at engine: Engine, domain name: DomainID, now: Instant) {
        guard let domain = engine.domain(name) else { return }
        var counts = Array(repeating: 0, count: Self.bandNames.count)
        var accountCount = 0
        for market in domain.books.names {
            guard let book = domain.books[market] else { continue }
            accountCount += book.accountCount
            for (account, health) in book.nearest(book.accountCount) {
                let band = Self.ends.firstIndex { health < $0 } ?? Self.ends.count
                counts[band] += 1
                guard band < 2 else { continue }
                atRisk.insert(Target(domain: name, market: market, account: account))
            }
        }
        // Before the first word about accounts there is nothing to show.
        guard accountCount > 0 else { return }
        samples.append(Sample(at: now, counts: counts))
        if samples.count > Self.samplesMax { thin() }
        let cost = TimeSpan.seconds(Int64(accountCount / Self.accountsPerSecondMax))
        nextAt = now + max(spacing, cost)
    }

    /// Every second sample goes, and the rest of the run is looked at half as often.
    private mutating func thin() {
        samples = samples.enumerated().compactMap { $0.offset % 2 == 0 ? $0.element : nil }
        spacing = spacing + spacing
    }
}
