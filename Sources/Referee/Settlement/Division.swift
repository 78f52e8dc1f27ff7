/// Largest remainder: the parts sum to the total, and among equal remainders the earlier entry
/// gets the unit. Without weights nobody gets anything.
package func split(_ total: Rational, by weights: [Rational]) -> [Rational] {
    let whole = weights.sum
    guard whole.isPositive else { return weights.map { _ in 0 } }
    let exact = weights.map { total * $0 / whole }
    var parts = exact.map(\.floor)
    var left = total - parts.sum
    var waiting = Array(weights.indices)
    while left.isPositive {
        // The first of those with the largest fraction cut off.
        guard
            var best = waiting.first
        else { break }
        for index in waiting
        where exact[index] - exact[index].floor > exact[best] - exact[best].floor {
            best = index
        }
        parts[best] += 1
        left -= 1
        waiting.removeAll { $0 == best }
    }
    return parts
}

/// Like `split`, and nobody gets more than a cap.
package func split(_ total: Rational, cappedBy caps: [Rational]) -> [Rational] {
    total >= caps.sum ? caps : split(total, by: caps)
}
