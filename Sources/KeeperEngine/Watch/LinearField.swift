import CKernels
import LiquidationRules

/// The accounts of a market whose health is a sum of amounts times worths: where each stands by an
/// outward bound, when that can change, and a scan of all of them.
///
/// Why nobody is cleared wrongly. `LinearReserve` holds each worth between two floats. A kernel
/// takes amounts less (collateral) or more (debt) two scaled units, as nearest floats (off by
/// 2^-24 of themselves), and weights that are the outer float times the threshold, taken down by
/// 2^-18 for collateral and up by 2^-18 for debt. It adds up at most 13 products, each operation
/// off by 2^-24 of a partial sum that is never above the whole, all terms being positive: less
/// than 2^-19.6 of a side, which is within the 2^-18. The rule's own roundings are the two units,
/// half of a unit of health, which is less than 2^-50 of a side, and 2^-19 in the scale of worths
/// (see the market's conformance), added to the side that must be smaller. So a lower bound of one
/// side above an upper bound of the other is the answer of the exact rule. No sum overflows:
/// amounts are below 2^96, worths that are known below 2^11 and thresholds at most 2^16.
///
/// While each worth stays between the ends that `ck_boxes` gives its legs, the lower bound of the
/// backing falls and the upper bound of the debt rises by less than they are apart, so the answer
/// stays. Ends are compared with the outer floats of a worth.
struct LinearField {
    let lines: [AccountLine]
    private let reserveCount: Int
    private let stride: Int
    private let level: UInt32
    private var tables: ContiguousArray<UInt32>
    private(set) var isWide: ContiguousArray<Bool>
    private(set) var groups: ContiguousArray<ShapeGroup>
    /// Per reserve: collateral falls, collateral rises, debt falls, debt rises.
    private var heaps: ContiguousArray<TermHeap>
    private var stamps: ContiguousArray<UInt8> = []
    private var keys = ContiguousArray<UInt32>(repeating: 0, count: 2 * Int(CK_LEGS_MAX))
    private var found: ContiguousArray<UInt32>
    private var isBuilding = false
    private(set) var reserves: ContiguousArray<LinearReserve?>

    private static let rowsPerCall = 4_096

    init(reserveCount: Int, lines: [AccountLine]) {
        self.reserveCount = reserveCount
        self.lines = lines
        let small = Int(CK_SMALL_TABLE)
        stride = reserveCount <= small ? small : LinearLeg.reserveCountMax
        level = ck_level()
        let tableCount =
            CK_LINE_TABLES
            + lines.count * CK_TABLES_PER_LINE
        tables = ContiguousArray(repeating: 0, count: tableCount * stride)
        isWide = ContiguousArray(repeating: false, count: stride)
        groups = ContiguousArray(
            (0..<(reserveCount > 0 ? ShapeGroup.shapeCount : 0)).map { ShapeGroup(shape: $0) })
        heaps = ContiguousArray(repeating: TermHeap(), count: 4 * reserveCount)
        found = ContiguousArray(repeating: 0, count: Self.rowsPerCall)
        reserves = ContiguousArray(repeating: nil, count: reserveCount)
    }

    var rowCount: Int { groups.reduce(0) { $0 + $1.rows.count } }
    var triggerCount: Int { heaps.reduce(0) { $0 + $1.entries.count } }

    // MARK: Worths

    mutating func set(_ number: Int, _ reserve: LinearReserve) {
        isWide[number] = reserve.isWide
        reserves[number] = reserve
        let (number, stride) = (UInt32(number), UInt32(stride))
        let lines = lines
        unsafe tables.withUnsafeMutableBufferPointer { tables in
            let base = tables.baseAddress
            unsafe ck_set_shared(
                base, stride, number, reserve.collateral.down, reserve.collateral.up,
                reserve.debt.down, reserve.debt.up, reserve.restlessness / 16 + 8)
            for (line, kind) in lines.enumerated() {
                let isInsolvency = kind == .insolvent
                let counted = reserve.countedBps
                unsafe ck_set_line(
                    base, stride, number, UInt32(line), isInsolvency ? counted : reserve.aloneBps,
                    isInsolvency ? counted : reserve.besideBps,
                    isInsolvency ? counted : reserve.mostBps, kind.marginPpm)
            }
        }
    }

    // MARK: Rows

    mutating func add(row: Int, legs: [LinearLeg]) -> Place {
        let shape = ShapeGroup.shape(of: legs)
        return Place(shape: shape, slot: groups[shape].append(row: row, legs: legs, isWide: isWide))
    }

    mutating func replace(_ place: Place, legs: [LinearLeg]) {
        groups[place.shape].write(legs, at: place.slot, isWide: isWide)
    }

    /// Returns the row that moved into the place, if one did.
    mutating func remove(_ place: Place) -> Int? { groups[place.shape].remove(slot: place.slot) }

    func read(_ place: Place, into legs: inout [LinearLeg]) {
        groups[place.shape].read(slot: place.slot, isWide: isWide, into: &legs)
    }

    /// Two bits for each line: 1 surely above, 2 surely below, 0 to be confirmed.
    func look(_ place: Place) -> UInt32 {
        unsafe tables.withUnsafeBufferPointer { tables in
            unsafe groups[place.shape].bounds.withUnsafeBufferPointer { bounds in
                unsafe ck_look(
                    bounds.baseAddress, place.slot, UInt32(place.collateralCount),
                    UInt32(place.debtCount), tables.baseAddress, UInt32(stride),
                    UInt32(lines.count))
            }
        }
    }

    // MARK: Triggers

    mutating func forget(row: Int) {
        if row < stamps.count { stamps[row] &+= 1 }
    }

    /// Replaces the row's triggers. `below` has a bit for each line.
    mutating func register(row: Int, at place: Place, below: UInt32) {
        while stamps.count <= row { stamps.append(0) }
        stamps[row] &+= 1
        // Nobody crosses anything who owes nothing.
        guard place.debtCount > 0 else { return }
        Self.boxes(groups[place.shape].bounds, place, tables, stride, lines.count, below, &keys)
        let tag = TermHeap.tag(row: row, stamp: stamps[row])
        for leg in 0..<place.collateralCount + place.debtCount {
            let heap = heapNumber(place, leg)
            // A fall is found by the highest lower end, so its heap is kept by complements.
            if keys[2 * leg] > 0 { push(~keys[2 * leg], tag, heap) }
            if keys[2 * leg + 1] < .max { push(keys[2 * leg + 1], tag, heap + 1) }
        }
    }

    @inline(__always)
    private func heapNumber(_ place: Place, _ leg: Int) -> Int {
        4 * Int(groups[place.shape].reserve(slot: place.slot, leg: leg))
            + (leg >= place.collateralCount ? 2 : 0)
    }

    private mutating func push(_ key: UInt32, _ tag: UInt32, _ heap: Int) {
        if isBuilding {
            heaps[heap].append(key: key, tag: tag)
            return
        }
        heaps[heap].insert(key: key, tag: tag)
        guard heaps[heap].isWasteful else { return }
        let stamps = stamps
        heaps[heap].compact { stamps[TermHeap.row(of: $0)] & 63 == TermHeap.stamp(of: $0) }
    }

    private static func boxes(
        _ bounds: ContiguousArray<UInt32>, _ place: Place, _ tables: ContiguousArray<UInt32>,
        _ stride: Int, _ lineCount: Int, _ below: UInt32, _ keys: inout ContiguousArray<UInt32>
    ) {
        unsafe tables.withUnsafeBufferPointer { tables in
            unsafe bounds.withUnsafeBufferPointer { bounds in
                unsafe keys.withUnsafeMutableBufferPointer { keys in
                    unsafe ck_boxes(
                        bounds.baseAddress, place.slot, UInt32(place.collateralCount),
                        UInt32(place.debtCount), tables.baseAddress, UInt32(stride),
                        UInt32(lineCount), below, keys.baseAddress)
                }
            }
        }
    }

    /// Many rows are registered at once: the order of the heaps is made at the end.
    mutating func beginBuilding() { isBuilding = true }

    mutating func endBuilding() {
        isBuilding = false
        for heap in heaps.indices { heaps[heap].restore() }
    }

    /// Forgets every trigger, before all rows are registered anew.
    mutating func removeTriggers() {
        for heap in heaps.indices { heaps[heap].removeAll() }
    }

    /// Takes out rows whose triggers the reserve's present worth has passed, up to so many in all,
    /// and says whether there are no more.
    mutating func takeCrossed(reserve: Int, limit: Int, into rows: inout [Int]) -> Bool {
        take(4 * reserve, CK_COLLATERAL_DOWN, isFall: true, limit, &rows)
            && take(4 * reserve + 1, CK_COLLATERAL_UP, isFall: false, limit, &rows)
            && take(4 * reserve + 2, CK_OWED_DOWN, isFall: true, limit, &rows)
            && take(4 * reserve + 3, CK_OWED_UP, isFall: false, limit, &rows)
    }

    private mutating func take(
        _ heap: Int, _ table: Int, isFall: Bool, _ limit: Int, _ rows: inout [Int]
    ) -> Bool {
        let worth = tables[table * stride + heap / 4]
        let key = isFall ? ~worth : worth
        while heaps[heap].firstKey < key {
            guard rows.count < limit else { return false }
            let tag = heaps[heap].removeFirst()
            let row = TermHeap.row(of: tag)
            if stamps[row] & 63 == TermHeap.stamp(of: tag) { rows.append(row) }
        }
        return true
    }

    // MARK: Scan

    /// Appends every row that is not surely above the line, by shape and slot. Nil where the kernel
    /// cannot be used here.
    mutating func scan(line: Int, with kernel: ScanKernel, into rows: inout [Int]) -> Bool {
        guard let level = kernel == .best ? self.level : kernel.level else { return false }
        let weights = kernel == .integers ? integerWeights(line) : nil
        if kernel == .integers && weights == nil { return false }
        for shape in groups.indices where groups[shape].debtCount > 0 {
            let count = groups[shape].rows.count
            for first in Swift.stride(from: 0, to: count, by: Self.rowsPerCall) {
                let length = min(Self.rowsPerCall, count - first)
                let hits =
                    if let weights {
                        Self.scan(groups[shape], first, length, weights, &found)
                    } else {
                        Self.scan(
                            groups[shape], first, length, level, tables, self.stride, line, &found)
                    }
                for index in 0..<hits { rows.append(Int(groups[shape].rows[Int(found[index])])) }
            }
        }
        return true
    }

    private static func scan(
        _ group: ShapeGroup, _ first: Int, _ count: Int, _ level: UInt32,
        _ tables: ContiguousArray<UInt32>, _ stride: Int, _ line: Int,
        _ found: inout ContiguousArray<UInt32>
    ) -> Int {
        unsafe tables.withUnsafeBufferPointer { tables in
            unsafe group.bounds.withUnsafeBufferPointer { bounds in
                unsafe found.withUnsafeMutableBufferPointer { found in
                    unsafe ck_scan(
                        level, bounds.baseAddress, first, count, UInt32(group.collateralCount),
                        UInt32(group.debtCount), tables.baseAddress, UInt32(stride), UInt32(line),
                        found.baseAddress)
                }
            }
        }
    }
}

extension AccountLine {
    var marginPpm: UInt32 {
        guard case .armed(let marginPpm) = self else { return 0 }
        return marginPpm
    }
}

/// Where a row is kept: a shape and a slot in one word.
struct Place: Hashable {
    private let bits: UInt32

    private static let rawShape = 63
    /// A row that holds no position of this market.
    static let none = Place(bits: .max)

    private init(bits: UInt32) { self.bits = bits }

    init(shape: Int, slot: Int) {
        bits = UInt32(shape) << 26 | UInt32(slot)
    }

    /// Among the positions that are kept whole.
    init(raw slot: Int) { self.init(shape: Self.rawShape, slot: slot) }

    var shape: Int { Int(bits >> 26) }
    var collateralCount: Int { shape / (LinearLeg.debtCountMax + 1) }
    var debtCount: Int { shape % (LinearLeg.debtCountMax + 1) }
    var slot: Int { Int(bits & (1 << 26 - 1)) }
    var isRaw: Bool { self != .none && shape == Self.rawShape }
    var isLinear: Bool { shape != Self.rawShape }
}
