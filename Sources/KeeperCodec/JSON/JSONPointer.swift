/// A place in a JSON document as a person writes it down: RFC 6901, such as `/data/0/price`.
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    private let tokens: [String]

    /// Nil for what is no pointer: one is empty or begins with `/`, and a `~` in it is `~0` or
    /// `~1`.
    package init?(_ text: String) {
        guard text.isEmpty || text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 512 else {
            return nil
        }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.text = text
        self.tokens = tokens
    }

    package var description: String { text }

    /// What stands at that place. Where nothing does, the error names the first step that fails.
    package func value(in root: JSONReader) throws(JSONReadError) -> JSONReader {
        var reader = root
        for token in tokens { reader = try Self.step(token, in: reader) }
        return reader
    }

    private static func step(
        _ token: String, in reader: JSONReader
    ) throws(JSONReadError) -> JSONReader {
        switch reader.value {
        case .object:
            let path = reader.path.key(token)
            guard let value = reader.value[token] else { throw JSONReadError(.missing, at: path) }
            return JSONReader(value, path: path)
        case .array(let elements):
            guard let index = index(token) else {
                throw reader.refused("an object with the key \"\(token)\"")
            }
            let path = reader.path.index(index)
            guard index < elements.count else { throw JSONReadError(.missing, at: path) }
            return JSONReader(elements[index], path: path)
        default:
            throw reader.refused("an object or an array, because the pointer goes on")
        }
    }

    /// Digits without a zero in front. At the RFC's `-`, behind the last, there is nothing to read.
    private static func index(_ token: String) -> Int? {
        let digits = token.utf8
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.count == 1 || digits.first != 0x30
        else { return nil }
        return Int(token)
    }

    private static func unescaped(_ part: Substring) -> String? {
        var token = ""
        var rest = part.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "~" else {
                token.unicodeScalars.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "0": token += "~"
            case "1": token += "/"
            default: return nil
            }
        }
        return token
    }
}
