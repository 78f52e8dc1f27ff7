import HouseRules
import Testing

@Suite struct SwiftLexerTests {
    private static func texts(_ source: String) -> [String] {
        SwiftLexer.lex(source).tokens.map(\.text)
    }

    @Test(arguments: [
        ("let a = b+1", ["let", "a", "=", "b", "+", "1"]),
        ("a!.b ?? c!", ["a", "!", ".", "b", "??", "c", "!"]),
        ("0..<5", ["0", "..<", "5"]),
        ("x.0.1 + 1.5", ["x", ".", "0", ".", "1", "+", "1.5"]),
        ("0x1F_FF", ["0x1F_FF"]),
        ("`a b`()", ["a b", "(", ")"]),
        ("a // b c\nd", ["a", "d"]),
        ("a /* b /* c */ d */ e", ["a", "e"]),
        ("é.ü", ["é", ".", "ü"]),
    ])
    func `code falls into words`(source: String, expected: [String]) {
        #expect(Self.texts(source) == expected)
    }

    @Test(arguments: [
        (#""a // b" c"#, ["a // b", "c"]),
        (#""a\"b" c"#, ["ab", "c"]),
        (##"#"a"b\(c)"# d"##, [##"a"b\(c)"##, "d"]),
        ("\"\"\"\n  a \"quoted\" b\n\"\"\" c", ["\n  a \"quoted\" b\n", "c"]),
        (#""a\(b + c(d))e" f"#, ["ae", "(", "b", "+", "c", "(", "d", ")", ")", "f"]),
        (#""a\("b\(c)")d" e"#, ["ad", "(", "b", "(", "c", ")", ")", "e"]),
        (##"#"a\#(b)c"#"##, ["ac", "(", "b", ")"]),
        (#""unfinished"#, ["unfinished"]),
    ])
    func `a string is one word, its interpolations are code`(source: String, expected: [String]) {
        #expect(Self.texts(source) == expected)
    }

    @Test func `words in interpolations know where they are`() {
        let tokens = SwiftLexer.lex(#"a("\(b)" + c)"#).tokens
        #expect(tokens.filter { $0.interpolationDepth == 1 }.map(\.text) == ["(", "b", ")"])
    }

    @Test func `lines are counted through strings and comments`() {
        let source = "\"\"\"\na\n\"\"\"\n/* b\nc */ d // e\nf"
        let (tokens, comments) = SwiftLexer.lex(source)
        #expect(tokens.map(\.line) == [1, 5, 6])
        #expect(comments.map(\.line) == [4, 5])
        #expect(comments.map(\.lastLine) == [5, 5])
    }

    @Test(arguments: ["\"", "/*", "`", "\"\\(", "#\"", "\"\"\"", "\\", "\u{0}"])
    func `what is no Swift ends all the same`(source: String) {
        #expect(SwiftLexer.lex(source).tokens.count <= 3)
    }
}
