import Foundation
import Glibc

/// Where drills find what they run and what it is run with.
package enum Checkout {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    package static func file(_ name: String) -> String { root.appending(path: name).path }

    /// Programs lie beside whoever asks: of one build, and of the same configuration.
    package static func program(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(filePath: own).deletingLastPathComponent().appending(path: name).path
        guard access(path, X_OK) == 0 else {
            throw RoadProblem("\(path) is not there: build everything, then test")
        }
        return path
    }
}

/// A drill could not be set up; nothing is said about what it tries.
package struct RoadProblem: Error, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    package init(_ text: String) {
        self.text = text
    }
}

/// A folder for one drill, gone with it.
package final class TemporaryFolder {
    package let path: String

    package init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "bailiff-road-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed lies in the system's temporary folder and harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    package func file(_ name: String) -> String { path + "/" + name }

    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    package func bytes(of name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: file(name))))
    }

    /// Empty where there is no such file.
    package func text(of name: String) -> String {
        // Absence is the answer here: files appear when their programs have something to say.
        guard let data = try? Data(contentsOf: URL(filePath: file(name))) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
