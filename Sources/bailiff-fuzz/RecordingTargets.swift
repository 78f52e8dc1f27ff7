import Glibc
import KeeperCodec
import KeeperModel

@testable import KeeperFeeds

/// Recordings: as they are, with their checksums mended so that what lies behind them is reached,
/// and rows alone in a frame that is in order.
let recordingDecoders: [FuzzMember] = [
    FuzzMember("recording", seeds: { try $0.recordings() }) { bytes in try readAll(bytes) },
    FuzzMember("recording-mended", seeds: { try $0.recordings() }) { bytes in
        try readAll(MendedRecording(bytes).bytes)
    },
    FuzzMember("recording-rows", seeds: { $0.rows() }) { bytes in
        try readAll(framed(bytes))
    },
]

private func readAll(_ bytes: [UInt8]) throws {
    let path = try ScratchFile.shared.hold(bytes)
    let reader = try RecordingReader(path: path, limits: fuzzLimits)
    // What one way of reading refuses, the others are still to be tried on.
    _ = try? reader.checkpoint(before: Instant(nanoseconds: .max))
    // The same.
    var lines = reader.lines()
    while let line = try? lines.next() { precondition(!line.isEmpty, "A line has a newline") }
    var check = RecordingCheck(reader, allowsGaps: true)
    _ = check.firstFault()
    _ = try reader.verify(allowsGaps: true)
}

/// A hundredth of what is taken otherwise, so that a bomb is told from an honest file.
private let fuzzLimits = RecordingLimits(
    headerByteCountMax: 1 << 20, frameByteCountMax: 1 << 20)

/// One frame with these bytes as its rows, in a file that was not finished.
private func framed(_ rows: [UInt8]) -> [UInt8] {
    var extent = FrameExtent()
    var reader = LittleEndianReader(rows)
    while reader.remainingByteCount >= RecordingRow.fixedByteCount {
        let availableAt = Instant(nanoseconds: reader.integer())
        let eventAt = Instant(nanoseconds: reader.integer())
        let sequence: UInt64 = reader.integer()
        let count = min(Int(reader.integer(UInt32.self)), reader.remainingByteCount)
        extent.extend(
            by: RecordingRow(
                kind: .event, availableAt: availableAt, eventAt: eventAt, sequence: sequence,
                payload: reader.take(count)))
    }
    let compressed = Zstandard().compress(rows)
    let header = FrameHeader(
        kind: .rows(.event), rows: extent, uncompressedByteCount: rows.count,
        compressed: compressed)
    return RecordingLayout.encoded(SeedSource.recordingHeader) + header.encoded() + compressed
}

/// A recording whose checksums fit again, as far as its frames can be followed.
private struct MendedRecording {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var offset = mendHeader()
        while let end = mendFrame(at: offset) { offset = end }
        mendFooter()
    }

    /// Where the frames begin.
    private mutating func mendHeader() -> Int {
        let start = RecordingLayout.preambleByteCount
        guard bytes.count > start else { return bytes.count }
        var reader = LittleEndianReader(bytes, from: start - 4)
        let end = start + Int(reader.integer(UInt32.self))
        guard end + SHA256.digestByteCount <= bytes.count else { return bytes.count }
        bytes.replaceSubrange(
            end..<end + SHA256.digestByteCount, with: SHA256.hash(Array(bytes[start..<end])))
        return end + SHA256.digestByteCount
    }

    private mutating func mendFrame(at offset: Int) -> Int? {
        let payload = offset + FrameHeader.byteCount
        guard payload <= bytes.count, bytes[offset...].starts(with: FrameHeader.magic) else {
            return nil
        }
        var reader = LittleEndianReader(bytes, from: offset + 16)
        let end = payload + Int(reader.integer(UInt32.self))
        guard end <= bytes.count else { return nil }
        put(CRC32.checksum(Array(bytes[payload..<end])), at: offset + 20)
        put(CRC32.checksum(Array(bytes[offset..<payload - 4])), at: payload - 4)
        return end
    }

    private mutating func mendFooter() {
        let start = bytes.count - RecordingLayout.footerByteCount
        guard start >= 0, bytes[start...].starts(with: RecordingLayout.footerMagic) else { return }
        put(CRC32.checksum(Array(bytes[start..<bytes.count - 4])), at: bytes.count - 4)
    }

    private mutating func put(_ value: UInt32, at offset: Int) {
        var encoded: [UInt8] = []
        encoded.appendLittleEndian(value)
        bytes.replaceSubrange(offset..<offset + 4, with: encoded)
    }
}

/// A file in memory that holds one input after the other.
final class ScratchFile: Sendable {
    static let shared = ScratchFile()
    private let descriptor: Int32

    private init() {
        var name = Array("/dev/shm/bailiff-fuzz-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        precondition(descriptor >= 0, "there is no room in /dev/shm")
        // It lives as long as the process holds it.
        unlink(&name)
    }

    /// Where the bytes can be read until the next ones come.
    func hold(_ bytes: [UInt8]) throws -> String {
        let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, bytes.count, 0) }
        precondition(
            count == bytes.count && ftruncate(descriptor, bytes.count) == 0,
            "an input fits into memory")
        return "/proc/self/fd/\(descriptor)"
    }
}
