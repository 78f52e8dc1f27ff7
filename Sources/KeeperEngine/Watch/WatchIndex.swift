package import LiquidationRules

/// Which accounts a tick must look at: those whose safe interval it left, and no other.
///
/// Every row has, for each variable it depends on (a reserve's price times its index, a mark), the
/// interval in which the exact rule cannot flip. One pair of heaps per variable holds the ends, so
/// a tick that crosses nothing costs two comparisons, however many accounts there are.
package struct WatchIndex {
    private var falls: [TriggerHeap]
    private var rises: [TriggerHeap]
    private var stamps: ContiguousArray<UInt32> = []
    private var liveCounts: [Int]

    package init(variableCount: Int) {
        falls = Array(repeating: TriggerHeap(), count: variableCount)
        rises = Array(repeating: TriggerHeap(), count: variableCount)
        liveCounts = Array(repeating: 0, count: variableCount)
    }

    package var entryCount: Int {
        falls.reduce(0) { $0 + $1.count } + rises.reduce(0) { $0 + $1.count }
    }

    /// Replaces whatever the row watched before.
    package mutating func register(row: Int, watches: [Watch]) {
        while stamps.count <= row {
            stamps.append(0)
        }
        stamps[row] &+= 1
        let stamp = stamps[row]
        let row = UInt32(row)
        for watch in watches {
            if watch.low > 0 {
                // A fall is found by the largest lower end, so its heap is kept by complements.
                let key = ~ShortNumber.roundedUp(watch.low)
                falls[watch.variable].insert(.init(key: key, row: row, stamp: stamp))
            }
            if watch.high < .max {
                let key = ShortNumber.roundedDown(watch.high)
                rises[watch.variable].insert(.init(key: key, row: row, stamp: stamp))
            }
            compactIfWasteful(watch.variable)
        }
    }

    /// The row watches nothing any more.
    package mutating func forget(row: Int) {
        guard row < stamps.count else { return }
        stamps[row] &+= 1
    }

    /// Takes out every row whose interval for the variable does not contain the value, and appends
    /// it once per crossed end. The caller registers each of them again.
    package mutating func takeCrossed(variable: Int, value: UInt128, into rows: inout [Int]) {
        // An end is a short number itself, so rounding the value down changes no comparison below
        // one, and rounding it up none above.
        let valueDown = ShortNumber.roundedDown(value)
        let valueUp = ShortNumber.roundedUp(value)
        while let top = falls[variable].first, ~top.key > valueDown {
            let entry = falls[variable].removeFirst()
            if isAlive(entry) { rows.append(Int(entry.row)) }
        }
        while let top = rises[variable].first, top.key < valueUp {
            let entry = rises[variable].removeFirst()
            if isAlive(entry) { rows.append(Int(entry.row)) }
        }
    }

    @inline(__always)
    private func isAlive(_ entry: TriggerHeap.Entry) -> Bool {
        stamps[Int(entry.row)] == entry.stamp
    }

    private mutating func compactIfWasteful(_ variable: Int) {
        let total = falls[variable].count + rises[variable].count
        guard total > 2 * liveCounts[variable] + 4_096 else { return }
        let stamps = stamps
        falls[variable].compact { stamps[Int($0.row)] == $0.stamp }
        rises[variable].compact { stamps[Int($0.row)] == $0.stamp }
        liveCounts[variable] = falls[variable].count + rises[variable].count
    }
}
