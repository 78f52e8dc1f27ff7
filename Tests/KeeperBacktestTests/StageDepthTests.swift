import Foundation
import KeeperBacktest
import KeeperModel
import Testing
import WideMath

/// Books of real snapshots at a stage: taken as they stood, borrowed from another time, scaled.
@Suite struct StageDepthTests {
    private static let rivals = RivalModel(mode: .firstCome, counts: [1], seed: 5)
    private static let eth = AssetID("ETH")

    /// Books of ETH around a price, so many and a minute apart; of each the quantity of its one bid
    /// and its one ask, in tokens and a few of the smallest units.
    private func record(
        _ rig: HistoryRig, quantities: [Int], from milliseconds: Int64, price: Int = 200,
        to name: String = "books.bailiff"
    ) throws -> String {
        let lines = quantities.enumerated().map { number, quantity in
            let at = milliseconds + Int64(number) * 60_000
            return #"\#(at)000000 {"lastUpdateId":\#(number + 1),"#
                + #""bids":[["\#(price - 1)","\#(quantity).000000000000000007"]],"#
                + #""asks":[["\#(price + 1)","\#(quantity)"]]}"#
        }
        let file = try rig.fixture.write(lines.joined(separator: "\n"), to: "books.jsonl")
        var wish = ImportWish()
        (wish.asset, wish.assetDecimals) = (Self.eth, 18)
        let layout = try #require(ImportKind.books.layout(wish))
        _ = try rig.fixture.run(.books, layout, [file], to: name)
        return rig.fixture.path(name)
    }

    /// Every book of ETH that the stage tells, with its time in ms since the first price, the price
    /// that the exchange said last, and the stress.
    private func told(
        _ rig: HistoryRig, _ wish: DepthWish
    ) throws -> [(at: Int64, book: DepthBook, stressPpm: UInt64)] {
        guard case .history(var feed) = try rig.opening(Self.rivals, depth: wish).source else {
            return []
        }
        var told: [(Int64, DepthBook, UInt64)] = []
        while let letters = try feed.next() {
            for letter in letters {
                guard case .depthPublished(let books) = letter.body,
                    let book = books.first(where: { $0.asset == Self.eth })
                else { continue }
                told.append(
                    (
                        letter.receivedAt.nanoseconds / 1_000_000 - ImportFixture.start, book,
                        feed.stages[0].board.now.stressPpm
                    ))
            }
        }
        return told
    }

    private func tokens(_ book: DepthBook) throws -> UInt64 {
        let unit = UInt256(1_000_000_000_000_000_000)
        let best = try #require(book.bids.first)
        return try #require((best.quantity / unit).asUInt64)
    }

    @Test func `books of the time of the prices are taken as they stood`() throws {
        let rig = try HistoryRig(hours: 3)
        // From half an hour on, for ten minutes; prices stand still.
        let path = try record(
            rig, quantities: Array(1_000..<1_010), from: ImportFixture.start + 5_400_000)
        let wish = DepthWish(paths: [path])
        let told = try told(rig, wish)
        #expect(told.count > 2)
        for (at, book, _) in told {
            // The newest that was known then, if it was no older than ten minutes.
            let known = (0..<10).filter { at >= 5_400_000 + Int64($0) * 60_000 }.last
            guard let known, at - (5_400_000 + Int64(known) * 60_000) <= 600_000 else {
                #expect(book.bids.count == 10, "the scenario's at \(at)")
                continue
            }
            #expect(try tokens(book) == UInt64(1_000 + known), "at \(at)")
            #expect(book.bids.first?.price == 199_000_000)
        }
        let part = try #require(
            try rig.opening(Self.rivals, depth: wish).parts.first { $0.name == "depth of ETH" })
        #expect(part.origin == .measured && part.law.contains("books.jsonl"))
    }

    @Test func `a measured book moves with prices that were told after it`() throws {
        let rig = try HistoryRig()
        let path = try record(rig, quantities: [500], from: ImportFixture.start + 300_000)
        let near = try told(rig, DepthWish(paths: [path])).filter {
            (300_000..<900_000).contains($0.at)
        }
        #expect(near.count > 3)
        for (_, book, _) in near {
            #expect(try tokens(book) == 500, "no stress thins what was measured")
            let bid = try #require(book.bids.first?.price)
            #expect(bid < 199_000_000, "the price has fallen since")
        }
    }

    @Test func `borrowed books are drawn with the stress, moved to the price, and said so`() throws
    {
        let rig = try HistoryRig()
        let before = ImportFixture.start - 86_400_000
        let path = try record(
            rig, quantities: (1...101).map { $0 * 1_000 }, from: before, price: 4_000)
        let wish = DepthWish(paths: [path])
        let told = try told(rig, wish)
        // Thinned by half of what stress adds: what stood there before that was one of them.
        var drawn: [UInt64] = []
        for (_, book, stressPpm) in told {
            let thinned = try tokens(book)
            let whole = thinned * (1_000_000 + (stressPpm - 1_000_000) / 2) / 1_000_000
            drawn.append(whole)
            #expect(book.bids[0].price < 201_000_000 && book.bids[0].price > 130_000_000)
        }
        #expect(Set(drawn.map { $0 / 10_000 }).count > 4, "many of them are drawn: \(drawn)")
        // The same draw: the wilder half of the moments has the thinner books, stress taken out.
        let wild = zip(told, drawn).filter { $0.0.stressPpm > 1_000_000 }
            .sorted { $0.0.stressPpm < $1.0.stressPpm }.map(\.1)
        #expect(wild.count > 20)
        func mean(_ values: ArraySlice<UInt64>) -> UInt64 {
            values.reduce(0, +) / UInt64(max(1, values.count))
        }
        let half = wild.count / 2
        #expect(mean(wild[half...]) < mean(wild[..<half]), "thin and wild together")
        let parts = try rig.opening(Self.rivals, depth: wish).parts
        let part = try #require(parts.first { $0.name == "depth of ETH" })
        #expect(part.origin == .borrowed(from: "2019-12-31"), "\(part.line)")
        #expect(part.law.hasPrefix("101 books of books.jsonl"))
        #expect(parts.first { $0.name == "depth of WBTC" }?.origin == .borrowed(from: "2024-08-08"))
    }

    @Test func `a scale is a part of every quantity, rounded down, and every result says it`()
        throws
    {
        let rig = try HistoryRig()
        let path = try record(rig, quantities: [3_001], from: ImportFixture.start - 86_400_000)
        let whole = try told(rig, DepthWish(paths: [path]))
        let half = try told(rig, DepthWish(paths: [path], scalePpm: 333_333))
        #expect(whole.count == half.count)
        for (one, other) in zip(whole, half) {
            for (level, scaled) in zip(one.book.bids, other.book.bids) {
                #expect(
                    scaled.quantity == level.quantity * UInt256(333_333) / UInt256(1_000_000))
                #expect(scaled.price == level.price)
            }
        }
        let opening = try rig.opening(Self.rivals, depth: DepthWish(scalePpm: 500_000))
        let part = try #require(opening.parts.first { $0.name == "depth" })
        #expect(part.law.hasSuffix("scaled by 500000 millionths, every quantity rounded down"))
        // A thinner book is worth less to whoever sells into it.
        func net(_ wish: DepthWish) throws -> Int256 {
            let names = [[StrategyName("full-close")]]
            let pass = BacktestPass(rig.workplace, rivals: Self.rivals)
            let opening = try rig.opening(Self.rivals, depth: wish)
            return try #require(try pass.run(names, from: opening.source).first?.levels.first)
                .netUnits
        }
        #expect(try net(DepthWish(scalePpm: 50_000)) < net(DepthWish()))
    }

    @Test func `what are no books of the stage is refused`() throws {
        let rig = try HistoryRig()
        let path = try record(rig, quantities: [1], from: ImportFixture.start)
        for (wish, reason) in [
            (DepthWish(paths: [rig.fixture.path("ETH.bailiff")]), "is no order book"),
            (DepthWish(paths: [path, path]), "of which there are some"),
        ] {
            let stop = try #require(throws: (any Error).self) {
                try rig.opening(Self.rivals, depth: wish)
            }
            #expect("\(stop)".contains(reason), "\(stop)")
        }
        let mixed = try #require(throws: (any Error).self) {
            try rig.run(["full-close"], Self.rivals, with: ["books.bailiff"])
        }
        #expect("\(mixed)".contains("--depth"), "\(mixed)")
    }
}
