/// The simulator's outcomes beside recorded ones, part by part.
package struct Calibration: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        /// Nobody can tell them apart with so many.
        case agrees(Int)
        case differs(Int)
        case tooFew(Int)

        package var isDifference: Bool {
            if case .differs = self { true } else { false }
        }

        package var text: String {
            switch self {
            case .agrees(let count): "agrees, measured on \(count)"
            case .differs(let count): "differs, measured on \(count)"
            case .tooFew(let count): "too few: \(count)"
            }
        }
    }

    package struct Part: Hashable, Sendable {
        package let name: String
        package let unit: String
        package let recorded: SampleQuantiles?
        package let simulated: SampleQuantiles?
        /// Between the two distributions; of rates their difference.
        package let distance: Double?
        package let bound: Double?
        package let verdict: Verdict
    }

    package let parts: [Part]

    package var hasDifference: Bool { parts.contains { $0.verdict.isDifference } }

    package init(recorded: OutcomeSample, simulated: OutcomeSample) {
        parts = [
            Self.winRate(recorded, simulated),
            Self.part("delay", "µs", recorded.delays, simulated.delays),
            Self.part("gas", "units", recorded.gasUnits, simulated.gasUnits),
            Self.part("exit against the oracle", "ppm", recorded.exitsPpm, simulated.exitsPpm),
        ]
    }

    private static func part(
        _ name: String, _ unit: String, _ recorded: [Int64], _ simulated: [Int64]
    ) -> Part {
        let distance = SampleDistance(recorded, simulated)
        let count = min(recorded.count, simulated.count)
        let verdict: Verdict =
            distance.map { distance in
                guard distance.isEnough else { return .tooFew(count) }
                return distance.distance > distance.bound ? .differs(count) : .agrees(count)
            } ?? .tooFew(count)
        return Part(
            name: name, unit: unit, recorded: SampleQuantiles(recorded),
            simulated: SampleQuantiles(simulated), distance: distance?.distance,
            bound: distance?.bound, verdict: verdict)
    }

    /// Two proportions; their difference is beyond the bound once in a hundred times where both are
    /// one.
    private static func winRate(_ recorded: OutcomeSample, _ simulated: OutcomeSample) -> Part {
        func rates(_ sample: OutcomeSample) -> [Int64] {
            Array(repeating: 1_000_000, count: sample.wonCount)
                + Array(repeating: 0, count: sample.lostCount)
        }
        let (left, right) = (rates(recorded), rates(simulated))
        let count = min(left.count, right.count)
        guard count > 0 else {
            return Part(
                name: "won of those sent", unit: "ppm", recorded: SampleQuantiles(left),
                simulated: SampleQuantiles(right), distance: nil, bound: nil,
                verdict: .tooFew(count))
        }
        let (leftCount, rightCount) = (Double(left.count), Double(right.count))
        let difference =
            (Double(recorded.wonCount) / leftCount - Double(simulated.wonCount) / rightCount)
            .magnitude
        let both =
            Double(recorded.wonCount + simulated.wonCount) / (leftCount + rightCount)
        let bound =
            2.576 * (both * (1 - both) * (1 / leftCount + 1 / rightCount)).squareRoot()
        let verdict: Verdict =
            count < SampleDistance.countMin
            ? .tooFew(count) : difference > bound ? .differs(count) : .agrees(count)
        return Part(
            name: "won of those sent", unit: "ppm", recorded: SampleQuantiles(left),
            simulated: SampleQuantiles(right), distance: difference, bound: bound,
            verdict: verdict)
    }
}

/// Nearest-rank quantiles of whole numbers, and their mean.
package struct SampleQuantiles: Hashable, Sendable {
    package let count: Int
    package let mean: Int64
    package let p10: Int64
    package let p50: Int64
    package let p90: Int64
    package let p99: Int64

    /// Nil for nothing at all.
    package init?(_ sample: [Int64]) {
        guard !sample.isEmpty else { return nil }
        let sorted = sample.sorted()
        func rank(_ percent: Int) -> Int64 {
            sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
        }
        count = sorted.count
        // Wide enough for any sum of what was measured, and it ends inside the sample.
        mean = Int64(sorted.reduce(Int128.zero) { $0 + Int128($1) } / Int128(sorted.count))
        (p10, p50, p90, p99) = (rank(10), rank(50), rank(90), rank(99))
    }
}
