import KeeperBacktest
import KeeperFeeds
import KeeperModel
import Testing
import WideMath

/// Tables into recordings: what is taken, what is counted, what is refused and where.
@Suite struct ImportTests {
    @Test func `a candle is known at its close and a delay after it, and to the last digit`() throws
    {
        let fixture = try ImportFixture()
        let (report, events) = try fixture.importKlines(
            ImportFixture.klines(["199.43", "86.000001"]))
        #expect(report.keptCount == 2)
        let closedAt = ImportFixture.start + 60_000
        #expect(
            events.map(\.receivedAt)
                == [closedAt + 1_000, closedAt + 61_000].map {
                    Instant(milliseconds: $0)
                })
        guard case .pricesPublished(let updates) = events[1].body else {
            Issue.record("a candle is a price")
            return
        }
        #expect(updates.map(\.price) == [UInt256(86_000_001)])
        #expect(updates.map(\.kind) == [.market])
        #expect(updates.map(\.sourceAt) == [Instant(milliseconds: closedAt + 60_000)])
        #expect(events.map(\.sequence) == [1, 2])
    }

    @Test func `plain, gzip and zstd give the same rows`() throws {
        let fixture = try ImportFixture()
        // Long enough for several pieces of the file and several batches of lines.
        let text = ImportFixture.klines((0..<20_000).map { "\(100 + $0 % 50).\($0 % 10)" })
        var wish = ImportWish()
        wish.asset = AssetID("ETH")
        let layout = try #require(ImportKind.klines.layout(wish))
        let files = [
            try fixture.write(text, to: "plain"),
            try fixture.write(bytes: try ImportFixture.gzip(text), to: "gzip"),
            try fixture.write(bytes: try ImportFixture.zstandard(text), to: "zstd"),
        ]
        var events: [[Event]] = []
        for (number, file) in files.enumerated() {
            events.append(
                try fixture.run(.klines, layout, [file], to: "\(number).bailiff").events)
        }
        #expect(events[0].count == 20_000)
        #expect(events[1] == events[0])
        #expect(events[2] == events[0])
    }

    @Test(arguments: ["gzip", "zstd"])
    func `a packed file that was torn off is refused, and leaves no recording`(form: String) throws
    {
        let fixture = try ImportFixture()
        let text = ImportFixture.klines((0..<5_000).map { "\(100 + $0 % 97)" })
        let whole =
            form == "gzip" ? try ImportFixture.gzip(text) : try ImportFixture.zstandard(text)
        let file = try fixture.write(bytes: whole.dropLast(20), to: "torn")
        var wish = ImportWish()
        wish.asset = AssetID("ETH")
        let layout = try #require(ImportKind.klines.layout(wish))
        #expect(throws: ImportRefused(file: file, "ends inside its \(form) data; is it whole?")) {
            try fixture.run(.klines, layout, [file])
        }
        #expect(throws: RecordingError.self) { try fixture.events(of: "out.bailiff") }
    }

    @Test func `gaps and duplicates are counted with their place`() throws {
        let fixture = try ImportFixture()
        var lines = ImportFixture.klines(["1", "2", "3", "4", "5"]).split(separator: "\n")
        lines.insert(lines[2], at: 3)
        lines.remove(at: 4)
        lines.remove(at: 4)
        let (report, events) = try fixture.importKlines(lines.joined(separator: "\n"))
        #expect(events.count == 3)
        #expect(report.count(of: "duplicate rows left out") == 1)
        #expect(report.count(of: "gaps") == 1)
        #expect(report.longestGap == .seconds(180))
        #expect(
            report.notes.map(\.first) == [4, 5].map { fixture.path("in.csv") + ", line \($0)" })
    }

    @Test(arguments: [
        ("1577836860000,1,1,1,1,1\n1577836800000,1,1,1,1,1", 3, "goes back in time, 60 s"),
        ("1577836800000,1,1,1,1,1\n1577836800000,1,1,1,0.9,1", 3, "a low of 1"),
        ("1577836800000,1,1,1,1,1\n1577836800000,2,2,2,2,1", 3, "another row for the instant"),
        ("1577836800000,1,1,1,0,1", 2, "a price of 0"),
        ("1577836800000,1,2,1,3,1", 2, "a high of 2 below"),
        ("1577836800000,1,1,1,0.0000001,1", 2, "6 decimal places"),
        ("1577836800,1,1,1,1,1", 2, "a time from 2009 to 2100 in ms"),
        ("1577836800000,1,1,1,1", 2, "expected 6 fields, found 5"),
        ("1577836800000,1,1,1,NaN,1", 2, "close"),
    ])
    func `what cannot have happened is refused with its line`(
        rows: String, line: Int, reason: String
    ) throws {
        let fixture = try ImportFixture()
        let text = "ts_ms,open,high,low,close,volume\n" + rows + "\n"
        let refusal = #expect(throws: ImportRefused.self) { try fixture.importKlines(text) }
        #expect(refusal?.line == line)
        #expect(refusal?.reason.contains(reason) == true, "\(refusal?.reason ?? "")")
    }

    @Test func `impossible rows are left out on request, and counted`() throws {
        let fixture = try ImportFixture()
        let (report, events) = try fixture.importKlines(
            ImportFixture.klines(["1", "0", "3"]), skipsImpossible: true)
        #expect(events.count == 2)
        #expect(report.count(of: "impossible rows left out") == 1)
    }

    @Test func `a table without names of columns is read by its form`() throws {
        let fixture = try ImportFixture()
        let (_, events) = try fixture.importKlines(
            "1577836800000,10,12,9,11,5,1577836859999,55,3,2,22,0\n")
        #expect(events.count == 1)
    }

    @Test func `the same files give the same bytes, and the header says which they were`() throws {
        let fixture = try ImportFixture()
        let file = try fixture.write(ImportFixture.klines(["1", "2"]), to: "in.csv")
        var wish = ImportWish()
        wish.asset = AssetID("ETH")
        let layout = try #require(ImportKind.klines.layout(wish))
        for name in ["a", "b"] { _ = try fixture.run(.klines, layout, [file], to: name) }
        let headers = try ["a", "b"].map { try RecordingReader(path: fixture.path($0)).header }
        #expect(headers[0] == headers[1])
        let provenance = try #require(try ImportProvenance(headers[0]))
        #expect(provenance.kind == "klines")
        #expect(provenance.fileNames == ["in.csv"])
        #expect(headers[0].config.text.contains("\"sha256\":\"0x"))
    }
}
