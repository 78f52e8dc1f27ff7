import FoundationEssentials
package import KeeperCodec
import KeeperCommands
package import KeeperRuntime

/// Finished pieces of long work in a folder, a small file each. A file appears whole or not at all,
/// so whoever is killed has lost the pieces that were under way and no other. Several programs may
/// share a folder.
package struct ResultFolder: Sendable {
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

    /// Nil where the piece was never finished. A file that cannot be read is as good as none: the
    /// piece is done again and the file replaced.
    package func result<Result: JSONForm>(_ key: String, as: Result.Type) -> Result? {
        guard let data = FileManager.default.contents(atPath: path(key)) else { return nil }
        // As above: what is no result is made again.
        return try? Result(jsonBytes: [UInt8](data))
    }

    package func keep(_ result: some JSONForm, _ key: String) throws(StartProblem) {
        try ReportFiles.write(
            String(decoding: result.jsonBytes, as: UTF8.self) + "\n", to: path(key))
    }

    private func path(_ key: String) -> String { "\(folder)/\(key).json" }
}
