import Foundation

/// A folder for one test, gone with it.
final class TestFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "bailiff-console-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { remove() }

    /// Whoever has it as a variable of a test calls this at its end: else it may be gone before.
    func remove() {
        // What cannot be removed lies in the system's temporary folder and harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}
