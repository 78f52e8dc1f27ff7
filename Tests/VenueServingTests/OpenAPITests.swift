import Foundation
import KeeperCodec
import KeeperTransport
import Testing
import VenueServing

/// The page for other people's programs says what is served, no more and no less.
@Suite struct OpenAPITests {
    private static func page() throws -> JSONValue {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try JSONValue.parse(
            [UInt8](try Data(contentsOf: root.appending(path: "docs/openapi.json"))))
    }

    @Test func `every path takes the methods that the page lists`() throws {
        let rig = try VenueRig(heights: 1)
        guard case .object(let paths) = try Self.page()["paths"] else {
            Issue.record("the page lists paths")
            return
        }
        // So many cases has the venue's own table of routes, accounts counted apart.
        #expect(paths.count == 23)
        for path in paths {
            let target = path.key.replacing("{market}", with: "lend-main")
                .replacing("{clientId}", with: "k")
                .replacing("{account}", with: "borrower-1")
                .replacing("{day}", with: "2026-11-20")
            let get = try rig.get(target)
            let put = try rig.put(target, Array("{".utf8), headers: []).get()
            for (method, reply) in [("get", get), ("put", put)] {
                let isListed = path.value[method] != nil
                #expect((reply.status != 405) == isListed, "\(method) \(target)")
                #expect(reply.status != 404 || method == "get", "\(method) \(target)")
                // Only what is listed may come.
                let listed = path.value[method]?["responses"]?["\(reply.status)"]
                #expect(!isListed || listed != nil, "\(method) \(target): \(reply.status)")
            }
        }
    }

    @Test func `every problem has a code that the page knows`() throws {
        let schemas = try Self.page()["components"]?["schemas"]
        let listed = schemas?["Problem"]?["properties"]?["code"]?["enum"]?.elements
        let codes = VenueProblem.Code.allCases.map(\.rawValue)
        #expect(try #require(listed).compactMap(\.text).sorted() == codes.sorted())
    }

    /// References that lead nowhere would pass every other check.
    @Test func `every reference of the page leads somewhere`() throws {
        let page = try Self.page()
        guard case .object(let schemas) = page["components"]?["schemas"] else {
            Issue.record("the page has schemas")
            return
        }
        let names = Set(schemas.map { "#/components/schemas/" + $0.key })
        let used = Set(references(in: page))
        #expect(used.subtracting(names).isEmpty)
        #expect(names.subtracting(used).isEmpty)
    }

    private func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let members):
            members.flatMap { member in
                member.key == "$ref"
                    ? [member.value.text ?? "?"] : references(in: member.value)
            }
        case .array(let elements): elements.flatMap { references(in: $0) }
        default: []
        }
    }
}
