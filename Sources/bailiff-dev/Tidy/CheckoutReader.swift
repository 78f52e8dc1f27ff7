import Foundation
import HouseRules

/// The text files of a checkout, in the order of their paths. What is hidden or built is not read.
struct CheckoutReader {
    let root: URL

    private static let skippedFolders: Set<String> = ["state", "demo-state", "__pycache__"]
    private static let fileBytesMax = 2 << 20

    func files() throws -> [TextFile] {
        var files: [TextFile] = []
        for path in try paths() {
            let url = root.appendingPathComponent(path)
            let data = try Data(contentsOf: url)
            guard data.count <= Self.fileBytesMax,
                let text = String(data: data, encoding: .utf8)
            else { continue }
            files.append(TextFile(path: path, text: text))
        }
        return files
    }

    private func paths() throws -> [String] {
        var found: [String] = []
        var open = [""]
        while let folder = open.popLast() {
            let url = folder.isEmpty ? root : root.appendingPathComponent(folder)
            let children = try FileManager.default.contentsOfDirectory(
                at: url, includingPropertiesForKeys: [.isDirectoryKey, .isRegularFileKey])
            for child in children where !child.lastPathComponent.hasPrefix(".") {
                let path =
                    folder.isEmpty
                    ? child.lastPathComponent : "\(folder)/\(child.lastPathComponent)"
                let values = try child.resourceValues(forKeys: [.isDirectoryKey, .isRegularFileKey])
                if values.isDirectory == true {
                    if !Self.skippedFolders.contains(child.lastPathComponent) { open.append(path) }
                } else if values.isRegularFile == true {
                    found.append(path)
                }
            }
        }
        return found.sorted()
    }
}
