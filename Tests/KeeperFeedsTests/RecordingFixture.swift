import Foundation
import KeeperCodec
import KeeperFeeds
import KeeperModel
import WideMath

/// A path in a new directory for one test, gone with it.
final class TemporaryRecording {
    let directory: String
    var path: String { directory + "/sample.rec" }

    init() throws {
        directory = NSTemporaryDirectory() + "bailiff-recording-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is in the system's temporary directory and harms nobody.
        try? FileManager.default.removeItem(atPath: directory)
    }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    var copyPath: String { directory + "/copy.rec" }
    var hasCopy: Bool { FileManager.default.fileExists(atPath: copyPath) }

    func repair() throws -> RepairReport {
        try RecordingRepair.repair(path: path, to: copyPath)
    }

    /// The copy in the place of the original.
    func takeCopy() throws {
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: copyPath, toPath: path)
    }

    func replace(with bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    static let header = RecordingHeader(
        createdAt: Instant(nanoseconds: 5), build: "bailiff 0.1.0", domains: [DomainID("venue")],
        config: PinnedText(name: "config.json", text: "{\"é\": 1}\n"),
        strategies: [PinnedText(name: "default", text: "{}")],
        protocolParameters: [PinnedText(name: "policy", text: "[]")])

    static func event(_ sequence: UInt64, at milliseconds: Int64) -> Event {
        Event(
            sequence: sequence, domain: DomainID("venue"),
            receivedAt: Instant(milliseconds: milliseconds), height: sequence,
            body: .balancesReported([
                AssetAmount(asset: AssetID("USD"), amount: .init(sequence))
            ]))
    }

    static func row(_ sequence: UInt64) -> RecordingRow {
        let milliseconds = Int64(sequence) * 10
        return RecordingRow(
            event(sequence, at: milliseconds), eventAt: Instant(milliseconds: milliseconds - 3))
    }

    /// Events 1 to `count`, in frames of `perFrame`.
    func write(_ count: UInt64, perFrame: UInt64 = 10, isClosed: Bool = true) throws {
        let writer = try RecordingWriter(path: path, header: Self.header)
        for sequence in 1...count {
            try writer.append(Self.row(sequence))
            if sequence % perFrame == 0 { try writer.flush() }
        }
        if isClosed { try writer.close() } else { try writer.flush(isDurable: true) }
    }

    func readAll(
        _ kind: RowKind = .event, from position: RecordingPosition = .start,
        allowsGaps: Bool = false
    ) throws -> [RecordingRow] {
        var cursor = try RecordingReader(path: path).rows(
            of: kind, from: position, allowsGaps: allowsGaps)
        var rows: [RecordingRow] = []
        while let row = try cursor.next() { rows.append(row) }
        return rows
    }
}
