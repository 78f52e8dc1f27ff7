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

/// A recorded file, inflated by the system's gzip where it is compressed.
func sharedBytes(_ path: String) throws -> [UInt8] {
    let file = sharedData + "/" + path
    guard path.hasSuffix(".gz") else { return Array(try Data(contentsOf: URL(filePath: file))) }
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
    return Array(bytes)
}

func sharedTable(_ path: String) throws -> CSVReader { try CSVReader(try sharedBytes(path)) }

func sharedJSON(_ path: String) throws -> JSONReader {
    JSONReader(try JSONValue.parse(try sharedBytes(path)))
}

/// Every file below a folder of the recorded data, by its path there.
func sharedFiles(_ folder: String) throws -> [String] {
    let root = sharedData + "/" + folder
    return try FileManager.default.subpathsOfDirectory(atPath: root).sorted().filter { path in
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(
            atPath: "\(root)/\(path)", isDirectory: &isFolder)
        return isThere && !isFolder.boolValue
    }.map { "\(folder)/\($0)" }
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
