import KeeperCodec

/// Finds the parts of a recording file: shared by the reader and the repair.
struct RecordingWalk {
    let byteCount: UInt64
    /// Where the frames begin.
    let bodyOffset: UInt64
    private let headerByteCount: Int
    private let limits: RecordingLimits

    /// Reads the first bytes: what kind of file this is, and how long its header.
    init(_ file: borrowing RecordingFile, _ limits: RecordingLimits) throws(RecordingError) {
        self.limits = limits
        byteCount = try file.byteCount()
        let bytes = try file.read(at: 0, byteCount: RecordingLayout.preambleByteCount)
        guard bytes.starts(with: RecordingLayout.magic) else {
            throw .notARecording(path: file.path)
        }
        guard bytes.count == RecordingLayout.preambleByteCount else { throw .tornTail(offset: 0) }
        var reader = LittleEndianReader(bytes, from: RecordingLayout.magic.count)
        let version: UInt32 = reader.integer()
        guard version == RecordingLayout.formatVersion else {
            throw .unknownVersion(found: version, known: RecordingLayout.formatVersion)
        }
        headerByteCount = Int(reader.integer(UInt32.self))
        guard headerByteCount <= limits.headerByteCountMax else {
            throw .tooLarge(
                offset: 0, declaredByteCount: UInt64(headerByteCount),
                byteCountMax: UInt64(limits.headerByteCountMax))
        }
        bodyOffset = UInt64(bytes.count + headerByteCount + SHA256.digestByteCount)
        // Nothing can be rebuilt from a file that ends in its header.
        guard bodyOffset <= byteCount else { throw .tornTail(offset: 0) }
    }

    func header(of file: borrowing RecordingFile) throws(RecordingError) -> RecordingHeader {
        let start = UInt64(RecordingLayout.preambleByteCount)
        let bytes = try file.read(
            at: start, byteCount: headerByteCount + SHA256.digestByteCount)
        let json = Array(bytes.prefix(headerByteCount))
        guard Array(bytes.dropFirst(headerByteCount)) == SHA256.hash(json) else {
            throw .damaged(offset: start, .checksum)
        }
        let header: RecordingHeader
        do throws(JSONFormError) {
            let jsonLimits = JSONLimits(byteCountMax: limits.headerByteCountMax, depthMax: 8)
            header = try RecordingHeader(jsonBytes: json, limits: jsonLimits)
        } catch {
            throw .malformedHeader(detail: error.description)
        }
        if let name = header.brokenPin { throw .pinBroken(name: name) }
        return header
    }

    // MARK: Frames

    /// Where the index of a finished file is.
    func indexOffset(in file: borrowing RecordingFile) throws(RecordingError) -> UInt64? {
        let footerByteCount = UInt64(RecordingLayout.footerByteCount)
        guard byteCount >= bodyOffset + footerByteCount else { return nil }
        let footer = try file.read(
            at: byteCount - footerByteCount, byteCount: RecordingLayout.footerByteCount)
        return RecordingLayout.indexOffset(inFooter: footer)
    }

    func indexedFrames(
        at offset: UInt64, in file: borrowing RecordingFile, _ zstandard: Zstandard
    ) throws(RecordingError) -> [PlacedFrame] {
        guard offset >= bodyOffset, offset < byteCount,
            case .frame(let index) =
                try step(at: offset, in: file), index.header.kind == .index
        else { throw .damaged(offset: offset, .index) }
        let bytes = try Self.payload(of: index, in: file, limits, zstandard)
        guard let frames = RecordingLayout.decodedIndex(bytes),
            frames.count == Int(index.header.rowCount)
        else { throw .damaged(offset: offset, .index) }
        // The frames must lie end to end between header and index.
        var expected = bodyOffset
        for frame in frames {
            guard frame.offset == expected, case .rows = frame.header.kind else {
                throw .damaged(offset: offset, .index)
            }
            expected = frame.end
        }
        guard expected == offset else { throw .damaged(offset: offset, .index) }
        return frames
    }

    /// All frames of a file without a footer, found by going from one to the next, and where a
    /// torn one begins.
    func walkedFrames(
        in file: borrowing RecordingFile
    ) throws(RecordingError) -> (frames: [PlacedFrame], tornAt: UInt64?) {
        var frames: [PlacedFrame] = []
        var offset = bodyOffset
        while true {
            switch try step(at: offset, in: file) {
            case .end: return (frames, nil)
            case .torn: return (frames, offset)
            case .bad: throw .damaged(offset: offset, .frameHeader)
            case .frame(let frame):
                // An index without its footer: the writer was stopped between the two.
                if frame.header.kind == .index { return (frames, nil) }
                frames.append(frame)
                offset = frame.end
            }
        }
    }

    enum Step {
        case frame(PlacedFrame)
        case end
        /// The file ends inside the frame.
        case torn
        /// No header of ours stands here.
        case bad
    }

    func step(
        at offset: UInt64, in file: borrowing RecordingFile
    ) throws(RecordingError) -> Step {
        if offset == byteCount { return .end }
        let bytes = try file.read(at: offset, byteCount: FrameHeader.byteCount)
        guard bytes.count == FrameHeader.byteCount else { return .torn }
        guard let header = FrameHeader(decoding: bytes) else { return .bad }
        let frame = PlacedFrame(offset: offset, header: header)
        return frame.end <= byteCount ? .frame(frame) : .torn
    }

    /// What a frame holds, inflated, with its header read again from the file.
    static func payload(
        of frame: PlacedFrame, in file: borrowing RecordingFile, _ limits: RecordingLimits,
        _ zstandard: Zstandard
    ) throws(RecordingError) -> [UInt8] {
        let declared = Int(frame.header.uncompressedByteCount)
        let compressedByteCount = Int(frame.header.compressedByteCount)
        let compressedMax = Zstandard.compressedByteCountMax(of: limits.frameByteCountMax)
        guard declared <= limits.frameByteCountMax, compressedByteCount <= compressedMax else {
            throw .tooLarge(
                offset: frame.offset, declaredByteCount: UInt64(max(declared, compressedByteCount)),
                byteCountMax: UInt64(limits.frameByteCountMax))
        }
        let bytes = try file.read(
            at: frame.offset, byteCount: FrameHeader.byteCount + compressedByteCount)
        guard Array(bytes.prefix(FrameHeader.byteCount)) == frame.header.encoded() else {
            throw .damaged(offset: frame.offset, .frameHeader)
        }
        let compressed = Array(bytes.dropFirst(FrameHeader.byteCount))
        guard compressed.count == compressedByteCount,
            CRC32.checksum(compressed) == frame.header.compressedCRC32
        else { throw .damaged(offset: frame.offset, .checksum) }
        guard let payload = zstandard.decompress(compressed, byteCount: declared) else {
            throw .damaged(offset: frame.offset, .inflation)
        }
        return payload
    }
}
