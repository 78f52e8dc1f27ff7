import KeeperCodec

/// The bytes of a recording file.
///
///     magic (8) · format version (4) · header length (4) · header JSON · its SHA-256 (32)
///     frame … frame          each: FrameHeader (64) · rows, compressed by Zstandard
///     index frame            one entry for each frame before it: offset (8) · FrameHeader (64)
///     footer (32)            magic (8) · offset of the index (8) · zeros (12) · CRC-32 (4)
///
/// Integers are little-endian. The last two parts are there once the file is finished; a file
/// without them is read by walking its frames. Like the magic of PNG, the first bytes show
/// transfers that changed line ends or cut the eighth bit.
enum RecordingLayout {
    static let magic: [UInt8] = [0x89] + Array("BREC\r\n".utf8) + [0x1A]
    static let formatVersion: UInt32 = 1
    static let preambleByteCount = 16

    static let footerMagic: [UInt8] = Array("BRECEND\n".utf8)
    static let footerByteCount = 32
    static let indexEntryByteCount = 8 + FrameHeader.byteCount

    static func encoded(_ header: RecordingHeader) -> [UInt8] {
        let json = header.jsonBytes
        var bytes = magic
        bytes.appendLittleEndian(formatVersion)
        bytes.appendLittleEndian(UInt32(json.count))
        return bytes + json + SHA256.hash(json)
    }

    static func encodedIndex(_ frames: [PlacedFrame]) -> [UInt8] {
        frames.reduce(into: []) { bytes, frame in
            bytes.appendLittleEndian(frame.offset)
            bytes += frame.header.encoded()
        }
    }

    static func decodedIndex(_ bytes: [UInt8]) -> [PlacedFrame]? {
        guard bytes.count % indexEntryByteCount == 0 else { return nil }
        var reader = LittleEndianReader(bytes)
        var frames: [PlacedFrame] = []
        while reader.remainingByteCount > 0 {
            let offset: UInt64 = reader.integer()
            guard let header = FrameHeader(decoding: reader.take(FrameHeader.byteCount)) else {
                return nil
            }
            frames.append(PlacedFrame(offset: offset, header: header))
        }
        return frames
    }

    static func encodedFooter(indexOffset: UInt64) -> [UInt8] {
        var bytes = footerMagic
        bytes.appendLittleEndian(indexOffset)
        bytes += [UInt8](repeating: 0, count: 12)
        bytes.appendLittleEndian(CRC32.checksum(bytes))
        return bytes
    }

    /// Where the index is, if these are the last bytes of a finished file.
    static func indexOffset(inFooter bytes: [UInt8]) -> UInt64? {
        guard bytes.count == footerByteCount, bytes.starts(with: footerMagic) else { return nil }
        var reader = LittleEndianReader(bytes, from: footerMagic.count)
        let offset: UInt64 = reader.integer()
        return encodedFooter(indexOffset: offset) == bytes ? offset : nil
    }
}
