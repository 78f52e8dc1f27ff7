// Swift taken into words, strings and comments, so that no rule is fooled by a sentence in a
// comment or by code in a string. It reads whatever compiles; what does not, it reads somehow.

package struct SwiftLexer {
    var bytes: [UInt8]
    var position = 0
    var line = 1
    var interpolationDepth = 0
    private(set) var tokens: [Token] = []
    private(set) var comments: [Comment] = []
    private var endOfLastToken = -1

    package static func lex(_ text: String) -> (tokens: [Token], comments: [Comment]) {
        var lexer = SwiftLexer(bytes: Array(text.utf8))
        while !lexer.isAtEnd { lexer.readOne() }
        return (lexer.tokens, lexer.comments)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    func byte(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    func isAt(_ text: StaticString) -> Bool {
        bytes[position...].starts(with: "\(text)".utf8)
    }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where !isAtEnd {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    /// A space, a comment, a string with all that stands in it, or one other token.
    mutating func readOne() {
        guard let first = byte() else { return }
        if first <= 0x20 {
            advance()
        } else if isAt("//") {
            readLineComment()
        } else if isAt("/*") {
            readBlockComment()
        } else if let hashes = hashesBeforeQuote() {
            readString(hashes: hashes)
        } else if first == UInt8(ascii: "`") {
            readQuotedWord()
        } else if isWordByte(first) {
            readRun(isDigit(first) ? .number : .word)
        } else {
            readSymbol()
        }
    }

    private mutating func readLineComment() {
        let start = position
        let startLine = line
        while let next = byte(), next != UInt8(ascii: "\n") { advance() }
        addComment(from: start, line: startLine)
    }

    private mutating func readBlockComment() {
        let start = position
        let startLine = line
        var depth = 0
        repeat {
            if isAt("/*") {
                depth += 1
                advance(2)
            } else if isAt("*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && !isAtEnd
        addComment(from: start, line: startLine)
    }

    private mutating func addComment(from start: Int, line startLine: Int) {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        comments.append(Comment(line: startLine, lastLine: line, text: text))
    }

    private mutating func readQuotedWord() {
        let start = position
        advance()
        while let next = byte(), next != UInt8(ascii: "`"), next != UInt8(ascii: "\n") { advance() }
        advance()
        let inner = bytes[(start + 1)..<max(start + 1, position - 1)]
        add(.quotedWord, String(decoding: inner, as: UTF8.self), from: start)
    }

    private mutating func readRun(_ kind: Token.Kind) {
        let start = position
        // After a dot stands a member of a tuple, which has no fraction.
        let mayHaveFraction =
            kind == .number && !(tokens.last?.text == "." && start == endOfLastToken)
        while let next = byte() {
            let isFraction = next == UInt8(ascii: ".") && byte(1).map(isDigit) == true
            guard isWordByte(next) || (mayHaveFraction && isFraction) else { break }
            advance()
        }
        add(kind, String(decoding: bytes[start..<position], as: UTF8.self), from: start)
    }

    private mutating func readSymbol() {
        let start = position
        if isOperatorByte(bytes[position]) {
            while let next = byte(), isOperatorByte(next), !isAt("//"), !isAt("/*") { advance() }
        } else if isAt("..") {
            while byte() == UInt8(ascii: ".") || byte() == UInt8(ascii: "<") { advance() }
        } else {
            advance()
        }
        add(.symbol, String(decoding: bytes[start..<position], as: UTF8.self), from: start)
    }

    mutating func add(_ kind: Token.Kind, _ text: String, from start: Int, line: Int? = nil) {
        tokens.append(
            Token(
                kind: kind, text: text, line: line ?? self.line,
                isAdjacent: start == endOfLastToken, interpolationDepth: interpolationDepth))
        endOfLastToken = position
    }

    /// A string's own token stands before those of its interpolations; its text comes last.
    mutating func setText(_ text: String, ofTokenAt index: Int) {
        let old = tokens[index]
        tokens[index] = Token(
            kind: old.kind, text: text, line: old.line, isAdjacent: old.isAdjacent,
            interpolationDepth: old.interpolationDepth)
        endOfLastToken = position
    }

    private func isOperatorByte(_ byte: UInt8) -> Bool {
        "/=-+!*%<>&|^~?".utf8.contains(byte)
    }

    /// Letters outside ASCII count as parts of words.
    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: isDigit(byte)
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
