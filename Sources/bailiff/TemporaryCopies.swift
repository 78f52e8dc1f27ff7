import FoundationEssentials
import Glibc
import KeeperCommands
import KeeperRuntime

/// A folder for copies that a check works on, gone with this value.
final class TemporaryCopies {
    let path: String

    init(_ environment: [String: String]) throws(StartProblem) {
        let base = environment["TMPDIR"] ?? "/tmp"
        var template = Array((base + "/bailiff-check-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StartProblem(.cannotCreate, "\(base): no folder for copies can be made there")
        }
        path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // Left behind where it cannot be removed; it holds copies and nothing of worth.
        try? FileManager.default.removeItem(atPath: path)
    }
}
