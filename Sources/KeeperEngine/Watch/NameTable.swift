import KeeperModel

/// The names of accounts as bytes in one piece, and the row of each: about a third of what a
/// dictionary of texts takes.
///
/// Rows are handed out by the table, lowest free one last freed first. Where a name is found
/// depends on a seed that changes with every run; which row it has does not.
struct NameTable {
    private var bytes: ContiguousArray<UInt8> = []
    private var starts: ContiguousArray<UInt32> = []
    /// 0 for a row that is free.
    private var lengths: ContiguousArray<UInt8> = []
    private var freeRows: [Int] = []
    private var wastedBytes = 0
    /// Row plus one, 0 for nothing, all ones for what was taken out.
    private var slots: ContiguousArray<UInt32> = []
    private var usedSlots = 0

    private(set) var count = 0

    /// Rows ever handed out.
    var rowCount: Int { starts.count }

    /// In the order of their rows.
    var allAccounts: [AccountID] { lengths.indices.filter { isTaken($0) }.map { account($0) } }

    func isTaken(_ row: Int) -> Bool { lengths[row] > 0 }

    func account(_ row: Int) -> AccountID {
        let start = Int(starts[row])
        let name = bytes[start..<start + Int(lengths[row])]
        return AccountID(alreadyChecked: String(decoding: name, as: UTF8.self))
    }

    func row(of account: AccountID) -> Int? {
        unsafe withBytes(of: account) { name in
            guard !slots.isEmpty else { return nil }
            var place = unsafe hash(name) & (slots.count - 1)
            while slots[place] != 0 {
                if slots[place] != .max, unsafe isEqual(Int(slots[place]) - 1, name) {
                    return Int(slots[place]) - 1
                }
                place = (place + 1) & (slots.count - 1)
            }
            return nil
        }
    }

    /// The account's row, a new one where it has none.
    mutating func add(_ account: AccountID) -> Int {
        if let row = row(of: account) { return row }
        if 4 * (usedSlots + 1) > 3 * slots.count { rehash() }
        let row = freeRows.popLast() ?? starts.count
        precondition(row < TermHeap.rowCountMax, "A market has fewer than 2^26 accounts")
        if row == starts.count {
            starts.append(0)
            lengths.append(0)
        }
        var text = account.text
        text.withUTF8 { name in
            starts[row] = UInt32(bytes.count)
            lengths[row] = UInt8(name.count)
            unsafe bytes.append(contentsOf: name)
        }
        count += 1
        file(row)
        return row
    }

    /// The row is free from here on.
    mutating func remove(_ row: Int) {
        let name = nameBytes(row)
        var place = hash(name) & (slots.count - 1)
        while slots[place] != UInt32(row + 1) {
            precondition(slots[place] != 0, "A row that is taken is filed")
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = .max
        wastedBytes += name.count
        lengths[row] = 0
        freeRows.append(row)
        count -= 1
        if wastedBytes > bytes.count / 2 + 4_096 { compact() }
    }

    // MARK: Slots

    private mutating func file(_ row: Int) {
        var place = hash(nameBytes(row)) & (slots.count - 1)
        while slots[place] != 0 && slots[place] != .max {
            place = (place + 1) & (slots.count - 1)
        }
        if slots[place] == 0 { usedSlots += 1 }
        slots[place] = UInt32(row + 1)
    }

    private mutating func rehash() {
        var size = 16
        while 2 * size < 3 * (count + 1) { size *= 2 }
        slots = ContiguousArray(repeating: 0, count: size)
        usedSlots = 0
        for row in lengths.indices where lengths[row] > 0 { file(row) }
    }

    private mutating func compact() {
        var kept: ContiguousArray<UInt8> = []
        kept.reserveCapacity(bytes.count - wastedBytes)
        for row in lengths.indices where lengths[row] > 0 {
            let start = Int(starts[row])
            starts[row] = UInt32(kept.count)
            kept.append(contentsOf: bytes[start..<start + Int(lengths[row])])
        }
        bytes = kept
        wastedBytes = 0
    }

    private func nameBytes(_ row: Int) -> ContiguousArray<UInt8>.SubSequence {
        let start = Int(starts[row])
        return bytes[start..<start + Int(lengths[row])]
    }

    private func withBytes<Result>(
        of account: AccountID, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var text = account.text
        return text.withUTF8 { unsafe body($0) }
    }

    private func isEqual(_ row: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(lengths[row]) == name.count else { return false }
        let start = Int(starts[row])
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            for index in name.indices where unsafe bytes[start + index] != name[index] {
                return false
            }
            return true
        }
    }

    private func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe hasher.combine(bytes: UnsafeRawBufferPointer(name))
        return hasher.finalize()
    }

    private func hash(_ name: ContiguousArray<UInt8>.SubSequence) -> Int {
        unsafe name.withUnsafeBufferPointer { unsafe hash($0) }
    }
}
