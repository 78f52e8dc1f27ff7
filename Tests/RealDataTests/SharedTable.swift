import Foundation
import KeeperCodec

/// Recorded data is no part of this repository: it lies beside the checkout, or where
/// BAILIFF_SHARED says, and tests that need it are skipped where it is absent.
let sharedData =
    (ProcessInfo.processInfo.environment["BAILIFF_SHARED"]
        ?? FileManager.default.currentDirectoryPath + "/../shared") + "/data"

func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: sharedData + "/" + path)
}

/// A recorded table, inflated by the system's gzip where it is compressed.
func sharedTable(_ path: String) throws -> CSVReader {
    let file = sharedData + "/" + path
    guard path.hasSuffix(".gz") else {
        return try CSVReader(Array(try Data(contentsOf: URL(filePath: file))))
    }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", file]
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw CocoaError(.fileReadCorruptFile, userInfo: [NSFilePathErrorKey: file])
    }
    return try CSVReader(Array(bytes))
}

/// How often each thing was seen, in the order in which they were first seen.
struct Tally: CustomStringConvertible {
    private var entries: [(name: String, count: Int)] = []

    mutating func count(_ name: String) {
        if let index = entries.firstIndex(where: { $0.name == name }) {
            entries[index].count += 1
        } else {
            entries.append((name, 1))
        }
    }

    subscript(name: String) -> Int { entries.first { $0.name == name }?.count ?? 0 }

    var total: Int { entries.reduce(0) { $0 + $1.count } }

    var description: String {
        entries.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }
}
