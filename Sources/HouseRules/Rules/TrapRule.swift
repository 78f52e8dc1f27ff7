/// Nothing stops the program without a sentence, and no error disappears without one.
struct TrapRule: FileRule {
    func complaints(about file: SourceFile) -> [Complaint] {
        eachToken(of: file) { index, token in
            forceUnwrap(file, index, token) ?? bareTrap(file, index, token)
                ?? silentError(file, index, token)
        }
    }

    private func forceUnwrap(_ file: SourceFile, _ index: Int, _ token: Token) -> Complaint? {
        guard token.isSymbol("!", "!."), token.isAdjacent, let before = file.token(index - 1) else {
            return nil
        }
        let follows =
            before.kind != .symbol || before.isSymbol(")", "]", "}", "?") || before.isSymbol(">")
        guard follows else { return nil }
        return file.complaint(
            .forceUnwrap, line: token.line, "\(before.text)! traps without a word",
            "use guard let with a reason, or #require in a test")
    }

    private func bareTrap(_ file: SourceFile, _ index: Int, _ token: Token) -> Complaint? {
        guard token.isWord("fatalError", "preconditionFailure", "abort"), file.isFree(index),
            file.token(index + 1)?.isSymbol("(") == true,
            file.token(index + 2)?.isSymbol(")") == true
        else { return nil }
        return file.complaint(
            .bareTrap, line: token.line, "\(token.text)() says nothing",
            "state the invariant: preconditionFailure(\"…\")")
    }

    private func silentError(_ file: SourceFile, _ index: Int, _ token: Token) -> Complaint? {
        if token.isWord("try"), file.token(index + 1)?.isSymbol("?") == true,
            !isExplained(from: conditionLine(index, file) ?? token.line, to: token.line, file)
        {
            return file.complaint(
                .silentError, line: token.line, "try? drops an error",
                "handle it, or say in a comment why losing it is right")
        }
        guard token.isWord("catch") else { return nil }
        var place = index + 1
        while let next = file.token(place), !next.isSymbol("{") { place += 1 }
        guard file.token(place + 1)?.isSymbol("}") == true else { return nil }
        return file.complaint(
            .silentError, line: token.line, "an empty catch drops an error",
            "handle it, or let it through")
    }

    private func isExplained(from first: Int, to last: Int, _ file: SourceFile) -> Bool {
        // Two lines of room, for a statement that begins on the line between.
        file.comments.contains { $0.line <= last && $0.lastLine >= first - 2 }
    }

    /// Where the guard or the if begins whose condition holds this token: one comment above it
    /// speaks for all of its parts.
    private func conditionLine(_ index: Int, _ file: SourceFile) -> Int? {
        let before = file.tokens[..<index].reversed()
        let edge = before.first { $0.isWord("guard", "if", "else") || $0.isSymbol("{", "}") }
        guard let edge, edge.isWord("guard", "if") else { return nil }
        return edge.line
    }
}
