/// A type is named for what it is. The words here say nothing and attract everything.
struct NamingRule: FileRule {
    private static let emptyWords = [
        "Manager", "Helper", "Helpers", "Utils", "Util", "Service", "Handler", "Base", "Common",
    ]

    func complaints(about file: SourceFile) -> [Complaint] {
        eachToken(of: file) { index, token in
            guard token.isWord("struct", "class", "enum", "protocol", "actor", "typealias"),
                let name = file.token(index + 1), name.kind == .word,
                let word = Self.emptyWords.first(where: { name.text.hasSuffix($0) })
            else { return nil }
            return file.complaint(
                .typeName, line: name.line, "\(name.text) ends in \(word)",
                "name the type for what it is or does")
        }
    }
}
