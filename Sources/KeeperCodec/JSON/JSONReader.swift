package import KeeperModel
package import WideMath

/// Strict, typed reading of a parsed value. Nothing is converted that was not meant: a number in
/// quotes is no number, 1 is not true, and every error names the path.
package struct JSONReader {
    package let value: JSONValue
    package let path: JSONPath

    package init(_ value: JSONValue, path: JSONPath = .root) {
        self.value = value
        self.path = path
    }

    // MARK: Plain values

    package var isNull: Bool { value == .null }

    /// A string without U+0000, which no text that we read may contain.
    package var string: String {
        get throws(JSONReadError) {
            guard case .string(let text) = value else { throw wrongKind("a string") }
            guard !text.utf8.contains(0) else { throw refused("a string without U+0000") }
            return text
        }
    }

    /// Any text at all: for fields that only people read, such as evidence and reasons.
    package var freeText: String {
        get throws(JSONReadError) {
            guard case .string(let text) = value else { throw wrongKind("a string") }
            return text
        }
    }

    package var bool: Bool {
        get throws(JSONReadError) {
            guard case .bool(let flag) = value else { throw wrongKind("true or false") }
            return flag
        }
    }

    package var number: JSONNumber {
        get throws(JSONReadError) {
            guard case .number(let number) = value else { throw wrongKind("a number") }
            return number
        }
    }

    package var int64: Int64 {
        get throws(JSONReadError) { try integer(as: Int64.self) }
    }

    package var uint64: UInt64 {
        get throws(JSONReadError) { try integer(as: UInt64.self) }
    }

    /// An amount: an integer in quotes, so that no reader between turns it into floating point.
    package var uint256: UInt256 {
        get throws(JSONReadError) { try quotedInteger(as: UInt256.self) }
    }

    package var int256: Int256 {
        get throws(JSONReadError) { try quotedInteger(as: Int256.self) }
    }

    /// A bare integer that fits the type.
    package func integer<Value: DecimalValue>(as type: Value.Type) throws(JSONReadError) -> Value {
        guard case .number(let number) = value else { throw wrongKind(Value.decimalName) }
        guard let integer = number.integer(as: type) else { throw refused(Value.decimalName) }
        return integer
    }

    package func integer<Value: DecimalValue & Comparable>(
        in range: ClosedRange<Value>
    ) throws(JSONReadError) -> Value {
        let integer = try integer(as: Value.self)
        guard range.contains(integer) else {
            throw refused("an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    package func quotedInteger<Value: DecimalValue>(
        as type: Value.Type
    ) throws(JSONReadError) -> Value {
        let expected = Value.decimalName + " in quotes"
        guard case .string(let text) = value else { throw wrongKind(expected) }
        let bytes = Array(text.utf8)
        guard let integer = Decimal.integer(bytes, 0..<bytes.count, as: type) else {
            throw refused(expected)
        }
        return integer
    }

    /// A bare decimal number times 10^scale, exactly.
    package func decimal<Value: DecimalValue>(
        scale: Int, as type: Value.Type
    ) throws(JSONReadError) -> Value {
        guard case .number(let number) = value else { throw wrongKind("a decimal number") }
        guard let scaled = number.decimal(scale: scale, as: type) else {
            throw refused("a decimal number with at most \(scale) places")
        }
        return scaled
    }

    /// The same in quotes.
    package func quotedDecimal<Value: DecimalValue>(
        scale: Int, as type: Value.Type
    ) throws(JSONReadError) -> Value {
        let expected = "a decimal number with at most \(scale) places in quotes"
        guard case .string(let text) = value else { throw wrongKind(expected) }
        let bytes = Array(text.utf8)
        guard let scaled = Decimal.scaled(bytes, 0..<bytes.count, scale: scale, as: type) else {
            throw refused(expected)
        }
        return scaled
    }

    // MARK: Names and choices

    package func identifier<ID: TextIdentifier>(as type: ID.Type) throws(JSONReadError) -> ID {
        let expected = "1 to 64 of A-Z a-z 0-9 . _ -"
        guard case .string(let text) = value else { throw wrongKind(expected) }
        guard let identifier = ID(checking: text) else { throw refused(expected) }
        return identifier
    }

    /// One of a closed list of words.
    package func choice<Choice>(
        _ choices: KeyValuePairs<String, Choice>
    ) throws(JSONReadError) -> Choice {
        let expected = "one of " + choices.map { "\"\($0.key)\"" }.joined(separator: ", ")
        guard case .string(let text) = value else { throw wrongKind(expected) }
        guard let choice = choices.first(where: { $0.key == text }) else { throw refused(expected) }
        return choice.value
    }

    /// Bytes in hexadecimal behind `0x`.
    package func bytes(count: Int? = nil) throws(JSONReadError) -> [UInt8] {
        let expected = count.map { "\($0) bytes in hex behind 0x" } ?? "bytes in hex behind 0x"
        guard case .string(let text) = value else { throw wrongKind(expected) }
        do {
            return try Hex.decode(text, prefix: .required, byteCount: count)
        } catch {
            throw refused(expected)
        }
    }

    // MARK: Containers

    package func object() throws(JSONReadError) -> ObjectReader {
        guard case .object(let members) = value else { throw wrongKind("an object") }
        return ObjectReader(members, path: path)
    }

    package func array(countMax: Int = .max) throws(JSONReadError) -> [JSONReader] {
        guard case .array(let elements) = value else { throw wrongKind("an array") }
        guard elements.count <= countMax else {
            throw JSONReadError(.tooMany(countMax: countMax), at: path)
        }
        return elements.enumerated().map { JSONReader($1, path: path.index($0)) }
    }

    package func array<Element>(
        countMax: Int = .max, of read: (JSONReader) throws(JSONReadError) -> Element
    ) throws(JSONReadError) -> [Element] {
        var elements: [Element] = []
        for reader in try array(countMax: countMax) { elements.append(try read(reader)) }
        return elements
    }

    // MARK: Refusing

    /// For callers whose own check fails: the same error, with the same path.
    package func refused(_ expected: String) -> JSONReadError {
        JSONReadError(.refused(expected: expected, found: value.shown), at: path)
    }

    private func wrongKind(_ expected: String) -> JSONReadError {
        JSONReadError(.wrongKind(expected: expected, found: value.shown), at: path)
    }
}
