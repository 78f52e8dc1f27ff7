// String literals: plain, multi-line and raw, with interpolations that are code again.

extension SwiftLexer {
    /// The number of `#` before a quote that starts here, or nil when no string starts here.
    func hashesBeforeQuote() -> Int? {
        var count = 0
        while byte(count) == UInt8(ascii: "#") { count += 1 }
        return byte(count) == UInt8(ascii: "\"") ? count : nil
    }

    mutating func readString(hashes: Int) {
        let start = position
        let index = tokens.count
        add(.text, "", from: start)
        advance(hashes)
        let isMultiline = isAt("\"\"\"")
        advance(isMultiline ? 3 : 1)
        var content: [UInt8] = []
        while let next = byte() {
            if isClosing(hashes: hashes, isMultiline: isMultiline) {
                advance((isMultiline ? 3 : 1) + hashes)
                break
            }
            if next == UInt8(ascii: "\n"), !isMultiline { break }
            if isEscape(hashes: hashes) {
                readEscape(hashes: hashes)
            } else {
                content.append(next)
                advance()
            }
        }
        setText(String(decoding: content, as: UTF8.self), ofTokenAt: index)
    }

    private func isClosing(hashes: Int, isMultiline: Bool) -> Bool {
        let quotes = isMultiline ? 3 : 1
        for offset in 0..<quotes where byte(offset) != UInt8(ascii: "\"") { return false }
        return areHashes(hashes, from: quotes)
    }

    private func isEscape(hashes: Int) -> Bool {
        byte() == UInt8(ascii: "\\") && areHashes(hashes, from: 1)
    }

    private func areHashes(_ count: Int, from offset: Int) -> Bool {
        (0..<count).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") }
    }

    private mutating func readEscape(hashes: Int) {
        advance(1 + hashes)
        guard byte() == UInt8(ascii: "(") else { return advance() }
        interpolationDepth += 1
        var depth = 0
        repeat {
            if byte() == UInt8(ascii: "(") { depth += 1 }
            if byte() == UInt8(ascii: ")") { depth -= 1 }
            readOne()
        } while depth > 0 && !isAtEnd
        interpolationDepth -= 1
    }
}
