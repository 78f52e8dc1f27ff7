import KeeperCodec

extension RecordingReader {
    /// The rows of some kinds as lines of JSON, each with its newline, in the order of the file.
    package func lines(of kinds: Set<RowKind> = Set(RowKind.allCases)) -> RecordingLines {
        RecordingLines(reader: self, kinds: kinds)
    }
}

/// One frame at a time, so that a year needs no more memory than a minute.
package struct RecordingLines {
    private let reader: RecordingReader
    private let kinds: Set<RowKind>
    private var frames: ArraySlice<PlacedFrame>
    private var rows: ArraySlice<RecordingRow> = []
    private var offset: UInt64 = 0

    fileprivate init(reader: RecordingReader, kinds: Set<RowKind>) {
        self.reader = reader
        self.kinds = kinds
        frames = reader.frames[...]
    }

    /// Nil behind the last.
    package mutating func next() throws(RecordingError) -> [UInt8]? {
        while true {
            if let row = rows.popFirst() { return try row.line(inFrameAt: offset) }
            guard let frame = frames.popFirst() else { return nil }
            guard case .rows(let kind) = frame.header.kind, kinds.contains(kind) else { continue }
            rows = try reader.rows(in: frame)[...]
            offset = frame.offset
        }
    }
}

extension RecordingRow {
    fileprivate func line(inFrameAt offset: UInt64) throws(RecordingError) -> [UInt8] {
        do throws(JSONError) {
            var scanner = try JSONScanner(payload)
            try scanner.skipValue()
            try scanner.finish()
        } catch {
            throw .damaged(offset: offset, .payload(detail: error.description))
        }
        var json = JSONWriter(reservingBytes: payload.count + 128)
        json.beginObject()
        json.member("kind", kind.name)
        json.member("availableAt", availableAt)
        json.member("eventAt", eventAt)
        json.member("sequence", sequence)
        json.key("payload")
        json.embed(payload)
        json.endObject()
        var line = json.finish()
        // White space between tokens is legal in a payload, a line end within a line is not.
        line.removeAll { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
