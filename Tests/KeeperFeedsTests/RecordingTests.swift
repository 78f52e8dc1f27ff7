import KeeperCodec
import KeeperFeeds
import KeeperModel
import Testing

@Suite struct RecordingTests {
    let file: TemporaryRecording

    init() throws { file = try TemporaryRecording() }

    @Test func `everything comes back as it was written`() throws {
        let writer = try RecordingWriter(path: file.path, header: TemporaryRecording.header)
        let exchanges = [
            RawExchange(
                method: "GET", path: "/v1/prices?after=3",
                result: .reply(status: 200, body: Array("{\"é\":1}\n".utf8))),
            RawExchange(
                method: "GET", path: "/v1/blob",
                result: .reply(status: 500, body: [0xFF, 0x00, 0x80])),
            RawExchange(method: "PUT", path: "/v1/closes/c-1", result: .failure(reason: "reset")),
            RawExchange(method: "GET", path: "/", result: .reply(status: 204, body: [])),
        ]
        for (index, exchange) in exchanges.enumerated() {
            let sequence = UInt64(index) + 1
            try writer.append(
                RecordingRow(
                    exchange, availableAt: Instant(milliseconds: Int64(sequence) * 10),
                    eventAt: Instant(milliseconds: 1), sequence: sequence))
            try writer.append(TemporaryRecording.row(sequence))
        }
        try writer.append(
            RecordingRow(
                checkpoint: Array("{}".utf8), after: 4,
                at: Instant(milliseconds: 40)))
        try writer.close()

        let reader = try RecordingReader(path: file.path)
        #expect(reader.header == TemporaryRecording.header && reader.isFinished)
        #expect(try file.readAll(.exchange).map { try $0.exchange() } == exchanges)
        #expect(try file.readAll() == (1...4).map { TemporaryRecording.row($0) })
        #expect(try file.readAll()[2].event() == TemporaryRecording.event(3, at: 30))
        let late = Instant(milliseconds: 41)
        let checkpoint = try #require(try reader.checkpoint(before: late))
        #expect(checkpoint.sequence == 4 && checkpoint.payload == Array("{}".utf8))
        #expect(try reader.firstCheckpoint() == checkpoint)
        #expect(try reader.checkpoint(before: Instant(milliseconds: 40)) == nil)
        #expect(try reader.verify() == 9)
    }

    @Test func `a recording without rows is a recording`() throws {
        try RecordingWriter(path: file.path, header: TemporaryRecording.header).close()
        let reader = try RecordingReader(path: file.path)
        #expect(reader.frames == [] && reader.isFinished)
        #expect(try reader.verify() == 0)
    }

    @Test func `frames leave by themselves and compress`() throws {
        try file.write(12_000, perFrame: .max)
        let reader = try RecordingReader(path: file.path)
        #expect(reader.frames.count > 3)
        let inflated = reader.frames.map { Int($0.header.uncompressedByteCount) }.reduce(0, +)
        #expect(try file.bytes().count * 4 < inflated)
        #expect(try reader.verify() == 12_000)
    }

    @Test(
        arguments: [
            (.start, 1), (.sequence(0), 1), (.sequence(1), 1), (.sequence(10), 10),
            (.sequence(11), 11), (.sequence(95), 95), (.instant(Instant(milliseconds: 500)), 50),
            (.instant(Instant(milliseconds: 501)), 51), (.sequence(101), nil),
            (.instant(Instant(milliseconds: 1_001)), nil),
        ] as [(RecordingPosition, UInt64?)])
    func `a replay starts anywhere`(position: RecordingPosition, first: UInt64?) throws {
        try file.write(100)
        let rows = try file.readAll(from: position)
        #expect(rows.first?.sequence == first)
        #expect(rows.count == first.map { Int(101 - $0) } ?? 0)
    }

    @Test func `a file that exists is never overwritten`() throws {
        try file.write(1)
        #expect(throws: RecordingError.alreadyExists(path: file.path)) {
            try RecordingWriter(path: file.path, header: TemporaryRecording.header)
        }
    }

    @Test func `the writer refuses time that goes back`() throws {
        let writer = try RecordingWriter(path: file.path, header: TemporaryRecording.header)
        try writer.append(TemporaryRecording.row(5))
        for sequence in [UInt64(4), 5] {
            #expect(throws: RecordingError.self) {
                try writer.append(TemporaryRecording.row(sequence))
            }
        }
        let late = RecordingRow(
            TemporaryRecording.event(6, at: 49), eventAt: Instant(milliseconds: 0))
        #expect(throws: RecordingError.self) { try writer.append(late) }
        // Also behind a flush, when the row it is compared with has left.
        try writer.flush()
        #expect(throws: RecordingError.self) { try writer.append(late) }
        try writer.append(TemporaryRecording.row(6))
        try writer.close()
        #expect(try file.readAll().map(\.sequence) == [5, 6])
    }

    @Test func `a gap is an error unless it is allowed`() throws {
        let writer = try RecordingWriter(path: file.path, header: TemporaryRecording.header)
        for sequence in [UInt64(1), 2, 4] { try writer.append(TemporaryRecording.row(sequence)) }
        try writer.close()
        let offset = try RecordingReader(path: file.path).frames[0].offset
        #expect(
            throws: RecordingError.gap(offset: offset, kind: .event, expected: 3, found: 4)
        ) { try file.readAll() }
        var cursor = try RecordingReader(path: file.path).rows(of: .event, allowsGaps: true)
        while try cursor.next() != nil {}
        #expect(cursor.gapCount == 1)
    }

    @Test func `a row larger than a frame may be is refused`() throws {
        let writer = try RecordingWriter(
            path: file.path, header: TemporaryRecording.header,
            limits: RecordingLimits(headerByteCountMax: 4096, frameByteCountMax: 300))
        #expect(throws: RecordingError.rowTooLarge(byteCount: 301)) {
            try writer.append(
                RecordingRow(
                    kind: .exchange, availableAt: Instant(nanoseconds: 1),
                    eventAt: Instant(nanoseconds: 1), sequence: 1,
                    payload: [UInt8](repeating: 0x20, count: 273)))
        }
        // Rows that fit one by one share no frame that would be too large.
        for sequence in UInt64(1)...9 { try writer.append(TemporaryRecording.row(sequence)) }
        try writer.close()
        let reader = try RecordingReader(path: file.path)
        #expect(reader.frames.allSatisfy { $0.header.uncompressedByteCount <= 300 })
        #expect(try reader.verify() == 9)
    }

    @Test func `rows are exported as lines of JSON`() throws {
        let writer = try RecordingWriter(path: file.path, header: TemporaryRecording.header)
        try writer.append(
            RecordingRow(
                kind: .exchange, availableAt: Instant(nanoseconds: 2),
                eventAt: Instant(nanoseconds: 1), sequence: 7, payload: Array("{\n\"a\": 1}".utf8)))
        try writer.append(TemporaryRecording.row(1))
        try writer.close()
        var text: [UInt8] = []
        let reader = try RecordingReader(path: file.path)
        var all = reader.lines()
        while let line = try all.next() { text += line }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 2 && text.last == UInt8(ascii: "\n"))
        let exchange =
            #"{"kind":"exchange","availableAt":"2","eventAt":"1","sequence":7,"#
            + #""payload":{"a": 1}}"#
        #expect(lines[0] == exchange)
        var events = reader.lines(of: [.event])
        #expect(try events.next()?.isEmpty == false)
        #expect(try events.next() == nil)
    }
}
