import HouseRules
import Testing

@Suite struct RatchetTests {
    private static let path = "Sources/KeeperRisk/Sample.swift"

    private static func complaints(lines: Int, ratchet: String) throws -> [String] {
        let function = "func a() {\n\(String(repeating: "b()\n", count: lines - 2))}\n"
        let files = [
            TextFile(path: path, text: function),
            TextFile(path: "Package.swift", text: "\"KeeperRisk\"\n"),
        ]
        let ratchet = try Ratchet(json: Array(ratchet.utf8))
        return Tidy.complaints(about: files, ratchet: ratchet).map(\.description)
    }

    private static func entry(_ figure: Int, file: String = path) -> String {
        #"""
        {"exceptions": [
            {"rule": "function-length", "file": "\#(file)", "name": "a", "figure": \#(figure)}
        ]}
        """#
    }

    @Test func `a listed figure is tolerated as it is`() throws {
        #expect(try Self.complaints(lines: 80, ratchet: Self.entry(80)).isEmpty)
    }

    @Test func `a figure that grew is a complaint`() throws {
        #expect(
            try Self.complaints(lines: 81, ratchet: Self.entry(80)) == [
                "\(Self.path):1: ratchet: function-length of a was 80 and is 81; "
                    + "the list only shrinks: bring it back"
            ])
    }

    @Test func `a figure that shrank wants its entry to follow`() throws {
        #expect(
            try Self.complaints(lines: 79, ratchet: Self.entry(80)) == [
                "\(Self.path):1: ratchet: function-length of a was 80 and is 79; "
                    + "shrink the entry to 79"
            ])
    }

    @Test func `an entry that is not needed is a complaint`() throws {
        #expect(
            try Self.complaints(lines: 70, ratchet: Self.entry(80)) == [
                "tidy-ratchet.json:1: ratchet: function-length of a in \(Self.path) "
                    + "is within the limit now; remove the entry"
            ])
    }

    @Test func `an entry covers its own function only`() throws {
        let found = try Self.complaints(
            lines: 80, ratchet: Self.entry(80, file: "Sources/KeeperRisk/Other.swift"))
        #expect(found.count == 2)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"exceptions": 1}"#, #"{"exceptions": [], "more": 1}"#,
        #"{"exceptions": [{"rule": "size", "file": "a", "figure": 1}]}"#,
        #"{"exceptions": [{"rule": "line-length", "file": "a", "figure": "1"}]}"#,
        #"{"exceptions": [{"rule": "line-length", "figure": 1}]}"#,
    ])
    func `a file that says something else is refused`(json: String) {
        #expect(throws: RatchetProblem.self) { try Ratchet(json: Array(json.utf8)) }
    }
}

@Suite struct DeadFileTests {
    private static func dead(_ files: [TextFile]) -> [String] {
        Tidy.complaints(about: files, ratchet: .empty).map { "\($0.file) \($0.rule.rawValue)" }
    }

    @Test func `Swift outside of every target is dead`() {
        let files = [
            TextFile(path: "Package.swift", text: "room(\"KeeperRisk\")\n"),
            TextFile(path: "Sources/KeeperRisk/A.swift", text: "struct A {}\n"),
            TextFile(path: "Tests/KeeperRiskTests/B.swift", text: "struct B {}\n"),
        ]
        #expect(Self.dead(files) == ["Tests/KeeperRiskTests/B.swift dead-file"])
    }

    @Test func `a page or a script that nobody mentions is dead`() {
        let files = [
            TextFile(path: "README.md", text: "See docs/venue.md.\n"),
            TextFile(path: "docs/venue.md", text: "Run scripts/demo.sh.\n"),
            TextFile(path: "docs/old.md", text: "docs/old.md is here.\n"),
            TextFile(path: "scripts/demo.sh", text: "true\n"),
            TextFile(path: "scripts/lost.sh", text: "true\n"),
        ]
        #expect(Self.dead(files) == ["docs/old.md dead-file", "scripts/lost.sh dead-file"])
    }
}
