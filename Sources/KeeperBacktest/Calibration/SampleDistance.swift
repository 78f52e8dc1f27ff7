/// How far two samples are from being of one distribution: the largest difference between their
/// empirical distribution functions (Kolmogorov 1933, Smirnov 1939), and what it may be by chance.
package struct SampleDistance: Hashable, Sendable {
    package let firstCount: Int
    package let secondCount: Int
    package let distance: Double
    /// What two samples of one distribution exceed once in a hundred times, for large samples and
    /// without ties; with ties less often, so that a difference that is found is one.
    package let bound: Double

    /// Fewer on either side say nothing.
    package static let countMin = 30

    /// Nil where either sample is empty.
    package init?(_ first: [Int64], _ second: [Int64]) {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let (left, right) = (first.sorted(), second.sorted())
        let (leftCount, rightCount) = (Double(left.count), Double(right.count))
        var (passedLeft, passedRight) = (0, 0)
        var widest = 0.0
        while passedLeft < left.count, passedRight < right.count {
            let value = min(left[passedLeft], right[passedRight])
            while passedLeft < left.count, left[passedLeft] == value { passedLeft += 1 }
            while passedRight < right.count, right[passedRight] == value { passedRight += 1 }
            let difference = Double(passedLeft) / leftCount - Double(passedRight) / rightCount
            widest = max(widest, difference.magnitude)
        }
        firstCount = left.count
        secondCount = right.count
        distance = widest
        bound = Self.factor * ((leftCount + rightCount) / (leftCount * rightCount)).squareRoot()
    }

    /// √(−ln(0.01 / 2) / 2).
    private static let factor = 1.627_624

    package var isEnough: Bool { min(firstCount, secondCount) >= Self.countMin }
}
