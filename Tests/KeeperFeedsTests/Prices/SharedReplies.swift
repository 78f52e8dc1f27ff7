import Foundation

/// Recorded replies are no part of this repository: tests that need them are skipped where they are
/// absent.
private let root =
    (ProcessInfo.processInfo.environment["BAILIFF_SHARED"]
        ?? FileManager.default.currentDirectoryPath + "/../shared") + "/data/http-feeds/"

let hasSharedReplies = FileManager.default.fileExists(atPath: root)

func sharedReply(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: root + path)))
}
