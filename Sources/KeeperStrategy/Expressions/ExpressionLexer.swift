import KeeperCodec

/// A word of an expression and the column, from 1, at which it starts.
struct ExpressionToken: Hashable {
    enum Kind: Hashable {
        case number(DecimalLiteral)
        case word(String)
        case symbol(String)
        case end
    }
    let kind: Kind
    let column: Int

    var text: String {
        switch kind {
        case .number: "a number"
        case .word(let word): "“\(word)”"
        case .symbol(let symbol): "“\(symbol)”"
        case .end: "the end"
        }
    }
}

/// Splits a condition into tokens. Bounded by the text's own length, which is capped.
struct ExpressionLexer {
    private let bytes: [UInt8]
    private var position = 0

    static let lengthMax = 2_000

    static func tokens(of text: String) throws(ExpressionError) -> [ExpressionToken] {
        guard text.utf8.count <= lengthMax else {
            throw ExpressionError(column: 1, problem: "longer than \(lengthMax) characters")
        }
        var lexer = ExpressionLexer(bytes: Array(text.utf8))
        var tokens: [ExpressionToken] = []
        while let token = try lexer.next() {
            tokens.append(token)
        }
        tokens.append(ExpressionToken(kind: .end, column: lexer.bytes.count + 1))
        return tokens
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func next() throws(ExpressionError) -> ExpressionToken? {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") {
            position += 1
        }
        guard position < bytes.count else { return nil }
        let column = position + 1
        let byte = bytes[position]
        if isDigit(byte) { return ExpressionToken(kind: .number(try number()), column: column) }
        if isLetter(byte) { return ExpressionToken(kind: .word(word()), column: column) }
        if byte == UInt8(ascii: "%") {
            position += 1
            return ExpressionToken(kind: .word("%"), column: column)
        }
        return ExpressionToken(kind: .symbol(try symbol()), column: column)
    }

    private mutating func number() throws(ExpressionError) -> DecimalLiteral {
        let start = position
        guard let literal = DecimalLiteral(bytes, &position) else {
            throw ExpressionError(
                column: start + 1, problem: "not a number that can be held exactly")
        }
        return literal
    }

    private mutating func word() -> String {
        let start = position
        while position < bytes.count, isLetter(bytes[position]) || isDigit(bytes[position]) {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func symbol() throws(ExpressionError) -> String {
        let two = String(decoding: bytes[position..<min(position + 2, bytes.count)], as: UTF8.self)
        if ["&&", "||", "<=", ">=", "==", "!="].contains(two) {
            position += 2
            return two
        }
        let one = String(decoding: bytes[position...position], as: UTF8.self)
        guard ["<", ">", "!", "(", ")", "+", "-", "*"].contains(one) else {
            throw ExpressionError(
                column: position + 1,
                problem: "“\(one)” has no meaning here; operators are && || ! < <= > >= == != + - *"
            )
        }
        position += 1
        return one
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

/// What is wrong with a condition, and where.
package struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1, within the condition.
    package let column: Int
    package let problem: String

    package var description: String { "column \(column): \(problem)" }
}
