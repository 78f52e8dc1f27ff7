package import KeeperModel

/// How long each step of the closes took, by the clock of the run.
package struct LatencyMeasures: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let name: String
        package let spans: Percentiles?
    }

    package let rows: [Row]
    /// Before the recorded closes of others, of those that both closed.
    package let lead: Percentiles?

    package init(_ episodes: [Episode]) {
        func row(_ name: String, _ span: (Episode) -> TimeSpan?) -> Row {
            Row(name: name, spans: Percentiles(episodes.compactMap(span)))
        }
        rows = [
            row("eligible to planned") { episode in
                episode.proposedAt.map { $0 - episode.openedAt }
            },
            row("planned to durable") { episode in
                Self.span(from: episode.proposedAt, to: episode.durableAt)
            },
            row("durable to answered") { episode in
                Self.span(from: episode.durableAt, to: episode.answeredAt)
            },
            row("eligible to won") { episode in
                episode.wonAt.map { $0 - episode.openedAt }
            },
        ]
        lead = Percentiles(episodes.compactMap(\.lead))
    }

    private static func span(from start: Instant?, to end: Instant?) -> TimeSpan? {
        guard let start, let end else { return nil }
        return end - start
    }
}

/// Nearest-rank percentiles: every figure is one that occurred.
package struct Percentiles: Hashable, Sendable {
    package let count: Int
    package let p50: TimeSpan
    package let p90: TimeSpan
    package let p99: TimeSpan
    package let max: TimeSpan

    /// Nil for no spans at all.
    package init?(_ spans: [TimeSpan]) {
        let sorted = spans.sorted()
        guard let last = sorted.last else { return nil }
        func rank(_ percent: Int) -> TimeSpan {
            sorted[(sorted.count * percent + 99) / 100 - 1]
        }
        count = sorted.count
        p50 = rank(50)
        p90 = rank(90)
        p99 = rank(99)
        max = last
    }
}
