import FoundationEssentials
import KeeperCodec
import KeeperCommands
package import KeeperRuntime

/// Finished points in a folder, a small file each. A file appears whole or not at all, so whoever
/// is killed has lost the points that were under way and no other. Shards may share a folder.
package struct SweepCache: Sendable {
    private let folder: String

    /// Makes the folder where it is missing.
    package init(_ folder: String) throws(StartProblem) {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw StartProblem(
                .cannotCreate, "\(folder): cannot be made; may this user write there?")
        }
    }

    /// Nil where the point was never finished. A file that cannot be read is as good as none: the
    /// point is run again and the file replaced.
    package func score(_ key: String) -> SweepScore? {
        guard let data = FileManager.default.contents(atPath: path(key)) else { return nil }
        // As above: what is no score is run again.
        return try? SweepScore(jsonBytes: [UInt8](data))
    }

    package func keep(_ score: SweepScore, _ key: String) throws(StartProblem) {
        try ReportFiles.write(
            String(decoding: score.jsonBytes, as: UTF8.self) + "\n", to: path(key))
    }

    private func path(_ key: String) -> String { "\(folder)/\(key).json" }
}
