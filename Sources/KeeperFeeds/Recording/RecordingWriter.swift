import KeeperModel

/// Writes one recording. Rows of each kind gather in memory and leave as a frame when there are
/// enough of them; `flush` sends them earlier, `close` finishes the file and waits for the disk.
///
/// A writer that is dropped without `close` leaves a file that ends with its last whole frame. Not
/// Sendable.
package final class RecordingWriter {
    private let file: RecordingFile
    private let limits: RecordingLimits
    private let zstandard = Zstandard()
    private var pending: [RowKind: PendingRows] = [:]
    private var frames: [PlacedFrame] = []
    private var isClosed = false
    /// How many bytes are in the file.
    package private(set) var byteCount: UInt64

    /// A frame leaves when its rows have so many bytes: small enough to seek, large enough to
    /// compress.
    package static let frameByteCount = 256 << 10

    /// Creates the file; one that exists is never overwritten.
    package init(
        path: String, header: RecordingHeader, limits: RecordingLimits = .standard
    ) throws(RecordingError) {
        let bytes = RecordingLayout.encoded(header)
        guard bytes.count <= limits.headerByteCountMax else {
            throw .malformedHeader(detail: "longer than \(limits.headerByteCountMax) bytes")
        }
        file = try RecordingFile(path: path, mode: .creating)
        self.limits = limits
        byteCount = UInt64(bytes.count)
        try file.write(bytes)
        try file.synchronizeDirectory()
    }

    /// Adds a row. Within a kind, time never goes back and the sequence rises.
    package func append(_ row: RecordingRow) throws(RecordingError) {
        precondition(!isClosed, "a closed recording takes no row")
        let rowByteCount = row.payload.count + RecordingRow.fixedByteCount
        guard rowByteCount <= limits.frameByteCountMax else {
            throw .rowTooLarge(byteCount: rowByteCount)
        }
        var rows = pending[row.kind] ?? PendingRows()
        if let last = rows.last {
            guard row.availableAt >= last.availableAt, row.sequence > last.sequence else {
                throw .timeWentBack(offset: byteCount, kind: row.kind, sequence: row.sequence)
            }
        }
        // What a checkpoint stands on comes before it in the file.
        if row.kind == .checkpoint { try flush(.event) }
        if rows.bytes.count + rowByteCount > limits.frameByteCountMax {
            try flush(row.kind)
            rows = pending[row.kind] ?? rows
        }
        // Taken out while it grows: two owners would copy the rows with every one of them.
        pending[row.kind] = nil
        rows.append(row)
        let isFull = rows.bytes.count >= Self.frameByteCount || row.kind == .checkpoint
        pending[row.kind] = rows
        if isFull { try flush(row.kind) }
    }

    /// Writes what has gathered; `isDurable` also waits for the disk.
    package func flush(isDurable: Bool = false) throws(RecordingError) {
        for kind in RowKind.allCases { try flush(kind) }
        if isDurable { try file.synchronize() }
    }

    /// Finishes the file with its index and waits for the disk.
    package func close() throws(RecordingError) {
        precondition(!isClosed, "a recording is closed once")
        try flush()
        isClosed = true
        try RecordingEnd.write(frames, at: byteCount, to: file, zstandard)
        try file.synchronize()
    }

    private func flush(_ kind: RowKind) throws(RecordingError) {
        guard let rows = pending[kind], rows.extent.count > 0 else { return }
        let compressed = zstandard.compress(rows.bytes)
        let header = FrameHeader(
            kind: .rows(kind), rows: rows.extent, uncompressedByteCount: rows.bytes.count,
            compressed: compressed)
        try file.write(header.encoded() + compressed)
        let frame = PlacedFrame(offset: byteCount, header: header)
        frames.append(frame)
        byteCount = frame.end
        pending[kind]?.startOver()
    }
}

/// Rows of one kind that have not left yet.
private struct PendingRows {
    var bytes: [UInt8] = []
    var extent = FrameExtent()
    var last: (availableAt: Instant, sequence: UInt64)?

    mutating func append(_ row: RecordingRow) {
        row.encode(to: &bytes)
        extent.extend(by: row)
        last = (row.availableAt, row.sequence)
    }

    mutating func startOver() {
        bytes.removeAll(keepingCapacity: true)
        extent = FrameExtent()
    }
}

/// The index and footer of a finished file.
enum RecordingEnd {
    static func write(
        _ frames: [PlacedFrame], at offset: UInt64, to file: borrowing RecordingFile,
        _ zstandard: Zstandard
    ) throws(RecordingError) {
        let index = RecordingLayout.encodedIndex(frames)
        let compressed = zstandard.compress(index)
        var extent = FrameExtent()
        extent.count = frames.count
        let header = FrameHeader(
            kind: .index, rows: extent, uncompressedByteCount: index.count, compressed: compressed)
        let footer = RecordingLayout.encodedFooter(indexOffset: offset)
        try file.write(header.encoded() + compressed + footer)
    }
}
