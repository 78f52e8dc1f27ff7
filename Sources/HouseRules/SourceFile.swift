// A file of the checkout and, for Swift, its words.

/// A path from the root of the checkout, with slashes, and the whole text.
package struct TextFile: Hashable, Sendable {
    package let path: String
    package let text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var isSwift: Bool { path.hasSuffix(".swift") }
}

package struct SourceFile: Sendable {
    package let path: String
    package let tokens: [Token]
    package let comments: [Comment]
    let lines: [Substring]
    let place: Place

    /// Where in the house a file lies.
    enum Place: Hashable, Sendable {
        case room(String)
        case tests(String)
        case manifest
        case elsewhere
    }

    package init(_ file: TextFile) {
        path = file.path
        (tokens, comments) = SwiftLexer.lex(file.text)
        lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let parts = file.path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("Sources", 3...): place = .room(parts[1])
        case ("Tests", 3...): place = .tests(parts[1])
        case ("Package.swift", 1): place = .manifest
        default: place = .elsewhere
        }
    }

    var room: Room? {
        if case .room(let name) = place { RoomTable.room(name) } else { nil }
    }

    var isTest: Bool {
        if case .tests = place { true } else { false }
    }

    var isPure: Bool { room?.kind == .pure }

    func complaint(
        _ rule: RuleName, line: Int, _ problem: String, _ advice: String
    ) -> Complaint {
        Complaint(file: path, line: line, rule: rule, problem: problem, advice: advice)
    }
}

extension SourceFile {
    func token(_ index: Int) -> Token? { tokens.indices.contains(index) ? tokens[index] : nil }

    /// The index of the bracket that closes the one at `index`, or the last token.
    func closing(_ index: Int) -> Int {
        var depth = 0
        for place in index..<tokens.count {
            if tokens[place].isSymbol("(", "[", "{") { depth += 1 }
            if tokens[place].isSymbol(")", "]", "}") {
                depth -= 1
                if depth == 0 { return place }
            }
        }
        return tokens.count - 1
    }

    /// Whether a name stands here as itself, not as somebody's member or a declaration.
    func isFree(_ index: Int) -> Bool {
        guard let before = token(index - 1) else { return true }
        return !before.isSymbol(".", "?.") && !before.isWord("func", "case", "let", "var")
    }
}
