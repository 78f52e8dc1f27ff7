import KeeperCodec
package import KeeperModel

/// What the frames of a recording say of it, without reading a row.
package struct RecordingInfo {
    package struct Kind: Hashable, Sendable {
        package let kind: RowKind
        package let frameCount: UInt64
        package let rowCount: UInt64
        package let byteCount: UInt64
        package let unpackedByteCount: UInt64
        package let firstAvailableAt: Instant
        package let lastAvailableAt: Instant
    }

    package enum Tail: Hashable, Sendable {
        /// Closed by its writer, with an index.
        case finished
        /// Its writer was stopped; the last frame is whole.
        case unfinished
        /// Its writer was stopped in the middle of a frame.
        case torn(at: UInt64, byteCount: UInt64)

        package var name: String {
            switch self {
            case .finished: "finished"
            case .unfinished: "unfinished"
            case .torn: "torn"
            }
        }
    }

    package let header: RecordingHeader
    package let byteCount: UInt64
    package let sha256: [UInt8]
    package let kinds: [Kind]
    package let tail: Tail

    package init(_ reader: RecordingReader) throws(RecordingError) {
        header = reader.header
        byteCount = reader.byteCount
        sha256 = try reader.sha256()
        kinds = RowKind.allCases.compactMap { Kind($0, reader.frames.map(\.header)) }
        tail =
            if reader.isFinished {
                .finished
            } else if let torn = reader.tornAt {
                .torn(at: torn, byteCount: reader.byteCount - torn)
            } else {
                .unfinished
            }
    }
}

extension RecordingInfo.Kind {
    /// Nil for a kind that the file has none of.
    fileprivate init?(_ kind: RowKind, _ all: [FrameHeader]) {
        let frames = all.filter { $0.kind == .rows(kind) }
        guard let first = frames.first, let last = frames.last else { return nil }
        self.kind = kind
        frameCount = UInt64(frames.count)
        rowCount = frames.reduce(0) { $0 + UInt64($1.rowCount) }
        byteCount = frames.reduce(0) {
            $0 + UInt64(FrameHeader.byteCount) + UInt64($1.compressedByteCount)
        }
        unpackedByteCount = frames.reduce(0) { $0 + UInt64($1.uncompressedByteCount) }
        firstAvailableAt = first.firstAvailableAt
        lastAvailableAt = last.lastAvailableAt
    }
}
