import KeeperCodec
import KeeperFeeds
import KeeperModel
import Testing

@Suite struct RecordingDamageTests {
    let file: TemporaryRecording

    init() throws { file = try TemporaryRecording() }

    /// The file of a writer that was killed, cut after every possible byte of its last frame.
    @Test func `a torn tail is found, named and cut off`() throws {
        try file.write(30, isClosed: false)
        let whole = try file.bytes()
        let frames = try RecordingReader(path: file.path).frames
        let last = try #require(frames.last)
        #expect(frames.count == 3)
        #expect(try file.readAll().count == 30)
        for byteCount in (Int(last.offset) + 1)..<whole.count {
            try file.replace(with: Array(whole[..<byteCount]))
            #expect(throws: RecordingError.tornTail(offset: last.offset)) {
                try RecordingReader(path: file.path)
            }
            guard byteCount % 16 == 0 else { continue }
            let report = try file.repair()
            #expect(report.keptFrameCount == 2 && !report.wasFinished)
            #expect(report.removedByteCount == UInt64(byteCount) - last.offset)
            #expect(try file.bytes() == Array(whole[..<byteCount]), "the original stays")
            try file.takeCopy()
            #expect(try RecordingReader(path: file.path).isFinished)
            #expect(try file.readAll().map(\.sequence) == Array(1...20))
        }
    }

    @Test func `a repaired file needs no second repair`() throws {
        try file.write(30, isClosed: false)
        _ = try file.repair()
        try file.takeCopy()
        let repaired = try file.bytes()
        let again = try file.repair()
        #expect(again.keptFrameCount == 3 && again.removedByteCount == 0 && again.wasFinished)
        try file.takeCopy()
        #expect(try file.bytes() == repaired)
    }

    @Test func `a killed writer's file and its repair equal a closed one`() throws {
        try file.write(30, isClosed: false)
        _ = try file.repair()
        try file.takeCopy()
        let closed = try TemporaryRecording()
        try closed.write(30)
        #expect(try file.bytes() == closed.bytes())
    }

    @Test func `a tail of zeros or garbage is cut off`() throws {
        try file.write(20, isClosed: false)
        let whole = try file.bytes()
        for tail in [[UInt8](repeating: 0, count: 5_000), Array("BFR1 no frame".utf8)] {
            try file.replace(with: whole + tail)
            #expect(throws: RecordingError.self) { try RecordingReader(path: file.path) }
            let report = try file.repair()
            try file.takeCopy()
            #expect(report.removedByteCount == UInt64(tail.count))
            #expect(try file.readAll().count == 20)
        }
    }

    /// One bit flipped in every byte of the second of three frames.
    @Test(arguments: [true, false])
    func `a flipped bit in the middle is named by its frame and never cut`(isClosed: Bool) throws {
        try file.write(30, isClosed: isClosed)
        let whole = try file.bytes()
        let frame = try RecordingReader(path: file.path).frames[1]
        let end = try RecordingReader(path: file.path).frames[2].offset
        for position in Int(frame.offset)..<Int(end) {
            var bytes = whole
            bytes[position] ^= 1 << UInt8(position % 8)
            try file.replace(with: bytes)
            let error = try #require(throws: RecordingError.self) { try file.readAll() }
            guard case .damaged(frame.offset, _) = error else {
                Issue.record("bit in byte \(position): \(error)")
                continue
            }
            guard position % 8 == 0 else { continue }
            #expect(throws: RecordingError.self) { try file.repair() }
            #expect(try file.bytes() == bytes)
            #expect(!file.hasCopy, "what is refused leaves no file")
        }
    }

    @Test func `rows before the damage are still read`() throws {
        try file.write(30)
        var bytes = try file.bytes()
        let frame = try RecordingReader(path: file.path).frames[1]
        bytes[Int(frame.offset) + 70] ^= 1
        try file.replace(with: bytes)
        var cursor = try RecordingReader(path: file.path).rows(of: .event)
        for expected in UInt64(1)...10 { #expect(try cursor.next()?.sequence == expected) }
        #expect(throws: RecordingError.damaged(offset: frame.offset, .checksum)) {
            try cursor.next()
        }
    }

    @Test func `a damaged index is written anew`() throws {
        try file.write(30)
        let whole = try file.bytes()
        let last = try #require(try RecordingReader(path: file.path).frames.last)
        var bytes = whole
        bytes[whole.count - 40] ^= 1
        try file.replace(with: bytes)
        #expect(throws: RecordingError.self) { try RecordingReader(path: file.path) }
        _ = try file.repair()
        try file.takeCopy()
        #expect(try file.bytes() == whole)
        // Stopped between index and footer, or in the footer.
        for missing in 1...32 {
            try file.replace(with: Array(whole.dropLast(missing)))
            #expect(throws: (any Error).self) {
                guard try RecordingReader(path: file.path).isFinished else {
                    throw RecordingError.tornTail(offset: last.offset)
                }
            }
            _ = try file.repair()
            try file.takeCopy()
            #expect(try file.bytes() == whole)
        }
    }

    @Test func `another version is refused before anything else is read`() throws {
        try file.write(1)
        var bytes = try file.bytes()
        bytes[8] = 2
        try file.replace(with: Array(bytes[..<20]))
        #expect(throws: RecordingError.unknownVersion(found: 2, known: 1)) {
            try RecordingReader(path: file.path)
        }
    }

    @Test func `what is no recording is refused`() throws {
        for text in ["", "{\"a\":1}", String(repeating: "x", count: 4_000)] {
            try file.replace(with: Array(text.utf8))
            #expect(throws: RecordingError.notARecording(path: file.path)) {
                try RecordingReader(path: file.path)
            }
        }
        #expect(throws: RecordingError.notARecording(path: file.directory)) {
            try RecordingReader(path: file.directory)
        }
        #expect(throws: RecordingError.failed(call: "open", code: 2, path: "/none")) {
            try RecordingReader(path: "/none")
        }
    }

    @Test func `a header that was changed is refused`() throws {
        try file.write(1)
        let whole = try file.bytes()
        for position in [16, 40, 200] {
            var bytes = whole
            bytes[position] ^= 1
            try file.replace(with: bytes)
            #expect(throws: RecordingError.damaged(offset: 16, .checksum)) {
                try RecordingReader(path: file.path)
            }
        }
        try file.replace(with: Array(whole[..<60]))
        #expect(throws: RecordingError.tornTail(offset: 0)) { try RecordingReader(path: file.path) }
    }

    /// The header's own hash is right here: somebody exchanged the configuration on purpose.
    @Test func `a pinned text without its hash is refused`() throws {
        let text = String(decoding: TemporaryRecording.header.jsonBytes, as: UTF8.self)
        try file.replace(with: Self.file(header: text.replacing("bailiff 0.1.0", with: "x")))
        #expect(try RecordingReader(path: file.path).header.build == "x")
        try file.replace(with: Self.file(header: text.replacing("[]", with: "{}")))
        #expect(throws: RecordingError.pinBroken(name: "policy")) {
            try RecordingReader(path: file.path)
        }
        try file.replace(with: Self.file(header: "{}"))
        #expect(throws: RecordingError.malformedHeader(detail: "createdAt: missing")) {
            try RecordingReader(path: file.path)
        }
    }

    private static func file(header: String) -> [UInt8] {
        let json = Array(header.utf8)
        return [0x89] + Array("BREC\r\n".utf8) + [0x1A] + littleEndian(1)
            + littleEndian(UInt32(json.count)) + json + SHA256.hash(json)
    }

    static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
