package import KeeperModel
import LiquidationRules

/// The slow truth.
extension MarketBook {
    /// Accounts about which the book and the exact rule disagree, by id. Empty, or an alarm.
    package func disagreements() -> [AccountID] {
        places.indices.filter { row in
            names.isTaken(row) && (position(row).map { exactly($0) } ?? 0) != below[row]
        }.map { names.account($0) }.sorted()
    }

    /// Asks the exact rule about the next rows of a round that never ends. Whoever it finds
    /// elsewhere than the book is put right, counted, and returned: an alarm.
    package mutating func sweep(rowsMax: Int) -> [Crossing] {
        var crossings: [Crossing] = []
        for _ in 0..<min(rowsMax, places.count) {
            if sweepRow >= places.count { sweepRow = 0 }
            let row = sweepRow
            sweepRow += 1
            guard names.isTaken(row) else { continue }
            let now = answer(row)
            guard now != below[row] else { continue }
            tally.disagreements &+= 1
            flip(row, to: now, into: &crossings)
            var more: [Crossing] = []
            refresh(row, into: &more)
            crossings += more
        }
        return crossings
    }

    /// So many rows at a time that it is never long; counted, for time is not known here.
    mutating func lookAfter(sweeps: Bool) -> [Crossing] {
        (isLagging ? catchUp(rowsMax: 1_024) : []) + (sweeps ? sweep(rowsMax: 4) : [])
    }

    func allPositions() -> [(account: AccountID, position: Rules.Position)] {
        places.indices.compactMap { row in
            position(row).map { (names.account(row), $0) }
        }
    }

    /// The exact rule over every account.
    func exactScanCount() -> Int {
        places.indices.count { row in position(row).map { rules.isLiquidatable($0) } ?? false }
    }

    /// The line of eligibility by a scan alone, exactly confirmed: how many are below it, and of
    /// how many the bound was not sure. Nil where the kernel cannot be used here.
    package mutating func scanCount(
        with kernel: ScanKernel
    ) -> (below: Int, confirmed: Int)? {
        var rows: [Int] = []
        guard field.scan(line: 0, with: kernel, into: &rows) else { return nil }
        // Accounts without a bound are not scanned; the index has them.
        var (count, confirmed) = (belowRows[0].count { places[$0].isRaw }, 0)
        for row in rows {
            switch field.look(places[row]) & 3 {
            case 1: break
            case 2: count += 1
            default:
                confirmed += 1
                if exactly(row) & 1 == 1 { count += 1 }
            }
        }
        return (count, confirmed)
    }

    /// Bytes of a scan's input, for beside the memory's speed.
    package var scannedBytes: Int { field.groups.reduce(0) { $0 + 4 * $1.bounds.count } }

    /// Triggers, dead ones included.
    package var triggerCount: Int { field.triggerCount + index.entryCount }
}
