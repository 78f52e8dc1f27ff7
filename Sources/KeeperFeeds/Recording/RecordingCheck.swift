import KeeperCodec
import KeeperModel

/// The first thing that is wrong with a recording, and where.
package struct RecordingFault: Hashable, Sendable {
    /// Of the frame that it is in, from the start of the file; nil where it is of the whole file.
    package let offset: UInt64?
    package let kind: RowKind?
    package let sequence: UInt64?
    package let reason: String

    init(offset: UInt64?, kind: RowKind?, sequence: UInt64?, reason: String) {
        self.offset = offset
        self.kind = kind
        self.sequence = sequence
        self.reason = reason
    }

    /// Of a file that does not even open.
    package init(_ error: RecordingError) {
        self.init(offset: nil, kind: nil, sequence: nil, reason: error.description)
    }
}

/// Reads every row of every frame and asks of each whether it may be where it is: checksums, the
/// order within its kind, the two times, and whether its payload is what it says.
package struct RecordingCheck {
    private let reader: RecordingReader
    private let allowsGaps: Bool
    private var last: [RowKind: RecordingRow] = [:]
    /// How many rows were in order.
    package private(set) var rowCount: UInt64 = 0
    package private(set) var gapCount: UInt64 = 0

    package init(_ reader: RecordingReader, allowsGaps: Bool = false) {
        self.reader = reader
        self.allowsGaps = allowsGaps
    }

    /// Nil for a file without one. A file that cannot be opened as a recording throws before.
    package mutating func firstFault() -> RecordingFault? {
        guard reader.header.eventSchema == EventSchema.current else {
            return RecordingFault(
                offset: nil, kind: nil, sequence: nil,
                reason: "its events have the form \(reader.header.eventSchema); this program "
                    + "reads \(EventSchema.current)")
        }
        for frame in reader.frames {
            do {
                for row in try reader.rows(in: frame) {
                    if let fault = fault(of: row, in: frame) { return fault }
                    rowCount += 1
                }
            } catch {
                return RecordingFault(
                    offset: frame.offset, kind: nil, sequence: nil, reason: error.description)
            }
        }
        guard let offset = reader.tornAt else { return nil }
        return RecordingFault(
            offset: offset, kind: nil, sequence: nil,
            reason: RecordingError.tornTail(offset: offset).description)
    }

    private mutating func fault(of row: RecordingRow, in frame: PlacedFrame) -> RecordingFault? {
        defer { last[row.kind] = row }
        let reason = orderFault(of: row) ?? timeFault(of: row) ?? payloadFault(of: row)
        return reason.map {
            RecordingFault(
                offset: frame.offset, kind: row.kind, sequence: row.sequence, reason: $0)
        }
    }

    private mutating func orderFault(of row: RecordingRow) -> String? {
        guard let last = last[row.kind] else { return nil }
        guard row.sequence > last.sequence else {
            return "follows \(last.sequence): the numbers do not rise"
        }
        guard row.availableAt >= last.availableAt else {
            let span = (last.availableAt - row.availableAt).milliseconds
            return "goes back in time by \(span) ms"
        }
        // Checkpoints are named by events, of which most have none.
        guard row.kind != .checkpoint, row.sequence != last.sequence + 1 else { return nil }
        gapCount += 1
        return allowsGaps ? nil : "follows \(last.sequence): what lies between is missing"
    }

    private func timeFault(of row: RecordingRow) -> String? {
        guard row.eventAt > row.availableAt else { return nil }
        let span = (row.eventAt - row.availableAt).milliseconds
        return "is available \(span) ms before it happened"
    }

    private func payloadFault(of row: RecordingRow) -> String? {
        do {
            switch row.kind {
            case .exchange: _ = try row.exchange()
            case .checkpoint:
                _ = try JSONValue.parse(
                    row.payload,
                    limits: JSONLimits(
                        byteCountMax: RecordingLimits.standard.frameByteCountMax,
                        depthMax: JSONLimits.standard.depthMax))
            case .event: return eventFault(of: try row.event(), row)
            }
            return nil
        } catch {
            return "cannot be read: \(error)"
        }
    }

    private func eventFault(of event: Event, _ row: RecordingRow) -> String? {
        if event.sequence != row.sequence { return "says that it is event \(event.sequence)" }
        let span = (row.availableAt - event.receivedAt).milliseconds
        return event.receivedAt == row.availableAt
            ? nil : "stands \(span) ms behind the time at which it says that it came"
    }
}
