/// One version of a strategy: what one has shown says nothing about the next.
package struct StrategyRun: Hashable, Comparable, Sendable {
    package let name: StrategyName
    package let version: UInt64

    package init(_ name: StrategyName, version: UInt64) {
        self.name = name
        self.version = version
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.name == right.name ? left.version < right.version : left.name < right.name
    }
}

/// What the books say that a version of a strategy has done.
package struct StrategyRecord: Hashable, Sendable {
    package let run: StrategyRun
    /// Closes that settled and were booked.
    package let wonCount: UInt64

    package init(run: StrategyRun, wonCount: UInt64) {
        self.run = run
        self.wonCount = wonCount
    }
}
