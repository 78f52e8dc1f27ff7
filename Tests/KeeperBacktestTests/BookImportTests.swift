import Foundation
import KeeperBacktest
import KeeperModel
import Testing
import WideMath

/// Messages of exchanges about their order books, made into a recording of books.
@Suite struct BookImportTests {
    static let start: Int64 = 1_723_161_254_000

    static func layout(span: TimeSpan = .seconds(1)) throws -> ImportLayout {
        var wish = ImportWish()
        (wish.asset, wish.assetDecimals, wish.span) = (AssetID("ETH"), 4, span)
        return try #require(ImportKind.books.layout(wish))
    }

    private typealias Told = (eventAt: Int64, book: DepthBook)

    /// What a recording of these lines says: each book, and when it was known, in ms of the start.
    private func told(
        _ lines: [String], skipsImpossible: Bool = false, span: TimeSpan = .seconds(1)
    ) throws -> (report: ImportReport, books: [Told]) {
        let fixture = try ImportFixture()
        let file = try fixture.write(lines.joined(separator: "\n"), to: "books.jsonl")
        let (report, events) = try fixture.run(
            .books, try Self.layout(span: span), [file], skipsImpossible: skipsImpossible)
        return (report, try books(of: events))
    }

    private func books(of events: [Event]) throws -> [Told] {
        try events.map { event in
            guard case .depthPublished(let books) = event.body else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return (
                event.receivedAt.nanoseconds / 1_000_000 - Self.start, try #require(books.first)
            )
        }
    }

    /// A snapshot and changes as Binance writes them, received so many ms after the start.
    static func snapshot(_ at: Int64, id: Int, bids: String, asks: String) -> String {
        #"\#(start + at)000000 {"lastUpdateId":\#(id),"bids":[\#(bids)],"asks":[\#(asks)]}"#
    }

    static func change(
        _ at: Int64, _ ids: ClosedRange<Int>, bids: String = "", asks: String = "",
        of name: String = "ETHUSDT"
    ) -> String {
        let data =
            #"{"e":"depthUpdate","E":\#(start + at),"s":"\#(name)","U":\#(ids.lowerBound),"#
            + #""u":\#(ids.upperBound),"b":[\#(bids)],"a":[\#(asks)]}"#
        return #"\#(start + at)000000 {"stream":"ethusdt@depth","data":\#(data)}"#
    }

    static let opening = snapshot(
        0, id: 10, bids: #"["100.00","2"],["99.5","3.5"]"#, asks: #"["100.50","1"],["101","4"]"#)

    private func levels(_ pairs: [(UInt64, UInt64)]) -> [DepthLevel] {
        pairs.map { DepthLevel(price: $0.0, quantity: UInt256($0.1)) }
    }

    @Test func `a book is its snapshot and what changed since, told as each second ends`() throws {
        let lines = [
            Self.opening,
            Self.change(400, 11...12, bids: #"["100.20","1"],["99.5","0"]"#),
            #"\#(Self.start + 500)000000 {"stream":"ethusdt@trade","data":{"e":"trade","p":"1"}}"#,
            Self.change(900, 13...13, asks: #"["100.50","0.25"]"#),
            Self.change(1_100, 14...14, bids: #"["100.20","0.0001"]"#),
            Self.change(2_500, 15...15, asks: #"["101","0"]"#),
        ]
        let (report, books) = try told(lines)
        #expect(books.map(\.eventAt) == [900, 1_100, 2_500])
        #expect(
            books[0].book
                == DepthBook(
                    asset: AssetID("ETH"),
                    bids: levels([(100_200_000, 10_000), (100_000_000, 20_000)]),
                    asks: levels([(100_500_000, 2_500), (101_000_000, 40_000)])))
        #expect(books[1].book.bids[0].quantity == 1)
        #expect(books[2].book.asks == levels([(100_500_000, 2_500)]))
        #expect(report.count(of: "lines left out: about something else") == 1)
        #expect(report.keptCount == 3 && report.files[0].rowCount == 6)
    }

    @Test func `a snapshot that comes late is caught up with the changes it does not have`() throws
    {
        let lines = [
            Self.change(0, 9...9, bids: #"["98","7"]"#),
            Self.change(50, 11...11, bids: #"["100.10","5"]"#),
            Self.snapshot(100, id: 10, bids: #"["100","2"]"#, asks: #"["101","1"]"#),
        ]
        let (report, books) = try told(lines)
        // The ninth change is in the snapshot, the eleventh is not.
        #expect(books.map(\.book.bids) == [levels([(100_100_000, 50_000), (100_000_000, 20_000)])])
        #expect(report.count(of: "changes without a book to change") == 2)
    }

    @Test func `after a gap nothing is told until the next snapshot`() throws {
        let lines = [
            Self.opening,
            Self.change(1_200, 13...13, bids: #"["100.10","1"]"#),
            Self.change(2_200, 14...14, bids: #"["100.20","1"]"#),
            Self.snapshot(5_000, id: 14, bids: #"["97","2"]"#, asks: #"["98","1"]"#),
            Self.change(5_100, 14...14, bids: #"["96","1"]"#),
        ]
        let (report, books) = try told(lines)
        #expect(books.map(\.eventAt) == [0, 5_000])
        #expect(books[1].book.bids == levels([(97_000_000, 20_000)]))
        #expect(
            report.count(of: "gaps in the updates: the book is unknown until the next snapshot")
                == 1)
        #expect(report.count(of: "duplicate changes left out") == 1)
    }

    @Test func `Bybit's and Hyperliquid's words are read as Binance's`() throws {
        let bybit = ["snapshot", "delta"].enumerated().map { number, type in
            #"{"topic":"orderbook.50.ETHUSDT","type":"\#(type)","#
                + #""ts":\#(Self.start + Int64(number)),"data":{"s":"ETHUSDT","#
                + #""b":[["100","\#(number + 1)"]],"a":[["101","1"]],"#
                + #""u":\#(7 + number),"seq":1}}"#
        }
        let books = try told(bybit).books
        #expect(books.map(\.eventAt) == [1])
        #expect(books[0].book.bids == levels([(100_000_000, 20_000)]))
        let hyperliquid =
            #"\#(Self.start + 9)000000 {"channel":"l2Book","data":{"coin":"ETH","#
            + #""time":\#(Self.start),"levels":[[{"px":"100.0","sz":"2.0","n":1}],"#
            + #"[{"px":"101.0","sz":"1.0","n":2}]]}}"#
        #expect(try told([hyperliquid]).books.map(\.book.bids) == books.map(\.book.bids))
        #expect(try told([hyperliquid]).books.map(\.eventAt) == [9], "known when it was received")
    }

    static let impossible: [(lines: [String], reason: String)] = [
        (
            [snapshot(0, id: 1, bids: #"["100","1"]"#, asks: #"["100","1"]"#)],
            "line 1: a crossed book: the best bid of 100000000"
        ),
        ([opening, change(1, 11...11, bids: #"["100.50","1"]"#)], "line 2: a change that crosses"),
        (
            [snapshot(0, id: 1, bids: #"["100","0"]"#, asks: #"["101","1"]"#)],
            "line 1: bids of nothing at 100000000"
        ),
        (
            [snapshot(0, id: 1, bids: #"["99","1"],["100","1"]"#, asks: #"["101","1"]"#)],
            "line 1: bids that are not sorted: 100000000 behind 99000000"
        ),
        (
            [snapshot(0, id: 1, bids: #"["99","1"]"#, asks: #"["102","1"],["101","1"]"#)],
            "line 1: asks that are not sorted: 101000000 behind 102000000"
        ),
        ([snapshot(0, id: 1, bids: "", asks: #"["101","1"]"#)], "line 1: a book with no bids"),
        (
            [snapshot(0, id: 1, bids: #"["0","1"]"#, asks: #"["101","1"]"#)],
            "line 1: a bid at a price of 0"
        ),
        (
            [snapshot(0, id: 1, bids: #"["2","1"]"#, asks: #"["101","1"]"#)],
            "line 1: a best ask of 101000000, more than twice"
        ),
        (
            [
                opening,
                change(1, 11...11, bids: #"["100","340282366920938463463374607431768211456"]"#),
            ], "line 2: a bid of 3402823669209384634633746074317682114560000 at 100000000"
        ),
        (
            [opening, change(1, 11...11, asks: #"["100.50","0"],["101","0"]"#)],
            "line 2: a change that leaves no asks"
        ),
    ]

    @Test(arguments: impossible.indices)
    func `what cannot have stood so is refused with its line`(number: Int) throws {
        let (lines, reason) = Self.impossible[number]
        let refused = try #require(throws: ImportRefused.self) { try told(lines) }
        #expect(refused.description.contains(reason), "\(refused)")
        #expect(refused.description.contains("--skip-impossible"))
        // Then it is forgotten, and the next snapshot begins anew.
        let after = Self.snapshot(9_000, id: 99, bids: #"["50","2"]"#, asks: #"["51","1"]"#)
        let (report, books) = try told(lines + [after], skipsImpossible: true)
        #expect(books.last?.book.bids == levels([(50_000_000, 20_000)]))
        #expect(report.count(of: "impossible books forgotten") == 1)
    }

    @Test(arguments: [
        ([opening, change(1, 11...11, bids: #"["100","-1"]"#)], "line 2: data.b[0][1]"),
        ([opening, change(1, 11...11, bids: #"["100","0.00001"]"#)], "line 2: data.b[0][1]"),
        ([opening, change(1, 11...11, bids: #"["100.0000001","1"]"#)], "line 2: data.b[0][0]"),
        ([opening, change(-5, 11...11)], "line 2: goes back in time, 5 ms"),
        (
            [opening.replacing(String(start), with: "18446744073709")],
            "line 1: begins with a time that is none"
        ),
        (
            [change(0, 11...11).replacing("\"E\":\(start)", with: "\"E\":18446744073709551615")],
            "line 1: data.E"
        ),
        (
            [change(0, 11...11), change(1, 12...12, of: "BTCUSDT")],
            "line 2: is about BTCUSDT, and those before it about ETHUSDT"
        ),
        (["12 {}"], "line 1: begins with a time that is none"),
        (["{\"lastUpdateId\":1,"], "line 1: is no message"),
        (
            [#"{"lastUpdateId":1,"bids":[["1","1"]],"asks":[["2","1"]]}"#],
            "line 1: says no time"
        ),
        ([change(0, 11...11)], "has no row that could be taken"),
    ])
    func `what cannot be read is refused with its line`(lines: [String], reason: String) throws {
        let refused = try #require(throws: ImportRefused.self) { try told(lines) }
        #expect(refused.description.contains(reason), "\(refused)")
    }

    @Test func `noise in messages is refused or read, and never traps`() throws {
        let lines = [
            Self.opening, Self.change(400, 11...12, bids: #"["100.20","1"],["99.5","0"]"#),
            Self.change(1_100, 13...18_446_744_073_709, asks: #"["100.50","0.25"]"#),
        ]
        let text = Array(lines.joined(separator: "\n").utf8)
        let noise = Array("0123456789.,-\"[]{}eE \n".utf8)
        var state: UInt64 = 42
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        let fixture = try ImportFixture()
        let layout = try Self.layout()
        var readCount = 0
        for round in 0..<600 {
            var bytes = text
            for _ in 0...draw(4) { bytes[draw(bytes.count)] = noise[draw(noise.count)] }
            let file = try fixture.write(bytes: bytes, to: "noise")
            do throws(ImportRefused) {
                _ = try Importer(
                    kind: .books, layout: layout, skipsImpossible: draw(2) == 0
                ).run([file], to: fixture.path("noise-\(round)"))
                readCount += 1
            } catch {
                #expect(error.description.contains("noise"))
            }
        }
        // Noise within a digit of an amount is an amount.
        #expect((20..<580).contains(readCount), "\(readCount)")
    }

    @Test func `packed with gzip, zstd or zip the books are the same`() throws {
        let fixture = try ImportFixture()
        let text = Self.opening + "\n" + Self.change(400, 11...11, bids: #"["100.20","1"]"#)
        let plain = try fixture.write(text, to: "plain")
        let expected = try fixture.run(.books, Self.layout(), [plain], to: "plain.bailiff").events
        #expect(expected.count == 1)
        for (name, bytes) in [
            ("gzip", try ImportFixture.gzip(text)), ("zstd", try ImportFixture.zstandard(text)),
            ("stored", try ImportFixture.zip(text, isDeflated: false)),
            ("deflated", try ImportFixture.zip(text, isDeflated: true)),
        ] {
            let file = try fixture.write(bytes: bytes, to: name)
            let events = try fixture.run(
                .books, Self.layout(), [file], to: name + ".bailiff"
            ).events
            #expect(events == expected, "\(name)")
        }
    }

    @Test(arguments: [true, false])
    func `an archive that is damaged, torn or of two files is refused`(isDeflated: Bool) throws {
        let fixture = try ImportFixture()
        let whole = try ImportFixture.zip(Self.opening, isDeflated: isDeflated)
        var damaged = whole
        damaged[14] ^= 1
        for (bytes, reason) in [
            (damaged, "another sum"), (Array(whole.prefix(45)), "is it whole?"),
            (whole + whole, "more than one file"),
        ] {
            let file = try fixture.write(bytes: bytes, to: "in.zip")
            let refused = try #require(throws: ImportRefused.self) {
                try fixture.run(.books, Self.layout(), [file])
            }
            #expect(refused.description.contains(reason), "\(refused)")
        }
    }

    static let mapping = """
        {
            "rows": "books", "time": {"column": "ts", "unit": "ms"},
            "book": {
                "asset": "ETH", "decimals": 4, "levels": 2,
                "bidPrice": "bids[#].price", "bidQuantity": "bids[#].amount",
                "askPrice": "asks[#].price", "askQuantity": "asks[#].amount",
            },
        }
        """

    private func table(_ rows: [String]) throws -> (report: ImportReport, books: [Told]) {
        let fixture = try ImportFixture()
        let names = ["asks[0]", "bids[0]", "asks[1]", "bids[1]"]
            .flatMap { [$0 + ".price", $0 + ".amount"] }
        let head = (["ts"] + names).joined(separator: ",")
        let file = try fixture.write(
            ([head] + rows).joined(separator: "\n") + "\n", to: "books.csv")
        let layout = try MappingFile.read(
            Array(Self.mapping.utf8), file: "map.json", wish: ImportWish())
        let (report, events) = try fixture.run(.columns, layout, [file])
        return (report, try books(of: events))
    }

    @Test func `a table has a book in each row, as its mapping says`() throws {
        let (report, books) = try table([
            "\(Self.start),101,1,100,2,102,4,99,3", "\(Self.start),101,1,100,2,102,4,99,3",
            "\(Self.start + 5),101,1,100,2,,,,",
        ])
        #expect(books.map(\.eventAt) == [0, 5])
        #expect(books[0].book.bids == levels([(100_000_000, 20_000), (99_000_000, 30_000)]))
        #expect(books[0].book.asks == levels([(101_000_000, 10_000), (102_000_000, 40_000)]))
        #expect(books[1].book.bids == levels([(100_000_000, 20_000)]))
        #expect(report.count(of: "duplicate rows left out") == 1)
    }

    @Test(arguments: [
        ([",101,1,101,2,102,4,99,3"], "a crossed book"),
        ([",101,1,100,2,102,4,100.5,3"], "bids that are not sorted"),
        ([",101,0,100,2,102,4,99,3"], "asks of nothing"),
        ([",101,1,,2,102,4,99,3"], "a book with no bids"),
    ])
    func `a row that cannot have stood so is refused`(rows: [String], reason: String) throws {
        let refused = try #require(throws: ImportRefused.self) {
            try table(rows.map { "\(Self.start)" + $0 })
        }
        #expect(refused.description.contains("line 2: " + reason), "\(refused)")
    }
}
