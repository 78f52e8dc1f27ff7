/// A binary heap of triggers, smallest key first, with lazy deletion.
///
/// An entry is alive while its stamp is the row's present stamp; a row that was registered again
/// has simply moved on. Dead entries leave when they reach the top, or all at once when they
/// outnumber the living.
struct TriggerHeap {
    struct Entry {
        let key: UInt64
        let row: UInt32
        let stamp: UInt32
    }

    private var entries: ContiguousArray<Entry> = []

    var count: Int { entries.count }
    var first: Entry? { entries.first }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        siftUp(from: entries.count - 1)
    }

    mutating func removeFirst() -> Entry {
        precondition(!entries.isEmpty, "There is a first trigger only where there is one")
        let first = entries[0]
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            siftDown(from: 0)
        }
        return first
    }

    /// Drops every entry that `isAlive` denies and restores the order in linear time.
    mutating func compact(isAlive: (Entry) -> Bool) {
        entries.removeAll { !isAlive($0) }
        for index in stride(from: entries.count / 2 - 1, through: 0, by: -1) {
            siftDown(from: index)
        }
    }

    private mutating func siftUp(from start: Int) {
        var index = start
        let entry = entries[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.key < entries[parent].key else { break }
            entries[index] = entries[parent]
            index = parent
        }
        entries[index] = entry
    }

    private mutating func siftDown(from start: Int) {
        var index = start
        let count = entries.count
        guard index < count else { return }
        let entry = entries[index]
        while true {
            var child = 2 * index + 1
            guard child < count else { break }
            if child + 1 < count, entries[child + 1].key < entries[child].key {
                child += 1
            }
            guard entries[child].key < entry.key else { break }
            entries[index] = entries[child]
            index = child
        }
        entries[index] = entry
    }
}
