// Timers in the order they fall due; of two at the same moment, the one that was set first.

package struct TimerID: Hashable, Sendable {
    let number: UInt64
}

struct TimerHeap {
    private struct Entry {
        let dueAt: MonotonicTime
        let number: UInt64

        func isBefore(_ other: Entry) -> Bool {
            dueAt == other.dueAt ? number < other.number : dueAt < other.dueAt
        }
    }

    private var heap: [Entry] = []
    /// The actions of live timers; a cancelled one stays in the heap without an action until it
    /// surfaces.
    private var actions: [UInt64: () -> Void] = [:]
    private var lastNumber: UInt64 = 0

    var count: Int { actions.count }

    mutating func insert(at dueAt: MonotonicTime, _ action: @escaping () -> Void) -> TimerID {
        lastNumber += 1
        actions[lastNumber] = action
        heap.append(Entry(dueAt: dueAt, number: lastNumber))
        siftUp(heap.count - 1)
        return TimerID(number: lastNumber)
    }

    /// Does nothing when the timer has fired or was cancelled before.
    mutating func cancel(_ timer: TimerID) {
        actions[timer.number] = nil
        // A long timer that is always cancelled (a deadline) must not fill the heap.
        if heap.count > 64, heap.count > 2 * actions.count { rebuild() }
    }

    /// When the next live timer falls due.
    mutating func nextDue() -> MonotonicTime? {
        while let first = heap.first, actions[first.number] == nil { removeFirst() }
        return heap.first?.dueAt
    }

    /// The next timer due at `now`, taken out.
    mutating func takeDue(at now: MonotonicTime) -> (() -> Void)? {
        guard let due = nextDue(), due <= now else { return nil }
        return actions.removeValue(forKey: removeFirst().number)
    }

    private mutating func rebuild() {
        let live = heap.filter { actions[$0.number] != nil }
        // A sorted array is a heap.
        heap = live.sorted { $0.isBefore($1) }
    }

    @discardableResult
    private mutating func removeFirst() -> Entry {
        let first = heap[0]
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown(0)
        }
        return first
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isBefore(heap[smallest]) { smallest = child }
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
