/// One word of Swift, as far as house rules need to know it.
package struct Token: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Names and keywords alike.
        case word
        /// A name in backticks; its text has none.
        case quotedWord
        case number
        /// A string literal; its text is what stands between the interpolations.
        case text
        /// A bracket, a comma, or a run of operator characters.
        case symbol
    }

    package let kind: Kind
    package let text: String
    package let line: Int
    /// No space before it.
    package let isAdjacent: Bool
    /// In how many string interpolations it stands.
    package let interpolationDepth: Int

    package func isWord(_ words: String...) -> Bool { kind == .word && words.contains(text) }
    package func isSymbol(_ symbols: String...) -> Bool {
        kind == .symbol && symbols.contains(text)
    }
}

/// A comment with its marks; a block comment counts where it begins.
package struct Comment: Hashable, Sendable {
    package let line: Int
    package let lastLine: Int
    package let text: String
}
