import Foundation
import KeeperCodec

/// A planted bug: one text in one file, replaced by another.
struct Mutation {
    let name: String
    /// What no longer holds, in words.
    let breaks: String
    let file: String
    let find: String
    let replace: String

    static func list(in path: String) throws -> [Mutation] {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        let elements = try JSONReader(JSONValue.parse(bytes)).array()
        return try elements.map { element in
            var object = try element.object()
            let mutation = Mutation(
                name: try object.required("name").string,
                breaks: try object.required("breaks").string,
                file: try object.required("file").string,
                find: try object.required("find").string,
                replace: try object.required("replace").string)
            try object.finish()
            return mutation
        }
    }

    /// The text with the bug in it. The place must be one and only one, or the list is out of date.
    func applied(to text: String) throws -> String {
        let parts = text.components(separatedBy: find)
        guard parts.count == 2 else {
            throw MutationError("\(name): the text occurs \(parts.count - 1) times in \(file)")
        }
        return parts.joined(separator: replace)
    }
}

struct MutationError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
