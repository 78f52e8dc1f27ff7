/// One house rule, looking at one Swift file.
protocol FileRule: Sendable {
    func complaints(about file: SourceFile) -> [Complaint]
}

extension FileRule {
    /// What the same question about each token in turn says.
    func eachToken(of file: SourceFile, _ ask: (Int, Token) -> Complaint?) -> [Complaint] {
        file.tokens.indices.compactMap { ask($0, file.tokens[$0]) }
    }
}
