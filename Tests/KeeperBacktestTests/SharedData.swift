import Foundation

/// Recorded data is no part of this repository: tests that need it are skipped where it is absent.
let sharedData =
    (ProcessInfo.processInfo.environment["BAILIFF_SHARED"]
        ?? FileManager.default.currentDirectoryPath + "/../shared") + "/data"

func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: sharedData + "/" + path)
}
