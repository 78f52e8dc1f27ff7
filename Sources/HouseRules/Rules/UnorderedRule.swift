/// The order of a Dictionary or a Set changes from process to process; in a pure room it may not
/// reach a result.
///
/// Textual, hence per file: it knows the names that this file declares as a dictionary or a set.
struct UnorderedRule: FileRule {
    private static let takesInOrder: Set<String> = [
        "map", "compactMap", "flatMap", "forEach", "reduce", "first", "enumerated", "joined",
        "prefix", "dropFirst", "keys", "values", "randomElement",
    ]
    /// One of these later in the chain makes the order harmless.
    private static let forgetsOrder: Set<String> = [
        "sorted", "count", "isEmpty", "contains", "allSatisfy", "min", "max", "formUnion", "union",
    ]

    func complaints(about file: SourceFile) -> [Complaint] {
        guard file.isPure else { return [] }
        let names = unorderedNames(in: file)
        return eachToken(of: file) { index, token in
            guard token.kind == .word, names.contains(token.text) else { return nil }
            let chain = members(after: index, in: file)
            let isLoop = isLoopOver(index, chain.end, file)
            let isUsed = chain.names.contains { Self.takesInOrder.contains($0) }
            guard isLoop || isUsed, !chain.names.contains(where: Self.forgetsOrder.contains) else {
                return nil
            }
            return file.complaint(
                .unordered, line: token.line, "the order of \(token.text) changes between runs",
                "sort it first, or keep an array")
        }
    }

    /// `name: [K: V]`, `name: Set<…>`, `name: Dictionary<…>`, `name = [:]`, `name = Set…`.
    private func unorderedNames(in file: SourceFile) -> Set<String> {
        var names: Set<String> = []
        for index in file.tokens.indices where file.tokens[index].kind == .word {
            let next = file.token(index + 1)
            guard next?.isSymbol(":", "=") == true, let type = file.token(index + 2) else {
                continue
            }
            if next?.isSymbol("=") == true, file.token(index - 1)?.isWord("let", "var") != true {
                continue
            }
            let isSet =
                type.isWord("Set", "Dictionary")
                && !members(after: index + 2, in: file).names.contains("sorted")
            if isSet || isDictionary(index + 2, file) {
                names.insert(file.tokens[index].text)
            }
        }
        return names
    }

    /// Brackets with a colon directly inside: a type, or a literal that is the whole value.
    private func isDictionary(_ index: Int, _ file: SourceFile) -> Bool {
        guard file.tokens[index].isSymbol("[") else { return false }
        let end = file.closing(index)
        if file.token(index - 1)?.isSymbol(":") == true {
            // After a colon only a type declares something; a literal is somebody's argument.
            guard file.token(index + 1)?.text.first?.isUppercase == true else { return false }
        } else if file.token(end + 1)?.isSymbol(".") == true {
            return false
        }
        var depth = 0
        for token in file.tokens[index...end] {
            if token.isSymbol("(", "[", "{") { depth += 1 }
            if token.isSymbol(")", "]", "}") { depth -= 1 }
            if depth == 1, token.isSymbol(":") { return true }
        }
        return false
    }

    /// The members that follow a name, `a.b(…).c`, and where the chain ends.
    private func members(after start: Int, in file: SourceFile) -> (names: [String], end: Int) {
        var names: [String] = []
        var index = start + 1
        while let token = file.token(index) {
            if token.isSymbol(".", "?") {
                if token.text == ".", let member = file.token(index + 1) {
                    names.append(member.text)
                }
                index += token.text == "." ? 2 : 1
            } else if token.isSymbol("(", "[") && token.isAdjacent {
                // A subscript takes one element out; what follows is about that element.
                if token.text == "[", names.isEmpty { return ([], index) }
                index = file.closing(index) + 1
            } else if token.isSymbol("{"), !names.isEmpty, isClosure(index, file) {
                index = file.closing(index) + 1
            } else {
                break
            }
        }
        return (names, index)
    }

    /// A brace after a member is a closure, unless it opens the body of a loop or a condition.
    private func isClosure(_ index: Int, _ file: SourceFile) -> Bool {
        let line = file.tokens[index].line
        let sameLine = file.tokens[..<index].reversed().prefix { $0.line == line }
        return !sameLine.contains { $0.isWord("for", "if", "guard", "while", "switch") }
    }

    private func isLoopOver(_ index: Int, _ end: Int, _ file: SourceFile) -> Bool {
        var before = index - 1
        while file.token(before)?.isSymbol(".") == true
            || file.token(before)?.isWord("self") == true
        {
            before -= 1
        }
        guard file.token(before)?.isWord("in") == true else { return false }
        // A closure's "in" is followed by statements, a loop's by its body.
        return file.token(end)?.isSymbol("{") == true || file.token(end)?.isWord("where") == true
    }
}
