/// A JSON text as a tree. Members keep their order and numbers their text.
///
/// The tree holds no positions: an error names the path of the value, and `JSONPath.location`
/// finds the line and column in the text when somebody has to be told.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    package static func parse(
        _ bytes: [UInt8], limits: JSONLimits = .standard, dialect: JSONDialect = .strict
    ) throws(JSONError) -> JSONValue {
        var scanner = try JSONScanner(bytes, limits: limits, dialect: dialect)
        let value = try scanner.readValue()
        try scanner.finish()
        return value
    }

    /// The member of an object with this key.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The shortest text of this value; the same value always gives the same bytes.
    package var canonicalBytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.finish()
    }

    package var kind: JSONKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }
}

package struct JSONMember: Equatable, Sendable {
    package let key: String
    package let value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONScanner {
    /// The next value as a tree. A key that occurs twice in one object is refused: which of the
    /// two was meant is not for us to guess. Keys are compared as Swift compares strings, so that
    /// two spellings of one accented letter are one key too. The depth limit bounds recursion.
    package mutating func readValue() throws(JSONError) -> JSONValue {
        switch try peekKind() {
        case .null:
            try readNull()
            return .null
        case .bool: return .bool(try readBool())
        case .number: return .number(try readNumber())
        case .string: return .string(try readString())
        case .array:
            var elements: [JSONValue] = []
            try beginArray()
            while try nextElement() { elements.append(try readValue()) }
            return .array(elements)
        case .object: return .object(try readMembers())
        }
    }

    private mutating func readMembers() throws(JSONError) -> [JSONMember] {
        var members: [JSONMember] = []
        var seen: Set<String> = []
        try beginObject()
        while let text = try nextKey() {
            let key = string(of: text)
            guard seen.insert(key).inserted else {
                throw error(.duplicateKey(key), at: text.range.lowerBound - 1)
            }
            members.append(JSONMember(key, try readValue()))
        }
        return members
    }
}
