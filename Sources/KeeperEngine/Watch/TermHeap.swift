/// Triggers of one worth in one direction, smallest key first: eight bytes each, key above tag,
/// four children to a node, so that a level is one line of the cache.
///
/// A tag is a row and the last six bits of its stamp. A dead trigger that looks alive after 64
/// registrations costs one look at its row and nothing else.
struct TermHeap {
    private(set) var entries: ContiguousArray<UInt64> = []
    /// How many were alive when they were last counted.
    private var liveCount = 0

    static let rowCountMax = 1 << 26

    static func tag(row: Int, stamp: UInt8) -> UInt32 {
        UInt32(truncatingIfNeeded: row) << 6 | UInt32(stamp & 63)
    }

    static func row(of tag: UInt32) -> Int { Int(tag >> 6) }
    static func stamp(of tag: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: tag & 63) }

    /// All ones where there is none, which is no key of a trigger.
    @inline(__always)
    var firstKey: UInt32 {
        entries.isEmpty ? .max : UInt32(truncatingIfNeeded: entries[0] >> 32)
    }

    /// Without keeping the order; `restore` must follow.
    @inline(__always)
    mutating func append(key: UInt32, tag: UInt32) {
        entries.append(UInt64(key) << 32 | UInt64(tag))
    }

    mutating func insert(key: UInt32, tag: UInt32) {
        let entry = UInt64(key) << 32 | UInt64(tag)
        var index = entries.count
        entries.append(entry)
        while index > 0 {
            let parent = (index - 1) >> 2
            guard entry < entries[parent] else { break }
            entries[index] = entries[parent]
            index = parent
        }
        entries[index] = entry
    }

    /// The tag of the first.
    mutating func removeFirst() -> UInt32 {
        precondition(!entries.isEmpty, "There is a first trigger only where there is one")
        let first = entries[0]
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            siftDown(from: 0)
        }
        return UInt32(truncatingIfNeeded: first)
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        liveCount = 0
    }

    /// The order in linear time.
    mutating func restore() {
        guard entries.count > 1 else { return }
        for index in stride(from: (entries.count - 2) >> 2, through: 0, by: -1) {
            siftDown(from: index)
        }
        liveCount = entries.count
    }

    var isWasteful: Bool { entries.count > liveCount + liveCount / 2 + 4_096 }

    mutating func compact(isAlive: (UInt32) -> Bool) {
        entries.removeAll { !isAlive(UInt32(truncatingIfNeeded: $0)) }
        restore()
        liveCount = entries.count
    }

    private mutating func siftDown(from start: Int) {
        unsafe entries.withUnsafeMutableBufferPointer { entries in
            let count = entries.count
            var index = start
            let entry = unsafe entries[index]
            while true {
                var child = 4 * index + 1
                guard child < count else { break }
                let end = min(child + 4, count)
                var least = unsafe entries[child]
                var next = child + 1
                while next < end {
                    let other = unsafe entries[next]
                    if other < least {
                        least = other
                        child = next
                    }
                    next += 1
                }
                guard least < entry else { break }
                unsafe entries[index] = least
                index = child
            }
            unsafe entries[index] = entry
        }
    }
}
