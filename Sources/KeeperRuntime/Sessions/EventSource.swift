package import KeeperFeeds
package import KeeperModel

/// Events from a file, one at a time, so that a year of them needs no more memory than a minute.
package struct EventSource {
    private var cursor: RecordingCursor
    private let path: String

    /// Of events behind one, or of all.
    package init(_ reader: RecordingReader, path: String, after sequence: UInt64 = 0) {
        cursor = reader.rows(of: .event, from: .sequence(sequence + 1))
        self.path = path
    }

    package mutating func next() throws(KeeperStop) -> Event? {
        guard let row = try nextRow() else { return nil }
        return try event(row)
    }

    /// The next whose text is wanted: what is not is not even taken apart.
    package mutating func next(
        withText isWanted: ([UInt8]) -> Bool
    ) throws(KeeperStop) -> Event? {
        while let row = try nextRow() {
            if isWanted(row.payload) { return try event(row) }
        }
        return nil
    }

    private mutating func nextRow() throws(KeeperStop) -> RecordingRow? {
        do {
            return try cursor.next()
        } catch {
            throw KeeperStop(.recording, "\(path): \(error)")
        }
    }

    private func event(_ row: RecordingRow) throws(KeeperStop) -> Event {
        do {
            return try row.event()
        } catch {
            throw KeeperStop(.recording, "\(path): event \(row.sequence): \(error)")
        }
    }
}

extension EventBody {
    /// Whether a feed said it, so that it is true whoever decides and whatever is sent.
    package var isFromFeed: Bool {
        switch self {
        case .venueDescribed, .pricesPublished, .figuresPublished, .accountsReplaced,
            .accountsPaged, .accountsChanged, .depthPublished, .flashPoolsPublished,
            .balancesReported, .reserveReported, .gapDetected, .chainReported, .reorganised,
            .marketSwitched,
            .callCostReported, .closesObserved:
            true
        case .pastDayRecalled, .strategiesRecalled, .intentRecovered, .intentDurable,
            .closeAnswered, .questionAnswered, .timerFired, .drainRequested, .killSwitchSet,
            .venuePauseSet, .approvalGiven, .transfersApproved, .settingsAdopted, .clocksParted:
            false
        }
    }

    /// Whether it came of what the keeper did itself, or of its own clock.
    package var isOutcome: Bool {
        switch self {
        case .intentRecovered, .intentDurable, .closeAnswered, .timerFired: true
        default: false
        }
    }
}
