package import KeeperModel

/// The parts of the time in which points are chosen, and those in which the choice is judged. A
/// part that judges comes after the one that chose, always.
package struct SweepWindows: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        /// Nanoseconds since 1970.
        package let inSample: Range<Int64>
        package let outOfSample: Range<Int64>
    }

    package let steps: [Step]

    /// One step is two thirds and a third. More are equal parts, each of which chooses for the
    /// next.
    package init(from first: Instant, to last: Instant, stepCount: Int) {
        precondition(stepCount >= 1, "Time has at least one part")
        let (start, end) = (first.nanoseconds, last.nanoseconds + 1)
        let length = end - start
        if stepCount == 1 {
            let split = start + length / 3 * 2
            steps = [Step(inSample: start..<split, outOfSample: split..<end)]
            return
        }
        let parts = Int64(stepCount) + 1
        func edge(_ number: Int64) -> Int64 {
            number == parts ? end : start + length / parts * number
        }
        steps = (0..<Int64(stepCount)).map { number in
            Step(
                inSample: edge(number)..<edge(number + 1),
                outOfSample: edge(number + 1)..<edge(number + 2))
        }
    }
}
