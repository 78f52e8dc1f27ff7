package import KeeperModel

/// A stream that can be read from any sequence it still holds. What is older is gone, and whoever
/// asks for it is told so instead of being given less than everything.
package struct Channel<Payload: Sendable & Hashable>: Sendable {
    package struct Entry: Hashable, Sendable {
        package let sequence: UInt64
        package let height: UInt64
        package let publishedAt: Instant
        package let payload: Payload
    }

    package enum Reading: Hashable, Sendable {
        /// Everything after the asked sequence; empty where nothing is newer.
        case entries([Entry])
        /// The stream no longer reaches back that far, or never got that far: fetch a snapshot.
        case gone
    }

    private var entries: [Entry] = []
    /// So many of the newest entries can always be read.
    package let retainedMax: Int
    /// Of the newest entry; 0 before the first.
    package private(set) var sequence: UInt64 = 0

    package init(retainedMax: Int) {
        precondition(retainedMax > 0, "A channel holds at least its newest entry")
        self.retainedMax = retainedMax
    }

    package mutating func publish(_ payload: Payload, height: UInt64, at instant: Instant) {
        sequence += 1
        entries.append(
            Entry(sequence: sequence, height: height, publishedAt: instant, payload: payload))
        // Dropped in blocks, so that publishing stays cheap.
        if entries.count > 2 * retainedMax {
            entries.removeFirst(entries.count - retainedMax)
        }
    }

    package var newest: Entry? { entries.last }

    /// Nil for what is not held.
    package func payload(at sequence: UInt64) -> Payload? {
        guard let first = entries.first, sequence >= first.sequence else { return nil }
        let place = sequence - first.sequence
        return place < UInt64(entries.count) ? entries[Int(place)].payload : nil
    }

    package func reading(after asked: UInt64, countMax: Int) -> Reading {
        guard asked <= sequence else { return .gone }
        guard asked < sequence else { return .entries([]) }
        guard let first = entries.first, first.sequence <= asked + 1 else { return .gone }
        let start = Int(asked + 1 - first.sequence)
        return .entries(Array(entries[start...].prefix(countMax)))
    }
}

/// The accounts of a market that changed at one height.
package struct AccountDelta: Hashable, Sendable {
    package let changed: [AccountState]
    package let removed: [AccountID]

    package init(changed: [AccountState], removed: [AccountID]) {
        self.changed = changed
        self.removed = removed
    }
}
