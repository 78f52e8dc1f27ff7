// How long to wait after a failure: twice as long each time, up to a bound. A success starts over.

import KeeperModel

struct BackOff {
    private static let first = TimeSpan.milliseconds(50)
    private static let doublingsMax = 7

    private var failuresInARow = 0

    mutating func next() -> TimeSpan {
        defer { failuresInARow += 1 }
        let doublings = min(failuresInARow, Self.doublingsMax)
        return TimeSpan(nanoseconds: Self.first.nanoseconds << doublings)
    }

    mutating func reset() { failuresInARow = 0 }
}
