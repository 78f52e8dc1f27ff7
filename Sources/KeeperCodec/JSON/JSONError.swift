/// Where in a text something is. Lines and columns count from 1; a column is one Unicode scalar,
/// which is what editors show.
package struct TextLocation: Equatable, Sendable, CustomStringConvertible {
    package let offset: Int
    package let line: Int
    package let column: Int

    package init(offset: Int, in bytes: [UInt8]) {
        self.offset = offset
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column)" }
}

/// Why a text is not the JSON it should be, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        case tooLarge(byteCountMax: Int)
        case tooDeep(depthMax: Int)
        case endOfText(expected: String)
        case unexpected(UInt8, expected: String)
        case malformedNumber
        case malformedEscape
        case loneSurrogate
        case controlCharacter(UInt8)
        case malformedUTF8
        case unterminatedComment
        case duplicateKey(String)
        /// Well-formed, and not the kind of value that the reader came for.
        case wrongValue(expected: String)
        /// A number that the wanted type cannot hold exactly.
        case notRepresentable(as: String)
    }

    package let problem: Problem
    package let location: TextLocation

    package init(_ problem: Problem, at offset: Int, in bytes: [UInt8]) {
        self.problem = problem
        self.location = TextLocation(offset: offset, in: bytes)
    }

    package var description: String { "\(location): \(problem)" }
}

extension JSONError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let byteCountMax): "longer than \(byteCountMax) bytes"
        case .tooDeep(let depthMax): "nested deeper than \(depthMax) levels"
        case .endOfText(let expected): "the text ends where \(expected) is expected"
        case .unexpected(let byte, let expected):
            "expected \(expected), found \(Self.name(of: byte))"
        case .malformedNumber: "malformed number"
        case .malformedEscape: "malformed escape in a string"
        case .loneSurrogate: "half of a surrogate pair in a string"
        case .controlCharacter(let byte): "unescaped \(Self.name(of: byte)) in a string"
        case .malformedUTF8: "malformed UTF-8"
        case .unterminatedComment: "a comment that does not end"
        case .duplicateKey(let key): "the key \"\(key)\" for the second time"
        case .wrongValue(let expected): "expected \(expected)"
        case .notRepresentable(let type): "not exactly representable as \(type)"
        }
    }

    private static func name(of byte: UInt8) -> String {
        if (0x21...0x7E).contains(byte) {
            return "'\(Character(Unicode.Scalar(byte)))'"
        }
        return "byte 0x" + Hex.encode([byte])
    }
}
