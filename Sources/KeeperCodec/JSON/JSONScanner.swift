/// A pull scanner over one JSON text: the caller asks for what it expects, in document order, and
/// nothing is built that it did not ask for.
///
///     try scanner.beginObject()
///     while let key = try scanner.nextKey() {
///         if scanner.text(key, equals: "height") { height = try scanner.readUInt64() }
///         else { try scanner.skipValue() }
///     }
///     try scanner.finish()
///
/// Everything is checked that RFC 8259 demands, in skipped parts too. Keys that occur twice are
/// seen twice by the caller of `nextKey`; `JSONValue.parse` refuses them. Asking for members of an
/// array, or ending early, is a bug in the caller and stops the program.
package struct JSONScanner {
    package let bytes: [UInt8]
    package let limits: JSONLimits
    package let dialect: JSONDialect
    /// The next byte to be read.
    package internal(set) var offset = 0
    private var open = OpenContainers()

    package init(
        _ bytes: [UInt8], limits: JSONLimits = .standard, dialect: JSONDialect = .strict
    ) throws(JSONError) {
        self.bytes = bytes
        self.limits = limits
        self.dialect = dialect
        guard bytes.count <= limits.byteCountMax else {
            throw error(.tooLarge(byteCountMax: limits.byteCountMax), at: limits.byteCountMax)
        }
        if dialect == .withComments && bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    package var depth: Int { open.count }

    @inline(never)
    package func error(_ problem: JSONError.Problem, at offset: Int) -> JSONError {
        JSONError(problem, at: offset, in: bytes)
    }

    // MARK: Containers

    package mutating func beginObject() throws(JSONError) {
        try expect(UInt8(ascii: "{"), "an object")
        try push(isObject: true)
    }

    package mutating func beginArray() throws(JSONError) {
        try expect(UInt8(ascii: "["), "an array")
        try push(isObject: false)
    }

    /// The key of the next member, or nil behind the object's last one.
    package mutating func nextKey() throws(JSONError) -> JSONText? {
        precondition(open.isInObject, "nextKey belongs inside an object")
        if let key = plainKey(isFirst: open.isAtStart) {
            open.isAtStart = false
            return key
        }
        guard try advance(to: UInt8(ascii: "}"), isFirst: open.isAtStart) else { return nil }
        open.isAtStart = false
        let key = try scanText(expected: "a key in quotes")
        try expect(UInt8(ascii: ":"), "':'")
        return key
    }

    /// Whether the array has one more element, which is then next to be read.
    package mutating func nextElement() throws(JSONError) -> Bool {
        precondition(open.isInArray, "nextElement belongs inside an array")
        if !open.isAtStart, isPlainComma {
            offset += 1
            return true
        }
        guard try advance(to: UInt8(ascii: "]"), isFirst: open.isAtStart) else { return false }
        open.isAtStart = false
        return true
    }

    /// Nothing but white space may follow the value.
    package mutating func finish() throws(JSONError) {
        precondition(open.isEmpty, "every container is read to its end")
        try skipSpace()
        if offset < bytes.count {
            throw error(.unexpected(bytes[offset], expected: "the end of the text"), at: offset)
        }
    }

    // MARK: Values

    /// What the next value is by its first byte; the value itself is not checked yet.
    package mutating func peekKind() throws(JSONError) -> JSONKind {
        let byte = try nextByte(expected: "a value")
        guard let kind = JSONKind(firstByte: byte) else {
            throw error(.unexpected(byte, expected: "a value"), at: offset)
        }
        return kind
    }

    package mutating func readBool() throws(JSONError) -> Bool {
        let byte = try nextByte(expected: "true or false")
        if byte == UInt8(ascii: "t") {
            try expectWord("true")
            return true
        }
        guard byte == UInt8(ascii: "f") else {
            throw error(.wrongValue(expected: "true or false"), at: offset)
        }
        try expectWord("false")
        return false
    }

    package mutating func readNull() throws(JSONError) {
        guard try peekKind() == .null else {
            throw error(.wrongValue(expected: "null"), at: offset)
        }
        try expectWord("null")
    }

    /// Takes a null if there is one, and leaves anything else to the next call.
    package mutating func readNullIfPresent() throws(JSONError) -> Bool {
        guard try peekKind() == .null else { return false }
        try expectWord("null")
        return true
    }

    /// Passes over one value of any kind, checking it. Recursion is bounded by the depth limit.
    package mutating func skipValue() throws(JSONError) {
        switch try peekKind() {
        case .null: try expectWord("null")
        case .bool: _ = try readBool()
        case .number: _ = try scanNumber()
        case .string: _ = try scanText(expected: "a string")
        case .array:
            try beginArray()
            while try nextElement() { try skipValue() }
        case .object:
            try beginObject()
            while try nextKey() != nil { try skipValue() }
        }
    }

    // MARK: Below the grammar

    /// Whether a comma is next and the beginning of a value right behind it.
    private var isPlainComma: Bool {
        guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: ",") else { return false }
        return JSONKind(firstByte: bytes[offset + 1]) != nil
    }

    private mutating func push(isObject: Bool) throws(JSONError) {
        guard open.count < limits.depthMax else {
            throw error(.tooDeep(depthMax: limits.depthMax), at: offset - 1)
        }
        open.push(isObject: isObject)
    }

    /// Passes the comma between members, or closes the container and says false.
    private mutating func advance(to close: UInt8, isFirst: Bool) throws(JSONError) -> Bool {
        var byte = try nextByte(expected: "',' or '\(Character(Unicode.Scalar(close)))'")
        if byte != close && !isFirst {
            try expect(UInt8(ascii: ","), "',' or '\(Character(Unicode.Scalar(close)))'")
            byte = try nextByte(expected: "a value")
            guard byte == close && dialect == .withComments else { return true }
        }
        guard byte == close else { return true }
        offset += 1
        open.pop()
        return false
    }

    /// The first byte behind white space, which is not passed.
    mutating func nextByte(expected: @autoclosure () -> String) throws(JSONError) -> UInt8 {
        // What machines write has no space, and nothing above it but a slash begins a comment.
        if offset < bytes.count, bytes[offset] > 0x20, bytes[offset] != UInt8(ascii: "/") {
            return bytes[offset]
        }
        try skipSpace()
        guard offset < bytes.count else {
            throw error(.endOfText(expected: expected()), at: offset)
        }
        return bytes[offset]
    }

    private mutating func expect(
        _ byte: UInt8, _ expected: @autoclosure () -> String
    ) throws(JSONError) {
        let found = try nextByte(expected: expected())
        guard found == byte else {
            throw error(.unexpected(found, expected: expected()), at: offset)
        }
        offset += 1
    }

    private mutating func expectWord(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < bytes.count else {
                throw error(.endOfText(expected: "\(word)"), at: offset)
            }
            guard unsafe bytes[offset] == word.utf8Start[index] else {
                throw error(.unexpected(bytes[offset], expected: "\(word)"), at: offset)
            }
            offset += 1
        }
    }

    private mutating func skipSpace() throws(JSONError) {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            case UInt8(ascii: "/") where dialect == .withComments: try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(JSONError) {
        let start = offset
        let second = start + 1 < bytes.count ? bytes[start + 1] : 0
        if second == UInt8(ascii: "/") {
            while offset < bytes.count && bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
            return
        }
        guard second == UInt8(ascii: "*") else {
            throw error(.unexpected(bytes[start], expected: "a value or a comment"), at: start)
        }
        offset += 2
        while offset + 1 < bytes.count {
            if bytes[offset] == UInt8(ascii: "*") && bytes[offset + 1] == UInt8(ascii: "/") {
                offset += 2
                return
            }
            offset += 1
        }
        throw error(.unterminatedComment, at: start)
    }
}

/// The containers that were begun and not ended: a bit each, set for an object.
private struct OpenContainers {
    private(set) var count = 0
    /// Whether nothing was read of the innermost one.
    var isAtStart = false
    private(set) var isInObject = false
    private var isObject = InlineArray<8, UInt64>(repeating: 0)

    var isEmpty: Bool { count == 0 }
    var isInArray: Bool { count > 0 && !isInObject }

    /// The limit on depth keeps the bits within the words.
    @inline(__always)
    mutating func push(isObject new: Bool) {
        let bit = UInt64(1) << UInt64(count & 63)
        let word = isObject[count >> 6]
        isObject[count >> 6] = new ? word | bit : word & ~bit
        count += 1
        isInObject = new
        isAtStart = true
    }

    /// Whatever held the one that ends has it as a member, so nobody is at a start then.
    @inline(__always)
    mutating func pop() {
        count -= 1
        isAtStart = false
        let last = count - 1
        isInObject = last >= 0 && isObject[last >> 6] >> UInt64(last & 63) & 1 == 1
    }
}

/// The six kinds of JSON value.
package enum JSONKind: Sendable, Equatable {
    case null, bool, number, string, array, object

    init?(firstByte: UInt8) {
        switch firstByte {
        case UInt8(ascii: "{"): self = .object
        case UInt8(ascii: "["): self = .array
        case UInt8(ascii: "\""): self = .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .bool
        case UInt8(ascii: "n"): self = .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
        default: return nil
        }
    }
}
