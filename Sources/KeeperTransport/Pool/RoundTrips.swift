// How long an answer usually takes, from the last few: what a second endpoint is asked after.

import KeeperModel

struct RoundTrips {
    private static let kept = 64
    private static let wantedMin = 16
    private static let unknown = TimeSpan.milliseconds(250)
    private static let bounds = TimeSpan.milliseconds(10)...TimeSpan.seconds(2)

    private var spans: [TimeSpan] = []
    private var next = 0

    mutating func note(_ span: TimeSpan) {
        if spans.count < Self.kept {
            spans.append(span)
        } else {
            spans[next] = span
            next = (next + 1) % Self.kept
        }
    }

    /// Nineteen of twenty came sooner.
    var hedgeDelay: TimeSpan {
        guard spans.count >= Self.wantedMin else { return Self.unknown }
        let sorted = spans.sorted()
        let usual = sorted[(sorted.count - 1) * 95 / 100]
        return min(max(usual, Self.bounds.lowerBound), Self.bounds.upperBound)
    }
}
