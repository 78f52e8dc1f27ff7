import KeeperModel
import LiquidationRules

/// What a scan left to be registered again. While there is anything of it, the index does not know
/// of every row, and each tick scans.
struct IndexLag {
    /// Taken out of the index, and not yet put back.
    var rows: [Int] = []
    /// Reserves that may have passed triggers which nobody has taken out.
    private(set) var reserves: [Int] = []
    private var isListed: [Bool]

    init(reserveCount: Int) {
        isListed = Array(repeating: false, count: reserveCount)
    }

    var isEmpty: Bool { rows.isEmpty && reserves.isEmpty }

    mutating func add(_ reserve: Int) {
        guard !isListed[reserve] else { return }
        isListed[reserve] = true
        reserves.append(reserve)
    }

    mutating func removeLastReserve() { isListed[reserves.removeLast()] = false }
}

extension MarketBook {
    func number(ofReserve variable: Int) -> Int? { rules.linearReserve(ofVariable: variable) }

    mutating func set(_ number: Int) {
        if let reserve = rules.linearReserve(number) { field.set(number, reserve) }
    }

    /// A look at a row costs as much as a scan of about a thousand.
    private var lookCountMax: Int { 8 + names.count / 1_024 }

    mutating func takeIn(_ variables: [Int]) -> [Crossing] {
        guard !variables.isEmpty else { return [] }
        var crossings: [Crossing] = []
        if !raw.isEmpty { takeInRaw(variables, into: &crossings) }
        let reserves = movedReserves(variables)
        for reserve in reserves { set(reserve) }
        var rows: [Int] = []
        var isCheap = lag.isEmpty
        for reserve in reserves where isCheap {
            isCheap = field.takeCrossed(reserve: reserve, limit: lookCountMax, into: &rows)
        }
        if isCheap {
            // A row that was taken out twice is looked at twice: the second look changes nothing.
            for row in rows { refresh(row, into: &crossings) }
        } else {
            for reserve in reserves { lag.add(reserve) }
            lag.rows += rows
            scan(with: .best, into: &crossings)
        }
        return crossings.count > 1 ? crossings.sorted { $0.isBefore($1) } : crossings
    }

    private func movedReserves(_ variables: [Int]) -> [Int] {
        var reserves: [Int] = []
        for variable in variables {
            guard let reserve = number(ofReserve: variable), reserves.last != reserve else {
                continue
            }
            reserves.append(reserve)
        }
        return reserves
    }

    private mutating func takeInRaw(_ variables: [Int], into crossings: inout [Crossing]) {
        var rows: [Int] = []
        for variable in variables {
            index.takeCrossed(
                variable: variable, value: rules.value(ofVariable: variable), into: &rows)
        }
        guard !rows.isEmpty else { return }
        rows.sort()
        var previous = -1
        for row in rows where row != previous {
            previous = row
            refresh(row, into: &crossings)
        }
    }

    /// Everybody below a line before or not surely above it now is judged; nobody is registered.
    /// False where the kernel cannot be used.
    @discardableResult
    mutating func scan(with kernel: ScanKernel, into crossings: inout [Crossing]) -> Bool {
        tally.scans &+= 1
        var rows: [Int] = []
        for line in field.lines.indices {
            guard field.scan(line: line, with: kernel, into: &rows) else { return false }
            rows += belowRows[line].sorted()
        }
        for row in rows where places[row].isLinear {
            flip(row, to: judge(row, at: places[row]), into: &crossings)
        }
        return true
    }

    // MARK: Afterwards

    /// Whether a scan left rows to be registered again.
    package var isLagging: Bool { !lag.isEmpty }

    /// Registers up to so many of the rows that a scan left. Not urgent: a book that lags is right,
    /// and dearer.
    package mutating func catchUp(rowsMax: Int) -> [Crossing] {
        guard isLagging else { return [] }
        var crossings: [Crossing] = []
        var rest = rowsMax
        while rest > 0, !lag.isEmpty {
            if lag.rows.isEmpty { takeLagging(rest) }
            while rest > 0, let row = lag.rows.popLast() {
                rest -= 1
                // It may have left since.
                if places[row].isLinear { refresh(row, into: &crossings) }
            }
        }
        // The scan had found them all.
        tally.disagreements &+= UInt64(crossings.count)
        return crossings
    }

    private mutating func takeLagging(_ limit: Int) {
        while let reserve = lag.reserves.last, lag.rows.count < limit {
            guard field.takeCrossed(reserve: reserve, limit: limit, into: &lag.rows) else { return }
            lag.removeLastReserve()
        }
    }

    /// Every trigger of every linear account, made anew from its row.
    package mutating func rebuildIndex() {
        field.removeTriggers()
        lag = IndexLag(reserveCount: rules.linearReserveCount)
        field.beginBuilding()
        for shape in field.groups.indices {
            for slot in field.groups[shape].rows.indices {
                let row = Int(field.groups[shape].rows[slot])
                field.register(
                    row: row, at: Place(shape: shape, slot: slot), below: UInt32(below[row]))
            }
        }
        field.endBuilding()
    }
}
