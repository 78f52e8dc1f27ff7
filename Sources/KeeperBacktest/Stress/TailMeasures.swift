import Glibc
package import WideMath

/// Quantiles of a sample of amounts, and how much they may be trusted. Each is a value that
/// occurred, so nothing is rounded.
package struct TailMeasures: Hashable, Sendable {
    private let sorted: [Int256]

    package init(_ sample: [Int256]) {
        sorted = sample.sorted()
    }

    package var count: Int { sorted.count }

    /// The least value that so many parts in a thousand of the sample do not exceed. Nil where the
    /// tail beyond it would be less than one of the sample.
    package func quantile(perMille: Int) -> Int256? {
        guard !sorted.isEmpty, sorted.count * min(perMille, 1_000 - perMille) >= 1_000 else {
            return nil
        }
        return sorted[index(perMille)]
    }

    private func index(_ perMille: Int) -> Int {
        max(0, min(sorted.count - 1, (sorted.count * perMille + 999) / 1_000 - 1))
    }

    /// The mean of what lies at the quantile and beyond it, rounded down.
    package func expectedShortfall(perMille: Int) -> Int256? {
        guard quantile(perMille: perMille) != nil else { return nil }
        let tail = sorted[index(perMille)...]
        return tail.reduce(Int256.zero, +).quotient(
            dividingBy: Int256(tail.count), rounding: .down)
    }

    /// Between which two values of the sample the true quantile lies in 95 of 100 cases, by the
    /// order of the sample alone: no distribution is assumed. Nil where the sample does not reach
    /// that far.
    package func band(perMille: Int) -> ClosedRange<Int256>? {
        let count = Double(sorted.count)
        let share = Double(perMille) / 1_000
        let reach = 1.96 * (count * share * (1 - share)).squareRoot()
        let low = Int((count * share - reach).rounded(.down)) - 1
        let high = Int((count * share + reach).rounded(.up))
        guard low >= 0, high < sorted.count else { return nil }
        return sorted[low]...sorted[high]
    }

    /// Rounded down.
    package var mean: Int256? {
        guard !sorted.isEmpty else { return nil }
        return sorted.reduce(Int256.zero, +).quotient(
            dividingBy: Int256(sorted.count), rounding: .down)
    }
}
