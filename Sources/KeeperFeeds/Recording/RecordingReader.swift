import KeeperCodec
package import KeeperModel

/// Where a replay starts.
package enum RecordingPosition: Hashable, Sendable {
    case start
    /// At the first row with this sequence or a later one.
    case sequence(UInt64)
    /// At the first row that became available then or later.
    case instant(Instant)
}

/// Reads one recording. Opening checks header, hashes and the list of frames; rows are checked as
/// they are read. Nothing in the file is believed before its checksum, and no size before its
/// limit. Not Sendable.
package final class RecordingReader {
    package let header: RecordingHeader
    /// All frames with rows, in the order of the file.
    package let frames: [PlacedFrame]
    /// Whether the writer closed the file; otherwise it ends with the last frame that was flushed.
    package let isFinished: Bool
    /// Where a frame begins that the file ends in; nil where the last one is whole.
    package let tornAt: UInt64?
    package let byteCount: UInt64

    private let file: RecordingFile
    private let limits: RecordingLimits
    private let zstandard = Zstandard()

    /// A torn tail is an error, because who replays has to know that something is missing; or it is
    /// left out, for whoever only looks.
    package init(
        path: String, limits: RecordingLimits = .standard, leavesTornTail: Bool = false
    ) throws(RecordingError) {
        let file = try RecordingFile(path: path, mode: .reading)
        let walk = try RecordingWalk(file, limits)
        header = try walk.header(of: file)
        byteCount = walk.byteCount
        if let indexOffset = try walk.indexOffset(in: file) {
            frames = try walk.indexedFrames(at: indexOffset, in: file, zstandard)
            (isFinished, tornAt) = (true, nil)
        } else {
            (frames, tornAt) = try walk.walkedFrames(in: file)
            isFinished = false
            if let tornAt, !leavesTornTail { throw .tornTail(offset: tornAt) }
        }
        self.file = file
        self.limits = limits
    }

    /// Rows of one kind from a position on. A gap in the sequence is an error unless allowed.
    package func rows(
        of kind: RowKind, from position: RecordingPosition = .start, allowsGaps: Bool = false
    ) -> RecordingCursor {
        let wanted = frames.filter { $0.header.kind == .rows(kind) }
        let frames = wanted.drop { frame in
            switch position {
            case .start: false
            case .sequence(let sequence): frame.header.lastSequence < sequence
            case .instant(let instant): frame.header.lastAvailableAt < instant
            }
        }
        return RecordingCursor(
            reader: self, kind: kind, frames: frames, position: position, allowsGaps: allowsGaps)
    }

    /// The last checkpoint that a replay from this moment may start with.
    package func checkpoint(before instant: Instant) throws(RecordingError) -> RecordingRow? {
        let candidates = frames.filter {
            $0.header.kind == .rows(.checkpoint) && $0.header.firstAvailableAt < instant
        }
        guard let frame = candidates.last else { return nil }
        return try rows(in: frame).last { $0.availableAt < instant }
    }

    package func firstCheckpoint() throws(RecordingError) -> RecordingRow? {
        let first = frames.first { $0.header.kind == .rows(.checkpoint) }
        return try first.flatMap { (frame) throws(RecordingError) in
            try rows(in: frame).first
        }
    }

    /// The hash of the whole file, a piece at a time.
    package func sha256() throws(RecordingError) -> [UInt8] {
        var hasher = SHA256()
        var offset: UInt64 = 0
        while offset < byteCount {
            let piece = try file.read(at: offset, byteCount: 1 << 20)
            guard !piece.isEmpty else { break }
            hasher.update(piece)
            offset += UInt64(piece.count)
        }
        return hasher.finish()
    }

    /// Reads every row of every frame; returns how many there are.
    package func verify(allowsGaps: Bool = false) throws(RecordingError) -> Int {
        var count = 0
        for kind in RowKind.allCases {
            var cursor = rows(of: kind, allowsGaps: allowsGaps)
            while try cursor.next() != nil { count += 1 }
        }
        return count
    }

    package func rows(in frame: PlacedFrame) throws(RecordingError) -> [RecordingRow] {
        guard case .rows(let kind) = frame.header.kind else {
            preconditionFailure("an index has no rows")
        }
        let bytes = try RecordingWalk.payload(of: frame, in: file, limits, zstandard)
        var reader = LittleEndianReader(bytes)
        var rows: [RecordingRow] = []
        while reader.remainingByteCount > 0 {
            guard let row = RecordingRow(decoding: &reader, kind: kind) else {
                throw .damaged(offset: frame.offset, .row)
            }
            rows.append(row)
        }
        guard rows.count == Int(frame.header.rowCount),
            rows.first?.sequence == frame.header.firstSequence,
            rows.last?.sequence == frame.header.lastSequence,
            rows.first?.availableAt == frame.header.firstAvailableAt,
            rows.last?.availableAt == frame.header.lastAvailableAt
        else { throw .damaged(offset: frame.offset, .row) }
        return rows
    }
}

/// Goes through rows of one kind, frame by frame.
package struct RecordingCursor {
    private let reader: RecordingReader
    private let kind: RowKind
    private var frames: ArraySlice<PlacedFrame>
    private let position: RecordingPosition
    private let allowsGaps: Bool
    private var rows: ArraySlice<RecordingRow> = []
    private var frameOffset: UInt64 = 0
    private var last: (availableAt: Instant, sequence: UInt64)?
    /// How many times the sequence left something out.
    package private(set) var gapCount = 0

    fileprivate init(
        reader: RecordingReader, kind: RowKind, frames: ArraySlice<PlacedFrame>,
        position: RecordingPosition, allowsGaps: Bool
    ) {
        self.reader = reader
        self.kind = kind
        self.frames = frames
        self.position = position
        self.allowsGaps = allowsGaps
    }

    /// The next row, or nil behind the last.
    package mutating func next() throws(RecordingError) -> RecordingRow? {
        while true {
            guard let row = rows.popFirst() else {
                guard let frame = frames.popFirst() else { return nil }
                rows = try reader.rows(in: frame)[...]
                frameOffset = frame.offset
                continue
            }
            try checkOrder(row)
            if isWanted(row) { return row }
        }
    }

    private func isWanted(_ row: RecordingRow) -> Bool {
        switch position {
        case .start: true
        case .sequence(let sequence): row.sequence >= sequence
        case .instant(let instant): row.availableAt >= instant
        }
    }

    private mutating func checkOrder(_ row: RecordingRow) throws(RecordingError) {
        defer { last = (row.availableAt, row.sequence) }
        guard let last else { return }
        guard row.availableAt >= last.availableAt, row.sequence > last.sequence else {
            throw .timeWentBack(offset: frameOffset, kind: kind, sequence: row.sequence)
        }
        // Checkpoints are named by events, of which most have none.
        guard kind != .checkpoint, row.sequence != last.sequence + 1 else { return }
        guard allowsGaps else {
            throw .gap(
                offset: frameOffset, kind: kind, expected: last.sequence + 1, found: row.sequence)
        }
        gapCount += 1
    }
}

extension RecordingRow {
    /// Nil where the bytes end too early.
    fileprivate init?(decoding reader: inout LittleEndianReader, kind: RowKind) {
        guard reader.remainingByteCount >= Self.fixedByteCount else { return nil }
        let availableAt = Instant(nanoseconds: reader.integer())
        let eventAt = Instant(nanoseconds: reader.integer())
        let sequence: UInt64 = reader.integer()
        let payloadByteCount = Int(reader.integer(UInt32.self))
        guard payloadByteCount <= reader.remainingByteCount else { return nil }
        self.init(
            kind: kind, availableAt: availableAt, eventAt: eventAt, sequence: sequence,
            payload: reader.take(payloadByteCount))
    }
}
