import Foundation
import KeeperBacktest
import KeeperModel
import LiquidationRules
import Testing
import WideMath

/// Recorded order books of Binance, five minutes of 2024-08-08, beside a second way to the same
/// figures: a table of levels kept in hundred-millionths, walked by hand.
@Suite(.enabled(if: isThere("orderbook-liquidity"), "no recorded data"))
struct RealBooksTests {
    /// Enough of the file for a few books; the whole takes minutes where nothing is optimised.
    private static let lineCount = 4_000

    private func lines(_ name: String) throws -> [Substring] {
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", sharedData + "/orderbook-liquidity/" + name]
        process.standardOutput = out
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: bytes, as: UTF8.self)
        return Array(text.split(separator: "\n").prefix(Self.lineCount))
    }

    /// `2683.80000000` in hundred-millionths.
    private static func eighths(_ text: String) throws -> UInt64 {
        let parts = text.split(separator: ".").map(String.init)
        let fraction = parts.count > 1 ? parts[1] : ""
        let padding = String(repeating: "0", count: 8 - fraction.count)
        let digits: String = parts[0] + fraction + padding
        return try #require(UInt64(digits))
    }

    /// Bids as the lines leave them, by Foundation's JSON and a dictionary: the snapshot, then all
    /// changes behind it. Beside them, how many changes came before the snapshot.
    private func bids(
        _ lines: [Substring]
    ) throws -> (levels: [UInt64: UInt64], earlyCount: UInt64) {
        var earlyCount: UInt64 = 0
        var snapshot: (id: UInt64, bids: [[String]])?
        var changes: [(last: UInt64, bids: [[String]])] = []
        for line in lines {
            let text = line.drop { $0 != "{" }
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            if let id = (object["lastUpdateId"] as? NSNumber)?.uint64Value {
                snapshot = (id, try #require(object["bids"] as? [[String]]))
            }
            guard let data = object["data"] as? [String: Any],
                data["e"] as? String == "depthUpdate"
            else { continue }
            let last = try #require(data["u"] as? NSNumber).uint64Value
            if snapshot == nil { earlyCount += 1 }
            changes.append((last, try #require(data["b"] as? [[String]])))
        }
        let begun = try #require(snapshot)
        var levels: [UInt64: UInt64] = [:]
        for words in [begun.bids] + changes.filter({ $0.last > begun.id }).map(\.bids) {
            for pair in words { levels[try Self.eighths(pair[0])] = try Self.eighths(pair[1]) }
        }
        return (levels.filter { $0.value > 0 }, earlyCount)
    }

    /// What a sale of so much gets from the best thousand levels, in millionths of a dollar, every
    /// level rounded down.
    private func proceeds(_ wanted: UInt64, _ bids: [UInt64: UInt64]) -> UInt256 {
        var (left, sum) = (wanted, UInt256.zero)
        for price in bids.keys.sorted(by: >).prefix(1_000) where left > 0 {
            let taken = min(left, bids[price] ?? 0)
            // Eighths times eighths are sixteenths; a millionth has ten digits less.
            sum += UInt256(taken) * UInt256(price) / UInt256(10_000_000_000)
            left -= taken
        }
        return sum
    }

    @Test(arguments: [
        ("spot_ethusdt_20240808.jsonl.gz", [1, 100, 1_000, 5_000]),
        ("spot_btcusdt_20240808.jsonl.gz", [1, 10, 100, 300]),
    ])
    func `a sale into an imported book gets what a walk by hand gets`(
        file: String, tokens: [UInt64]
    ) throws {
        let lines = try lines(file)
        let fixture = try ImportFixture()
        let path = try fixture.write(lines.joined(separator: "\n"), to: "books.jsonl")
        var wish = ImportWish()
        // Eight digits, as many as the file has.
        (wish.asset, wish.assetDecimals) = (AssetID("A"), 8)
        let (report, events) = try fixture.run(
            .books, try #require(ImportKind.books.layout(wish)), [path])
        guard case .depthPublished(let books) = try #require(events.last).body else {
            Issue.record("the last event is no book")
            return
        }
        let (bids, earlyCount) = try bids(lines)
        let unit = UInt256(100_000_000)
        for count in tokens {
            let fill = books[0].selling(UInt256(count) * unit, downTo: 0, unitScale: unit)
            let expected = proceeds(count * 100_000_000, bids)
            #expect(fill.valueUnits == expected, "\(count) of \(file)")
            print("\(file): \(count) sell for \(expected) millionths of a dollar")
        }
        #expect(report.keptCount > 1)
        #expect(report.count(of: "changes without a book to change") == earlyCount)
        #expect(
            report.count(of: "gaps in the updates: the book is unknown until the next snapshot")
                == 0)
    }

    @Test(arguments: [
        ("hyperliquid_btcusd_20250126.jsonl.gz", 8 as UInt8, 3 as UInt64, 20),
        ("bybit_xrpusdt_ob500.data.zip", 6, 1, 500),
    ])
    func `books of other exchanges are read whole`(
        file: String, decimals: UInt8, kept: UInt64, levels: Int
    ) throws {
        let fixture = try ImportFixture()
        var wish = ImportWish()
        (wish.asset, wish.assetDecimals) = (AssetID("A"), decimals)
        let (report, events) = try fixture.run(
            .books, try #require(ImportKind.books.layout(wish)),
            [sharedData + "/orderbook-liquidity/" + file])
        #expect(report.keptCount == kept)
        for event in events {
            guard case .depthPublished(let books) = event.body else { continue }
            #expect(books[0].bids.count >= levels - 5 && books[0].asks.count >= levels - 5)
        }
    }
}
