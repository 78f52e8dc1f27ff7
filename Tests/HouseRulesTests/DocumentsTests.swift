import HouseRules
import Testing

@Suite struct DocumentsTests {
    private let house = DocumentedHouse(
        exists: {
            ["README.md", "docs", "docs/deep.md", "Sources/A/B.swift", "Tests/ATests/A.swift"]
                .contains($0)
        },
        commandProblem: { program, words in
            program == "bailiff" && words.first != "run" ? "unknown command" : nil
        })

    private func complaints(_ text: String, at path: String = "README.md") -> [String] {
        let files = [
            TextFile(path: path, text: text),
            TextFile(path: "docs/deep.md", text: "# Deep water\n"),
            TextFile(
                path: "Tests/ATests/A.swift", text: "@Test func `one is one`() {}\n"),
            TextFile(
                path: "Makefile", text: "X := 1\n\n.PHONY: all\nall: one\none:\n\techo a: b\n"),
        ]
        return Documents.complaints(about: files, in: house).map(\.problem)
    }

    @Test(arguments: [
        "[a](docs/deep.md) and [b](./docs/deep.md#deep-water) and [c](https://example.org)\n",
        "# One `two`, three\n\n[a](#one-two-three)\n",
        "See `Sources/A/B.swift` and `Sources/*/none` and `swift build`.\n",
        "Run `make all`.\n\n```sh\nmake one all X=2\nX=1 make -s one && make all > log\n```\n",
        "```sh\nbailiff run --live  # as it is\n.build/debug/bailiff run | bailiff run\n```\n",
        "```sh\nbailiff \\\n    run\nswift run -c release bailiff run\n```\n",
        "```text\nbailiff walk\n[a](none.md)\n```\n",
        "`bailiff walk` in prose is speech\n",
        "| 1 | `one is one` | `Tests/ATests/A.swift` |\n",
        "`one is two` without a file is speech\n",
    ])
    func `a true page is let through`(text: String) {
        #expect(complaints(text) == [])
    }

    @Test(arguments: [
        ("[a](none.md)\n", "there is no none.md"),
        ("[a](docs/deep.md#shallow)\n", "docs/deep.md has no heading #shallow"),
        ("[a](#none)\n", "README.md has no heading #none"),
        ("See `Sources/A/C.swift`.\n", "there is no Sources/A/C.swift"),
        (
            "| 1 | `one is two` | `Tests/ATests/A.swift` |\n",
            "no test of that name in Tests/ATests/A.swift"
        ),
        ("Run `make two`.\n", "the Makefile has no target two"),
        ("```sh\nmake X\n```\n", "the Makefile has no target X"),
        ("```sh\nmake all && bailiff walk\n```\n", "unknown command"),
        ("```sh\nA=1 ./bailiff 'run -a'\n```\n", "unknown command"),
    ])
    func `a page that is not true is told so`(text: String, problem: String) {
        #expect(complaints(text) == [problem])
    }

    @Test func `links are read from where the page lies`() {
        #expect(complaints("[a](../README.md) [b](deep.md)\n", at: "docs/other.md") == [])
        #expect(complaints("[a](README.md)\n", at: "docs/other.md").count == 1)
    }
}
