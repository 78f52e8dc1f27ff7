import CZstd
import KeeperCodec
import KeeperFeeds
import KeeperModel
import Testing

/// Frames with right checksums and wrong sizes: what only an attacker makes.
@Suite struct RecordingBombTests {
    let file: TemporaryRecording

    init() throws { file = try TemporaryRecording() }

    /// Appends a frame whose payload is these bytes, compressed, under a declared size.
    private func appendFrame(
        _ payload: [UInt8], declaring declaredByteCount: UInt32, rowCount: UInt32 = 1
    ) throws -> UInt64 {
        try file.write(1, isClosed: false)
        var compressed = [UInt8](repeating: 0, count: ZSTD_compressBound(payload.count))
        let count = ZSTD_compress(&compressed, compressed.count, payload, payload.count, 3)
        compressed.removeLast(compressed.count - count)
        var header = Array("BFR1".utf8) + [RowKind.exchange.rawValue, 0, 0, 0]
        for value in [rowCount, declaredByteCount, UInt32(count), CRC32.checksum(compressed)] {
            header += RecordingDamageTests.littleEndian(value)
        }
        header += [UInt8](repeating: 0, count: 36)
        header += RecordingDamageTests.littleEndian(CRC32.checksum(header))
        let whole = try file.bytes()
        try file.replace(with: whole + header + compressed)
        return UInt64(whole.count)
    }

    @Test func `a frame that claims little and inflates to much is stopped at its claim`() throws {
        let offset = try appendFrame([UInt8](repeating: 0, count: 200 << 20), declaring: 1024)
        #expect(throws: RecordingError.damaged(offset: offset, .inflation)) {
            try file.readAll(.exchange)
        }
    }

    @Test func `a frame that claims too much is not even begun`() throws {
        let offset = try appendFrame([0], declaring: .max)
        #expect(
            throws: RecordingError.tooLarge(
                offset: offset, declaredByteCount: UInt64(UInt32.max), byteCountMax: 64 << 20)
        ) { try file.readAll(.exchange) }
    }

    @Test func `a frame that claims more than it holds is refused`() throws {
        let offset = try appendFrame([0, 0, 0], declaring: 4)
        #expect(throws: RecordingError.damaged(offset: offset, .inflation)) {
            try file.readAll(.exchange)
        }
    }

    /// Rows that end early, claim too long a payload, or are not as many as the header says.
    @Test(arguments: [
        [UInt8](repeating: 0, count: 27), [UInt8](repeating: 0, count: 24) + [1, 0, 0, 0],
        [UInt8](repeating: 0, count: 24) + [255, 255, 255, 255],
        [UInt8](repeating: 0, count: 56), [],
    ])
    func `rows that do not fit their frame are refused`(payload: [UInt8]) throws {
        let offset = try appendFrame(payload, declaring: UInt32(payload.count))
        #expect(throws: RecordingError.damaged(offset: offset, .row)) {
            try file.readAll(.exchange)
        }
    }

    @Test func `a row whose payload is no JSON is not exported`() throws {
        let row = [UInt8](repeating: 0, count: 24) + [1, 0, 0, 0] + Array("{".utf8)
        let offset = try appendFrame(row, declaring: UInt32(row.count))
        let error = try #require(throws: RecordingError.self) {
            var lines = try RecordingReader(path: file.path).lines()
            while try lines.next() != nil {}
        }
        guard case .damaged(offset, .payload) = error else {
            Issue.record("\(error)")
            return
        }
    }

    /// Files of random bytes behind a good beginning: an answer or an error, never a crash.
    @Test(arguments: 1...40)
    func `noise is refused or adds no row`(seed: UInt64) throws {
        try file.write(20)
        var bytes = try file.bytes()
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        for _ in 0..<8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
        }
        try file.replace(with: bytes)
        do throws(RecordingError) {
            let reader = try RecordingReader(path: file.path)
            let rowCount = try reader.verify(allowsGaps: true)
            #expect(rowCount <= 20)
        } catch {
            if case .failed = error { Issue.record("a system call failed: \(error)") }
        }
    }
}
