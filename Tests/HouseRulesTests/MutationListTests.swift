import Foundation
import Testing

/// `bailiff-dev mutants` takes minutes, so the list is seldom run; that it still fits the code is
/// seen here.
@Suite struct MutationListTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private struct Row: Decodable {
        let name: String
        let file: String
        let find: String
        let replace: String
    }

    @Test func `each planted bug has one place, and changes it`() throws {
        let list = Self.root.appending(path: "Mutations/mutations.json")
        let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: list))
        #expect(rows.count > 9)
        for row in rows {
            let text = try String(
                contentsOf: Self.root.appending(path: row.file), encoding: .utf8)
            let places = text.components(separatedBy: row.find).count - 1
            #expect(places == 1, "\(row.name) has \(places) places in \(row.file)")
            #expect(row.find != row.replace, "\(row.name)")
        }
    }
}
