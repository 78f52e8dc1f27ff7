import KeeperCodec

extension RecordingReader {
    /// Writes the rows of some kinds as lines of JSON, frame by frame in the order of the file.
    /// Each line goes to `sink` with its newline. Returns how many there were.
    package func exportLines(
        of kinds: Set<RowKind> = Set(RowKind.allCases), to sink: ([UInt8]) -> Void
    ) throws(RecordingError) -> Int {
        var lineCount = 0
        for frame in frames {
            guard case .rows(let kind) = frame.header.kind, kinds.contains(kind) else { continue }
            for row in try rows(in: frame) {
                sink(try row.line(in: frame))
                lineCount += 1
            }
        }
        return lineCount
    }
}

extension RecordingRow {
    fileprivate func line(in frame: PlacedFrame) throws(RecordingError) -> [UInt8] {
        do throws(JSONError) {
            var scanner = try JSONScanner(payload)
            try scanner.skipValue()
            try scanner.finish()
        } catch {
            throw .damaged(offset: frame.offset, .payload(detail: error.description))
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
