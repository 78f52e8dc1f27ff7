import KeeperCodec
package import KeeperModel

/// What a sweep file asks for: one strategy over one recording, at many settings.
package struct SweepPlan: Hashable, Sendable {
    /// A place in the configuration or in the strategy, and the values that it takes in turn.
    package struct Axis: Hashable, Sendable {
        package enum Root: String, Hashable, Sendable {
            case config
            case strategy
        }

        package let root: Root
        package let keys: [String]
        /// Each as JSON, in the order of the file.
        package let values: [String]

        package var name: String { ([root.rawValue] + keys).joined(separator: ".") }
    }

    package enum Search: Hashable, Sendable {
        /// Every combination.
        case grid
        /// So many of them, drawn by seed, none twice.
        case random(count: Int, seed: UInt64)
    }

    package let name: String
    /// As the file has it: relative to where the program runs.
    package let recording: String
    package let strategy: StrategyName
    package let search: Search
    package let axes: [Axis]
    /// Steps of a walk forward; 1 is one split into two thirds and a third.
    package let stepCount: Int

    package static let pointsMax = 100_000

    package init(
        name: String, recording: String, strategy: StrategyName, search: Search, axes: [Axis],
        stepCount: Int
    ) {
        precondition(stepCount >= 1, "A sweep looks at least at one part of the time")
        self.name = name
        self.recording = recording
        self.strategy = strategy
        self.search = search
        self.axes = axes
        self.stepCount = stepCount
    }

    /// How many combinations there are; nil for more than anybody could run.
    package var gridCount: Int? {
        var count = 1
        for axis in axes {
            let product = count.multipliedReportingOverflow(by: axis.values.count)
            guard !product.overflow else { return nil }
            count = product.partialValue
        }
        return count
    }

    /// Which points are run, in their order. The number of a point says its values.
    package var pointNumbers: [Int] {
        let all = gridCount ?? 0
        switch search {
        case .grid: return Array(0..<all)
        case .random(let count, let seed):
            var generator = SeededGenerator(seed: seed)
            var drawn: Set<Int> = []
            while drawn.count < min(count, all) {
                drawn.insert(Int(generator.number(in: 0...UInt64(all - 1))))
            }
            return drawn.sorted()
        }
    }

    /// The values of a point: the last axis turns fastest.
    package func settings(ofPoint number: Int) -> [(axis: Axis, value: String)] {
        var rest = number
        var settings: [(Axis, String)] = []
        for axis in axes.reversed() {
            settings.append((axis, axis.values[rest % axis.values.count]))
            rest /= axis.values.count
        }
        return settings.reversed()
    }
}
