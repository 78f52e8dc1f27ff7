/// How long each function is, from the line of its keyword to the line of its last brace.
struct FunctionMeasure {
    struct Function: Hashable {
        let name: String
        let line: Int
        let lineCount: Int
    }

    private let file: SourceFile

    init(_ file: SourceFile) { self.file = file }

    func functions() -> [Function] {
        file.tokens.indices.compactMap { index in
            guard let name = declaredName(index), let body = bodyStart(after: index) else {
                return nil
            }
            let first = file.tokens[index].line
            let last = file.tokens[file.closing(body)].line
            return Function(name: name, line: first, lineCount: last - first + 1)
        }
    }

    private func declaredName(_ index: Int) -> String? {
        let token = file.tokens[index]
        guard file.token(index - 1)?.isSymbol(".") != true else { return nil }
        if token.isWord("func") { return file.token(index + 1)?.text }
        if token.isWord("init", "deinit", "subscript") { return token.text }
        // A computed property has its brace on the line of its type.
        guard token.isWord("var"), let name = file.token(index + 1),
            file.token(index + 2)?.isSymbol(":") == true
        else { return nil }
        return name.text
    }

    /// The brace that opens the body, or nil for a requirement of a protocol, a call or a stored
    /// property.
    private func bodyStart(after index: Int) -> Int? {
        let isProperty = file.tokens[index].isWord("var")
        var place = index + (file.tokens[index].isWord("func", "var") ? 2 : 1)
        while let token = file.token(place) {
            if token.isSymbol("{") { return place }
            if token.isSymbol("(", "[") {
                place = file.closing(place)
            } else if isEnd(token, isProperty: isProperty) {
                return nil
            }
            place += 1
        }
        return nil
    }

    private func isEnd(_ token: Token, isProperty: Bool) -> Bool {
        if isProperty, token.isSymbol("=") { return true }
        return token.isSymbol("}", "@", ";", ")", "]", ",")
            || token.isWord(
                "func", "var", "let", "init", "static", "package", "private", "public", "internal",
                "fileprivate", "mutating", "subscript", "associatedtype", "case", "struct", "enum",
                "class", "protocol", "extension", "return", "guard", "if")
    }
}
