/// The compiler's proofs stay on; the few places that go without one are counted.
struct UncheckedRule: FileRule {
    func complaints(about file: SourceFile) -> [Complaint] {
        eachToken(of: file) { index, token in
            guard let name = uncheckedName(file, index, token) else { return nil }
            return file.complaint(
                .unchecked, line: token.line, "\(name) takes the compiler's word away",
                "own the value in one place; at most three exceptions exist in the house")
        }
    }

    private func uncheckedName(_ file: SourceFile, _ index: Int, _ token: Token) -> String? {
        if token.isWord("unchecked"), file.token(index - 1)?.isSymbol("@") == true {
            return "@unchecked"
        }
        if token.isWord("nonisolated"), file.token(index + 2)?.isWord("unsafe") == true {
            return "nonisolated(unsafe)"
        }
        if token.isWord("unowned", "unsafeFlags") { return token.text }
        return nil
    }
}
