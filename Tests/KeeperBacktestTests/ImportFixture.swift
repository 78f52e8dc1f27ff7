import CZlib
import CZstd
import Foundation
import KeeperBacktest
import KeeperFeeds
import KeeperModel
import Testing

/// A folder for one test, with files written and packed on request, gone with it.
final class ImportFixture {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "bailiff-import-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is in the system's temporary directory and harms nobody.
        try? FileManager.default.removeItem(atPath: folder)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(bytes: Array(text.utf8), to: name)
    }

    @discardableResult
    func write(bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: path(name)))
        return path(name)
    }

    /// Candles of a minute each, or of that span, from 2020-01-01 on, one close after another.
    static func klines(
        _ closes: [String], from milliseconds: Int64 = start, every span: TimeSpan = .seconds(60)
    ) -> String {
        var lines = ["ts_ms,open,high,low,close,volume"]
        for (index, close) in closes.enumerated() {
            let at = milliseconds + Int64(index) * span.milliseconds
            lines.append("\(at),\(close),\(close),\(close),\(close),1")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static let start: Int64 = 1_577_836_800_000

    /// Imports candles of ETH as they are written.
    func importKlines(
        _ text: String, skipsImpossible: Bool = false
    ) throws -> (report: ImportReport, events: [Event]) {
        let file = try write(text, to: "in.csv")
        var wish = ImportWish()
        wish.asset = AssetID("ETH")
        let layout = try #require(ImportKind.klines.layout(wish))
        return try run(.klines, layout, [file], skipsImpossible: skipsImpossible)
    }

    func run(
        _ kind: ImportKind, _ layout: ImportLayout, _ files: [String],
        skipsImpossible: Bool = false, to name: String = "out.bailiff"
    ) throws -> (report: ImportReport, events: [Event]) {
        let report = try Importer(
            kind: kind, layout: layout, skipsImpossible: skipsImpossible
        ).run(files, to: path(name))
        return (report, try events(of: name))
    }

    func events(of name: String) throws -> [Event] {
        var cursor = try RecordingReader(path: path(name)).rows(of: .event)
        var events: [Event] = []
        while let row = try cursor.next() { events.append(try row.event()) }
        return events
    }

    // MARK: Packing, by the libraries themselves

    static func gzip(_ text: String) throws -> [UInt8] { try deflated(text, windowBits: 31) }

    /// An archive of one file called `a`, without the directory that ends one.
    static func zip(_ text: String, isDeflated: Bool) throws -> [UInt8] {
        let bytes = Array(text.utf8)
        let packed = isDeflated ? try deflated(text, windowBits: -15) : bytes
        let crc = crc32(0, bytes, UInt32(bytes.count))
        func word(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let head: [[UInt8]] = [
            [0x50, 0x4B, 3, 4], word(20, 2), word(0, 2), word(isDeflated ? 8 : 0, 2), word(0, 4),
            word(Int(crc), 4), word(packed.count, 4), word(bytes.count, 4), word(1, 2), word(0, 2),
            [UInt8(ascii: "a")],
        ]
        return head.flatMap { $0 } + packed
    }

    private static func deflated(_ text: String, windowBits: Int32) throws -> [UInt8] {
        let bytes = Array(text.utf8)
        var stream = z_stream()
        let started = deflateInit2_(
            &stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        try #require(started == Z_OK)
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1_024)
        var result = Z_OK
        let room = output.count
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(bytes.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(room)
                result = deflate(&stream, Z_FINISH)
            }
        }
        try #require(result == Z_STREAM_END)
        return Array(output.dropLast(Int(stream.avail_out)))
    }

    static func zstandard(_ text: String) throws -> [UInt8] {
        let bytes = Array(text.utf8)
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
        try #require(ZSTD_isError(count) == 0)
        return Array(output.prefix(count))
    }
}
