import KeeperCodec
package import KeeperModel

/// What a trim wrote.
package struct TrimReport: Hashable, Sendable {
    package let rowCount: UInt64
    /// Events in front of the first one that was kept, which say what had been said before it.
    package let openingEventCount: UInt64
    /// Of the last event that was kept.
    package let lastAvailableAt: Instant?
}

/// A part of a recording as a recording: what became available from one moment on, and before
/// another. It replays on its own: where rows in front are left out, it opens with what feeds had
/// said by then.
package struct RecordingTrim {
    private let reader: RecordingReader
    private let from: Instant?
    private let end: Instant?
    private let checkpoint: RecordingRow?
    package static let pinName = "trimmed"

    /// A part of a run that leaves out its beginning needs the engine as it was before `from`.
    package init(
        _ reader: RecordingReader, from: Instant?, before end: Instant?,
        checkpoint: RecordingRow? = nil
    ) {
        self.reader = reader
        self.from = from
        self.end = end
        self.checkpoint = checkpoint
    }

    package func write(to path: String) throws(RecordingError) -> TrimReport {
        let opening = try opening()
        guard opening.isEmpty || !reader.header.isOfRun || checkpoint != nil else {
            throw .unfit(
                reason: "is of a run, whose answers belong to what was decided before the cut, and "
                    + "what the keeper knew then is not at hand")
        }
        let header = opening.isEmpty ? reader.header : reader.header.adding(provenance)
        let writer = try RecordingWriter(path: path, header: header)
        for event in opening {
            try writer.append(RecordingRow(event, eventAt: event.receivedAt))
        }
        if !opening.isEmpty, let checkpoint { try writer.append(checkpoint) }
        var rowCount: UInt64 = 0
        var lastAvailableAt: Instant?
        let first = opening.isEmpty ? nil : from
        for frame in reader.frames where isWanted(frame.header, from: first) {
            for row in try reader.rows(in: frame) where isWanted(row, from: first) {
                try writer.append(row)
                rowCount += 1
                if row.kind == .event { lastAvailableAt = row.availableAt }
            }
        }
        try writer.close()
        return TrimReport(
            rowCount: rowCount, openingEventCount: UInt64(opening.count),
            lastAvailableAt: lastAvailableAt)
    }

    private func isWanted(_ frame: FrameHeader, from first: Instant?) -> Bool {
        if let first, frame.lastAvailableAt < first { return false }
        if let end, frame.firstAvailableAt >= end { return false }
        return true
    }

    private func isWanted(_ row: RecordingRow, from first: Instant?) -> Bool {
        if let first, row.availableAt < first { return false }
        if let end, row.availableAt >= end { return false }
        return true
    }

    private var provenance: PinnedText {
        var json = JSONWriter()
        json.beginObject()
        if let from { json.member("from", from) }
        if let end { json.member("before", end) }
        json.endObject()
        return PinnedText(
            name: Self.pinName, text: String(decoding: json.finish(), as: UTF8.self))
    }

    /// Numbered so that the first event that is kept follows. Empty where everything in front is
    /// kept, because it is no longer than what would say it.
    private func opening() throws(RecordingError) -> [Event] {
        guard let from else { return [] }
        var state = FeedState()
        var cursor = reader.rows(of: .event)
        var lastSequence: UInt64 = 0
        var count = 0
        while let row = try cursor.next(), row.availableAt < from {
            do {
                state.take(try row.event())
            } catch {
                throw .unfit(reason: "has an event \(row.sequence) that cannot be read: \(error)")
            }
            lastSequence = row.sequence
            count += 1
        }
        let events = state.events()
        guard events.count < count else { return [] }
        let first = lastSequence - UInt64(events.count) + 1
        return events.enumerated().map { number, event in
            Event(
                sequence: first + UInt64(number), domain: event.domain,
                receivedAt: event.receivedAt, height: event.height, body: event.body)
        }
    }
}
