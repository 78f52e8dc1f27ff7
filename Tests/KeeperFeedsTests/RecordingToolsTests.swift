import KeeperCodec
import KeeperFeeds
import KeeperModel
import Testing
import WideMath

/// What `bailiff recordings` does with files.
@Suite struct RecordingToolsTests {
    let file: TemporaryRecording

    init() throws { file = try TemporaryRecording() }

    // MARK: Info

    @Test func `info counts what the frames hold and says how the file ends`() throws {
        try file.write(30)
        let info = try RecordingInfo(RecordingReader(path: file.path))
        #expect(info.tail == .finished)
        let kind = try #require(info.kinds.first)
        #expect(info.kinds.count == 1 && kind.kind == .event)
        #expect(kind.rowCount == 30 && kind.frameCount == 3)
        #expect(kind.firstAvailableAt == Instant(milliseconds: 10))
        #expect(kind.lastAvailableAt == Instant(milliseconds: 300))
        #expect(info.byteCount == UInt64(try file.bytes().count))
        #expect(info.sha256 == SHA256.hash(try file.bytes()))
    }

    @Test func `info of a torn file says where and how much`() throws {
        try file.write(30, isClosed: false)
        #expect(try RecordingInfo(RecordingReader(path: file.path)).tail == .unfinished)
        let whole = try file.bytes()
        let last = try #require(try RecordingReader(path: file.path).frames.last)
        try file.replace(with: Array(whole.dropLast(5)))
        let info = try RecordingInfo(RecordingReader(path: file.path, leavesTornTail: true))
        let torn = UInt64(whole.count - 5) - last.offset
        #expect(info.tail == .torn(at: last.offset, byteCount: torn))
        #expect(info.kinds.first?.rowCount == 20)
    }

    // MARK: Verify

    private func fault(allowsGaps: Bool = false) throws -> RecordingFault? {
        let reader = try RecordingReader(path: file.path, leavesTornTail: true)
        var check = RecordingCheck(reader, allowsGaps: allowsGaps)
        return check.firstFault()
    }

    @Test func `a recording in order has no fault`() throws {
        try file.write(30)
        #expect(try fault() == nil)
    }

    @Test func `a flipped bit is found in its frame, whatever bit it is`() throws {
        try file.write(30)
        let whole = try file.bytes()
        let frames = try RecordingReader(path: file.path).frames
        for position in Int(frames[1].offset)..<Int(frames[2].offset) {
            var bytes = whole
            bytes[position] ^= 1 << UInt8(position % 8)
            try file.replace(with: bytes)
            #expect(try fault()?.offset == frames[1].offset, "byte \(position)")
        }
    }

    @Test func `a torn tail is a fault`() throws {
        try file.write(30, isClosed: false)
        let last = try #require(try RecordingReader(path: file.path).frames.last)
        try file.replace(with: Array(try file.bytes().dropLast()))
        #expect(try fault()?.offset == last.offset)
    }

    /// Rows whose checksums are right and whose contents are not.
    static let faults: [(row: RecordingRow, part: String)] = [
        (row(2, eventAt: 21), "is available 1 ms before it happened"),
        (row(2, of: 3), "says that it is event 3"),
        (row(2, receivedAt: 19), "stands 1 ms behind the time"),
        (row(3), "follows 1: what lies between is missing"),
        (row(2, schemaless: true), "cannot be read: "),
    ]

    private static func row(
        _ sequence: UInt64, eventAt: Int64 = 15, of number: UInt64? = nil,
        receivedAt: Int64 = 20, schemaless: Bool = false
    ) -> RecordingRow {
        let event = TemporaryRecording.event(number ?? sequence, at: receivedAt)
        return RecordingRow(
            kind: .event, availableAt: Instant(milliseconds: 20),
            eventAt: Instant(milliseconds: eventAt), sequence: sequence,
            payload: schemaless ? Array("{}".utf8) : event.jsonBytes)
    }

    @Test(arguments: faults.indices)
    func `a row that may not be where it is is named with its reason`(_ index: Int) throws {
        let (row, part) = Self.faults[index]
        let writer = try RecordingWriter(path: file.path, header: TemporaryRecording.header)
        try writer.append(TemporaryRecording.row(1))
        try writer.append(row)
        try writer.close()
        let fault = try #require(try fault())
        #expect(fault.reason.contains(part), "\(fault.reason)")
        #expect(fault.kind == .event && fault.sequence == row.sequence)
        if part.contains("missing") { #expect(try self.fault(allowsGaps: true) == nil) }
    }

    @Test func `events of another form are not judged`() throws {
        let known = TemporaryRecording.header
        let header = RecordingHeader(
            createdAt: known.createdAt, build: known.build, eventSchema: "bailiff-event/9",
            domains: known.domains, config: known.config, strategies: known.strategies,
            protocolParameters: known.protocolParameters)
        try RecordingWriter(path: file.path, header: header).close()
        #expect(try fault()?.reason.contains("bailiff-event/9") == true)
    }

    // MARK: Trim

    @Test func `a trimmed recording keeps its rows as they were, numbers and times too`() throws {
        try file.write(30)
        let reader = try RecordingReader(path: file.path)
        let report = try RecordingTrim(
            reader, from: Instant(milliseconds: 105), before: Instant(milliseconds: 200)
        ).write(to: file.copyPath)
        let original = try file.readAll()
        try file.takeCopy()
        let rows = try file.readAll()
        #expect(report.openingEventCount == 1 && report.rowCount == 9)
        #expect(report.lastAvailableAt == Instant(milliseconds: 190))
        #expect(Array(rows.dropFirst()) == Array(original[10..<19]))
        let opening = try #require(rows.first).event()
        #expect(opening == TemporaryRecording.event(10, at: 100), "what was last said before")
        let header = try RecordingReader(path: file.path).header
        #expect(header.protocolParameters.map(\.name) == ["policy", "trimmed"])
        #expect(try fault() == nil)
    }

    @Test func `where what lies in front is no longer than what says it, it is kept`() throws {
        try file.write(30)
        let reader = try RecordingReader(path: file.path)
        let report = try RecordingTrim(
            reader, from: Instant(milliseconds: 15), before: nil
        ).write(to: file.copyPath)
        #expect(report.openingEventCount == 0 && report.rowCount == 30)
    }

    @Test func `a part of a run without what it decided before is refused`() throws {
        let run = TemporaryRecording.header.adding(PinnedText(name: "key-prefix", text: "k"))
        let writer = try RecordingWriter(path: file.path, header: run)
        for sequence in UInt64(1)...9 { try writer.append(TemporaryRecording.row(sequence)) }
        try writer.close()
        let reader = try RecordingReader(path: file.path)
        #expect(throws: RecordingError.self) {
            try RecordingTrim(reader, from: Instant(milliseconds: 50), before: nil)
                .write(to: file.copyPath)
        }
        #expect(!file.hasCopy)
        let head = RecordingTrim(reader, from: nil, before: Instant(milliseconds: 50))
        #expect(try head.write(to: file.copyPath).rowCount == 4)
    }

    @Test func `a copy is never written over a file that is there`() throws {
        try file.write(3)
        let reader = try RecordingReader(path: file.path)
        #expect(throws: RecordingError.alreadyExists(path: file.path)) {
            try RecordingTrim(reader, from: nil, before: nil).write(to: file.path)
        }
        #expect(throws: RecordingError.alreadyExists(path: file.path)) {
            try RecordingRepair.repair(path: file.path, to: file.path)
        }
        #expect(try file.readAll().count == 3)
    }

    // MARK: Merge

    private func merge(
        _ files: [TemporaryRecording]
    ) throws -> (report: MergeReport, rows: [RecordingRow]) {
        let merge = try RecordingMerge(
            files.map { ($0.path, try RecordingReader(path: $0.path)) })
        let report = try merge.write(to: file.copyPath)
        try RecordingWriter(path: file.path, header: TemporaryRecording.header).close()
        try file.takeCopy()
        return (report, try file.readAll())
    }

    private static func recording(
        _ events: [(at: Int64, amount: UInt64)], header: RecordingHeader = TemporaryRecording.header
    ) throws -> TemporaryRecording {
        let file = try TemporaryRecording()
        let writer = try RecordingWriter(path: file.path, header: header)
        for (index, (at, amount)) in events.enumerated() {
            let event = Event(
                sequence: UInt64(index) + 1, domain: DomainID("venue"),
                receivedAt: Instant(milliseconds: at), height: amount,
                body: .balancesReported([
                    AssetAmount(asset: AssetID("USD"), amount: UInt256(amount))
                ]))
            try writer.append(
                RecordingRow(event, eventAt: Instant(milliseconds: at - 1)))
            try writer.append(
                RecordingRow(
                    RawExchange(
                        method: "GET", path: "/\(at)", result: .reply(status: 200, body: [])),
                    availableAt: Instant(milliseconds: at), eventAt: Instant(milliseconds: at),
                    sequence: UInt64(index) + 1))
        }
        try writer.close()
        return file
    }

    @Test func `two recorders of one feed make one recording, in order of time`() throws {
        let first = try Self.recording([(10, 1), (30, 3), (50, 5), (50, 5)])
        let second = try Self.recording([(20, 2), (31, 3), (49, 5), (60, 6)])
        let (report, rows) = try merge([first, second])
        let amounts = try rows.map { try $0.event().height }
        #expect(amounts == [1, 2, 3, 5, 5, 6], "what one file says twice is said twice")
        #expect(rows.map(\.sequence) == Array(1...6))
        #expect(rows.map(\.availableAt) == rows.map(\.availableAt).sorted())
        #expect(
            rows.map { ($0.availableAt - $0.eventAt).milliseconds } == Array(repeating: 1, count: 6)
        )
        #expect(report.eventCount == 6 && report.exchangeCount == 8)
        #expect(report.duplicateCount == 2)
        #expect(try file.readAll(.exchange).map(\.sequence) == Array(1...8))
        #expect(try fault() == nil)
        let pins = try RecordingReader(path: file.path).header.protocolParameters
        let hashes = try [first, second].map { Hex.encode(SHA256.hash(try $0.bytes())) }
        let merged = try #require(pins.first { $0.name == "merged" }).text
        for hash in hashes { #expect(merged.contains(hash)) }
    }

    @Test func `the same words an hour later are news`() throws {
        let first = try Self.recording([(10, 1)])
        let second = try Self.recording([(3_600_000, 1)])
        #expect(try merge([first, second]).report.duplicateCount == 0)
    }

    @Test func `what does not belong together is refused by name`() throws {
        let plain = try Self.recording([(10, 1)])
        let known = TemporaryRecording.header
        func header(
            domains: [DomainID]? = nil, config: String? = nil, strategy: String? = nil,
            more: [PinnedText] = []
        ) -> RecordingHeader {
            RecordingHeader(
                createdAt: known.createdAt, build: known.build, domains: domains ?? known.domains,
                config: config.map { PinnedText(name: "config.json", text: $0) } ?? known.config,
                strategies: strategy.map { [PinnedText(name: "s", text: $0)] } ?? known.strategies,
                protocolParameters: more)
        }
        let others = [
            (header(domains: [DomainID("other")]), "is of other, and "),
            (header(config: "{}"), "pins another config.json than "),
            (header(strategy: "{1}"), "pins other strategies than "),
            (header(more: [PinnedText(name: "key-prefix", text: "k")]), "is of a run"),
        ]
        for (header, part) in others {
            let other = try Self.recording([(20, 2)], header: header)
            let problem = try #require(throws: RecordingProblem.self) {
                try RecordingMerge([
                    (plain.path, RecordingReader(path: plain.path)),
                    (other.path, RecordingReader(path: other.path)),
                ])
            }
            #expect(problem.path == other.path)
            #expect("\(problem.error)".contains(part), "\(problem)")
        }
    }
}
